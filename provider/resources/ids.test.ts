import { describe, expect, it } from "vitest";
import { makeId, parseId, requireId } from "./ids.ts";

describe("the id of a resource", () => {
  it("names the control plane, the organization and the parts, and is taken apart again", () => {
    const id = makeId({ kind: "env-zero", organization: "acme" }, "stack", "network", "prod");
    expect(id).toBe("env-zero/acme/stack/network/prod");
    expect(parseId(id)).toEqual({
      kind: "env-zero",
      organization: "acme",
      rest: ["stack", "network", "prod"],
    });
  });

  it.each([
    ["the vendor's own", "apool-123"],
    ["of an unknown control plane", "gitlab/acme/1"],
    ["without an organization", "pulumi-cloud//1"],
    ["without a part", "pulumi-cloud/acme"],
    ["with an empty part", "pulumi-cloud/acme/1/"],
    ["empty", ""],
  ])("is none of ours where it is %s", (_what, id) => {
    expect(parseId(id)).toBeUndefined();
  });

  it.each([
    ["pulumi-cloud/acme/1", "<poolId>", 1],
    ["hcp-terraform/acme/default-pool", "default-pool", 1],
    ["hcp-terraform/acme/assignments/1", "assignments/<poolId>", 2],
    ["pulumi-cloud/acme/stack/network/prod", "<kind of target>/<name>", undefined],
  ])("%s has the form %s", (id, form, parts) => {
    expect(requireId(id, form, parts)).toEqual(parseId(id));
  });

  it.each([
    ["apool-123", "<poolId>", 1],
    ["apool-123", "<kind of target>/<name>", undefined],
    ["pulumi-cloud/acme/1/2", "<poolId>", 1],
    ["pulumi-cloud/acme/1", "<poolId>/<tokenId>", 2],
    ["pulumi-cloud/acme/1", "default-pool", 1],
    ["pulumi-cloud/acme/tokens/1", "assignments/<poolId>", 2],
  ])("%s has not the form %s, and the message shows it", (id, form, parts) => {
    expect(() => requireId(id, form, parts)).toThrow(
      `"${id}" is not an id of this resource: expected <control plane>/<organization>/${form}, for example pulumi-cloud/acme/${form}; control planes are pulumi-cloud, env-zero, hcp-terraform.`,
    );
  });
});
