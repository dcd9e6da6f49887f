import { expect, onTestFinished, test } from "vitest";
import { documents, startCannedService } from "./testing/canned-service.ts";
import { openPlane } from "./testing/plane.ts";

test.each(["", " ", "\t", ",", " , ", "a,b", "a=b,c", "=", "=b", " =b"])(
  "the tag %j, which would be no filter to the service or several ones, is never sent",
  async (tag) => {
    const service = await startCannedService({
      "GET /organizations/acme/workspaces": { body: { data: [documents.workspace("ws-1", "app")] } },
    });
    onTestFinished(service.stop);
    await expect(openPlane(service.url).assignments.list("workspace", { tag })).rejects.toThrow(
      `could not list the workspaces of organization acme: "${tag}" is no tag to select by. Use name or name=value`,
    );
    expect(service.asked).toEqual([]);
  },
);
