import { describe, expect, onTestFinished, test } from "vitest";
import { documents, startCannedService } from "./testing/canned-service.ts";
import { openPlane, openTestWorld } from "./testing/plane.ts";

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

describe("a tag with a value", () => {
  const probe = /^filter\[tagged]\[0]\[key]=runner-pools-[0-9a-f-]{36}&filter\[tagged]\[0]\[value]=none&/;

  test("selects nothing from a service that ignores the filter and lists every workspace", async () => {
    const everything = { body: { data: [documents.workspace("ws-1", "app")] } };
    const service = await startCannedService({ "GET /organizations/acme/workspaces": everything });
    onTestFinished(service.stop);
    const { assignments } = openPlane(service.url);
    for (const tag of ["runner=private", "runner=other"]) {
      await expect(assignments.list("workspace", { tag })).rejects.toThrow(
        "could not select workspaces by a tag with a value: the service ignores the filter filter[tagged]: it lists workspaces for a tag that none of them has. This installation is older than tags with values.",
      );
    }
    // What the filter would have selected is not even asked for.
    expect(service.asked.map(({ query }) => decodeURIComponent(`${query}`))).toEqual(
      Array(2).fill(expect.stringMatching(probe)),
    );
    expect(await assignments.list("workspace", { tag: "runner" })).toHaveLength(1);
  });

  test("is tried out once in a deployment, with a key that is another one each time", async () => {
    const { emulator, requests, workspace } = await openTestWorld();
    onTestFinished(() => emulator.stop());
    emulator.admin.hcpTerraform.setWorkspaceTags({
      organization: "acme",
      workspace: "app-prod",
      tagBindings: { runner: "private" },
    });
    const { assignments } = openPlane(emulator.url);
    const select = (tag: string) => assignments.list("workspace", { tag });
    await Promise.all([select("runner=private"), select("runner=other")]);
    expect(await select("runner=private")).toMatchObject([{ id: workspace("app-prod").id }]);
    await openPlane(emulator.url).assignments.list("workspace", { tag: "runner=private" });
    const probes = requests("listWorkspaces")
      .map(({ query }) => decodeURIComponent(query))
      .filter((query) => probe.test(query));
    expect(new Set(probes).size).toBe(2);
    expect(probes).toHaveLength(2);
    expect(requests("listWorkspaces")).toHaveLength(6);
  });

  test("is tried out again after a look that failed", async () => {
    const { emulator } = await openTestWorld();
    onTestFinished(() => emulator.stop());
    const { assignments } = openPlane(emulator.url);
    emulator.admin.addFault({ operation: "listWorkspaces", kind: "status", status: 403, times: 1 });
    await expect(assignments.list("workspace", { tag: "a=b" })).rejects.toThrow("HTTP 403");
    expect(await assignments.list("workspace", { tag: "a=b" })).toEqual([]);
  });
});
