import { describe, expect, it } from "vitest";
import { failureOf } from "../testing/open-parts.ts";
import { forbidden, missing, openCanned, openEmulator } from "./testing/pulumi-world.ts";

const audit = { kind: "policyGroup", id: "default-policy-group", name: "default-policy-group" };
const groupsPath = "/api/orgs/acme/policygroups";
const read = `GET ${groupsPath}/default-policy-group`;
const patch = `PATCH ${groupsPath}/default-policy-group`;
const group = (mode: string, agentPoolId?: string) => ({
  body: { name: "default-policy-group", mode, agentPoolId },
});

describe("policy groups of Pulumi Cloud", () => {
  it("use a pool and give it back", async () => {
    const { assignments, poolId, bodies } = await openEmulator();
    const id = poolId();
    const before = { ...audit, poolId: undefined };
    expect(await assignments.find(audit)).toEqual(before);
    expect(await assignments.assign(before, id)).toEqual({ accessGranted: false });
    expect(await assignments.find(audit)).toEqual({ ...audit, poolId: id });
    await assignments.release({ ...audit, poolId: id }, "inherit");
    expect(await assignments.find(audit)).toEqual(before);
    expect(bodies("UpdatePolicyGroup")).toEqual([{ agentPoolId: id }, { agentPoolId: "" }]);
  });

  it("that show an empty pool use none", async () => {
    const { assignments } = await openCanned({ [read]: group("audit", "") });
    expect(await assignments.find(audit)).toEqual({ ...audit, poolId: undefined });
  });

  it("that are preventative take no pool, but can be released", async () => {
    const { assignments, api } = await openCanned({
      [read]: group("preventative", "p0"),
      [patch]: { status: 204 },
    });
    expect(await assignments.find(audit)).toEqual({ ...audit, poolId: "p0" });
    expect((await failureOf(assignments.assign({ ...audit, poolId: "p0" }, "p1"))).message).toBe(
      "Pulumi Cloud: could not assign agent pool p1 to policy group default-policy-group: the group is preventative: its policies run in the command line and use no agent pool. Name an audit policy group.",
    );
    expect(api.bodies(patch)).toEqual([]);
    await assignments.release({ ...audit, poolId: "p0" }, "inherit");
    expect(api.bodies(patch)).toEqual([{ agentPoolId: "" }]);
  });

  it("that are missing are not assigned, and released where the list is visible", async () => {
    const { assignments, poolId } = await openEmulator();
    const other = { kind: "policyGroup", id: "other", name: "other", poolId: undefined };
    expect((await failureOf(assignments.assign(other, poolId()))).status).toBe(404);
    await expect(assignments.release(other, "inherit")).resolves.toBeUndefined();
    await expect(assignments.confirmGone(other)).resolves.toBeUndefined();
    const hidden = await openCanned({ "*": missing });
    expect((await failureOf(hidden.assignments.confirmGone(other))).status).toBe(404);
  });

  it("are looked for now before they count as gone", async () => {
    const { assignments, api } = await openCanned({
      [`GET ${groupsPath}`]: { body: { policyGroups: [] } },
    });
    await assignments.list("policyGroup");
    await assignments.confirmGone(audit);
    expect(api.routes()).toEqual([`GET ${groupsPath}`, read, `GET ${groupsPath}`]);
  });

  it("are listed where they audit, once for all readers", async () => {
    const policyGroups = [
      { name: "a", mode: "audit" },
      { name: "b", mode: "preventative" },
    ];
    const { assignments, api } = await openCanned({ [`GET ${groupsPath}`]: { body: { policyGroups } } });
    const expected = [{ kind: "policyGroup", id: "a", name: "a" }];
    expect(await assignments.list("policyGroup")).toEqual(expected);
    expect(await assignments.list("policyGroup")).toEqual(expected);
    expect(api.requests).toHaveLength(1);
    await assignments.list("policyGroup", {}, { fresh: true });
    expect(api.requests).toHaveLength(2);
  });

  it.each([
    ["the list", {}, "policyGroups"],
    ["a mode", { policyGroups: [{ name: "a" }] }, "mode"],
  ])("never take an answer without %s", async (_what, body, words) => {
    const { assignments } = await openCanned({ [`GET ${groupsPath}`]: { body } });
    expect((await failureOf(assignments.list("policyGroup"))).message).toContain(words);
  });

  it.each([
    ["read policy group default-policy-group", {}, "find"],
    ["assign agent pool p1 to policy group default-policy-group", { [read]: group("audit") }, "assign"],
    ["take the agent pool from policy group default-policy-group", {}, "release"],
    ["list the policy groups of organization acme", {}, "list"],
  ])("that are refused are named: %s", async (operation, answers, call) => {
    const { assignments } = await openCanned({ ...answers, "*": forbidden });
    const calls: Record<string, () => Promise<unknown>> = {
      find: () => assignments.find(audit),
      assign: () => assignments.assign({ ...audit, poolId: undefined }, "p1"),
      release: () => assignments.release({ ...audit, poolId: "p1" }, "inherit"),
      list: () => assignments.list("policyGroup"),
    };
    expect(await failureOf(calls[call]?.() as Promise<unknown>)).toMatchObject({ operation, status: 403 });
  });
});
