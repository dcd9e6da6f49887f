import { describe, expect, it } from "vitest";
import { failureOf } from "../testing/open-parts.ts";
import { pulumiCloud } from "./descriptor.ts";
import { forbidden, missing, openCanned, openEmulator } from "./testing/pulumi-world.ts";

const prod = { kind: "stack", id: "network/prod", name: "network/prod" };
const settingsRoute = "/api/stacks/acme/network/prod/deployments/settings";
const metadata = (userRole: string, stackCount: number) => ({
  body: { userRole, stackCount, accountCount: 0 },
});
const stack = (projectName: string, stackName: string, orgName = "acme") => ({
  orgName,
  projectName,
  stackName,
});

describe("stacks of Pulumi Cloud", () => {
  it.each(["network/prod", "acme/network/prod"])("have one identity, also as %s", async (name) => {
    const { assignments } = await openEmulator();
    expect(await assignments.find({ kind: "stack", name })).toEqual({ ...prod, poolId: undefined });
  });

  it("use a pool by one key of their settings, which is removed again", async () => {
    const { assignments, poolId, bodies, state } = await openEmulator();
    const id = poolId();
    const before = { ...prod, poolId: undefined };
    expect(await assignments.assign(before, id)).toEqual({ accessGranted: false });
    expect(await assignments.find(prod)).toEqual({ ...prod, poolId: id });
    await assignments.release({ ...prod, poolId: id }, "inherit");
    expect(await assignments.find(prod)).toEqual(before);
    expect(bodies("PatchDeploymentSettings")).toEqual([{ agentPoolID: id }, { agentPoolID: null }]);
    expect(state().stacks.find(({ name }) => name === "prod")?.settings).not.toHaveProperty("agentPoolID");
  });

  it("that have settings with an empty pool use none", async () => {
    const { assignments } = await openCanned({ [`GET ${settingsRoute}`]: { body: { agentPoolID: "" } } });
    expect(await assignments.find(prod)).toEqual({ ...prod, poolId: undefined });
  });

  it("are not found where there is neither stack nor settings", async () => {
    const { assignments, operations } = await openEmulator();
    expect(await assignments.find({ kind: "stack", name: "network/other" })).toBeUndefined();
    expect(operations()).toEqual(["GetDeploymentSettings", "GetStack"]);
  });

  it.each([
    "other/network/prod",
    "network",
    "a/b/c/d",
    "network/",
    "../prod",
    "network/..",
    "./prod",
    "a b/c",
    "*/c",
  ])("are not asked for by %s", async (name) => {
    const { assignments, api } = await openCanned({ "*": { body: {} } });
    expect((await failureOf(assignments.find({ kind: "stack", name }))).message).toBe(
      `Pulumi Cloud: could not find stack ${name}: it is no stack of organization acme. Name it as project/stack or organization/project/stack.`,
    );
    expect(api.requests).toEqual([]);
  });

  it("are written again where an answer was lost", async () => {
    const { assignments, poolId, admin } = await openEmulator();
    const id = poolId();
    admin.addFault({ operation: "PatchDeploymentSettings", kind: "drop-after", times: 1 });
    await assignments.assign({ ...prod, poolId: undefined }, id);
    expect(await assignments.find(prod)).toEqual({ ...prod, poolId: id });
  });

  it("that are missing cannot be assigned", async () => {
    const { assignments, poolId } = await openEmulator();
    const id = poolId();
    const target = { kind: "stack", id: "network/other", name: "network/other", poolId: undefined };
    const failure = await failureOf(assignments.assign(target, id));
    expect(failure.status).toBe(404);
    expect(failure.message).toBe(
      `Pulumi Cloud: could not assign agent pool ${id} to stack network/other: HTTP 404: there is no stack network/other in organization acme, or the token may not see it. Check its name; a stack must exist before a pool can be assigned to it.`,
    );
  });

  it("that are gone are released, where the token sees every stack", async () => {
    const { assignments, bodies } = await openEmulator();
    const target = { kind: "stack", id: "network/other", name: "network/other", poolId: "p1" };
    await assignments.release(target, "inherit");
    expect(bodies("PatchDeploymentSettings")).toEqual([{ agentPoolID: null }]);
  });

  it("that are hidden count as neither released nor gone", async () => {
    const answers = {
      "GET /api/orgs/acme/metadata": metadata("member", 3),
      "GET /api/user/stacks": { body: { stacks: [stack("a", "b"), stack("c", "d")] } },
    };
    const world = await openCanned(answers);
    const message =
      "Pulumi Cloud: could not find out whether the token may see all stacks of organization acme: it sees 2 of 3, so one that it does not find may exist all the same. Use a token of an administrator, or of a role that may see them.";
    const released = world.assignments.release({ ...prod, poolId: "p1" }, "inherit");
    expect((await failureOf(released)).message).toBe(message);
    expect((await failureOf(world.assignments.confirmGone(prod))).message).toBe(message);
  });

  it.each([
    ["an administrator", metadata("admin", 3)],
    ["somebody who sees them all", metadata("member", 2)],
  ])("are gone where %s does not find them", async (_who, answer) => {
    const { assignments } = await openCanned({
      "GET /api/orgs/acme/metadata": answer,
      "GET /api/user/stacks": { body: { stacks: [stack("a", "b"), stack("c", "d")] } },
    });
    await expect(assignments.confirmGone(prod)).resolves.toBeUndefined();
  });

  it("are not gone for a member that may see others only", async () => {
    const { assignments, another, admin } = await openEmulator();
    const value = `pul-${"cd".repeat(20)}`;
    const organizations = ["acme"];
    admin.addCredential({ plane: "pulumi-cloud", value, kind: "member", login: "bob", organizations });
    admin.pulumiCloud.setStackAccess({ organization: "acme", login: "bob", stacks: ["app/dev"] });
    const member = another(value).assignments;
    expect(await member.find(prod)).toBeUndefined();
    expect((await failureOf(member.confirmGone(prod))).message).toContain("it sees 1 of 4");
    admin.pulumiCloud.deleteStack({ organization: "acme", stack: "network/prod" });
    await expect(assignments.confirmGone(prod)).resolves.toBeUndefined();
  });

  it("are counted now before they count as gone", async () => {
    const { assignments } = await openCanned({
      "GET /api/orgs/acme/metadata": metadata("member", 2),
      "GET /api/user/stacks": [
        { body: { stacks: [stack("a", "b"), stack("c", "d")] } },
        { body: { stacks: [stack("a", "b")] } },
      ],
    });
    await assignments.list("stack");
    expect((await failureOf(assignments.confirmGone(prod))).message).toContain("it sees 1 of 2");
  });

  it("are not gone while they are there, or the organization is hidden", async () => {
    const { assignments } = await openEmulator();
    expect((await failureOf(assignments.confirmGone(prod))).message).toBe(
      "Pulumi Cloud: could not confirm that stack network/prod is gone: it is there. Run again.",
    );
    const hidden = await openCanned({ "*": missing });
    expect((await failureOf(hidden.assignments.confirmGone(prod))).status).toBe(404);
  });

  it("are not sent to hosted runners", async () => {
    const { assignments, api } = await openCanned({ "*": { body: {} } });
    const failure = await failureOf(assignments.release({ ...prod, poolId: "p1" }, "hosted"));
    expect(failure.message).toBe(
      'Pulumi Cloud: could not send stack network/prod to hosted runners: the API cannot say so: without a pool of its own it uses the organization\'s default. Set onDestroy: "inherit".',
    );
    expect(api.requests).toEqual([]);
  });

  it("inherit the organization's default, which is read now where that is asked", async () => {
    const { assignments, poolId, admin } = await openEmulator();
    expect(await assignments.inheritedPool(prod, { fresh: true })).toBeUndefined();
    const id = poolId();
    admin.pulumiCloud.setDefaultAgentPool({ organization: "acme", agentPoolId: id });
    expect(await assignments.inheritedPool(prod)).toBeUndefined();
    expect(await assignments.inheritedPool(prod, { fresh: true })).toBe(id);
  });

  it("of other kinds are a mistake of ours", async () => {
    const { assignments } = await openCanned({});
    await expect(assignments.find({ kind: "workspace", name: "x" })).rejects.toThrow(
      "Pulumi Cloud has no target of the kind workspace.",
    );
  });

  it.each([
    ["read the deployment settings of stack acme/network/prod", {}, "find"],
    [
      "read the deployment settings of stack acme/network/prod",
      { [`GET ${settingsRoute}`]: missing },
      "find",
    ],
    ["assign agent pool p1 to stack acme/network/prod", {}, "assign"],
    ["take the agent pool from stack acme/network/prod", {}, "release"],
    ["list the stacks of organization acme", {}, "list"],
  ])("that are refused are named: %s", async (operation, answers, call) => {
    const { assignments } = await openCanned({ ...answers, "*": forbidden });
    const calls: Record<string, () => Promise<unknown>> = {
      find: () => assignments.find(prod),
      assign: () => assignments.assign({ ...prod, poolId: undefined }, "p1"),
      release: () => assignments.release({ ...prod, poolId: "p1" }, "inherit"),
      list: () => assignments.list("stack"),
    };
    const failure = await failureOf(calls[call]?.() as Promise<unknown>);
    expect(failure).toMatchObject({ operation, status: 403 });
  });
});

describe("lists of stacks of Pulumi Cloud", () => {
  it("follow all pages, large ones, and keep to the organization", async () => {
    const { assignments, api } = await openCanned({
      "GET /api/user/stacks": [
        { body: { stacks: [stack("a", "b"), stack("x", "y", "other")], continuationToken: "second" } },
        { body: { stacks: [stack("c", "d")], continuationToken: "third" } },
        { body: { stacks: [], continuationToken: "" } },
      ],
    });
    expect(await assignments.list("stack")).toEqual([
      { kind: "stack", id: "a/b", name: "a/b" },
      { kind: "stack", id: "c/d", name: "c/d" },
    ]);
    expect(api.requests.map(({ query }) => query)).toEqual([
      { organization: "acme", maxResults: "1000" },
      { organization: "acme", maxResults: "1000", continuationToken: "second" },
      { organization: "acme", maxResults: "1000", continuationToken: "third" },
    ]);
  });

  it.each([
    ["itself", ["again", "again"]],
    ["an earlier one", ["one", "other", "one"]],
  ])("end where a page names %s as the next one", async (_, tokens) => {
    const pages = tokens.map((continuationToken) => ({ body: { stacks: [], continuationToken } }));
    const { assignments } = await openCanned({ "GET /api/user/stacks": pages });
    expect((await failureOf(assignments.list("stack"))).message).toBe(
      "Pulumi Cloud: could not list the stacks of organization acme: a page names an earlier one, or itself, as the next one, so the list has no end.",
    );
  });

  it("never take an answer without the list for an empty one", async () => {
    const { assignments } = await openCanned({ "GET /api/user/stacks": { body: {} } });
    expect((await failureOf(assignments.list("stack"))).message).toContain("stacks");
  });

  it("are shared, each filter for itself, until a fresh one is asked for", async () => {
    const { assignments, api } = await openCanned({ "GET /api/user/stacks": { body: { stacks: [] } } });
    await Promise.all([assignments.list("stack"), assignments.list("stack", {}), assignments.list("stack")]);
    expect(api.requests).toHaveLength(1);
    await assignments.list("stack", { project: "network" });
    await assignments.list("stack", { project: "app" });
    await assignments.list("stack", { project: "app" });
    expect(api.requests).toHaveLength(3);
    await assignments.list("stack", { project: "app" }, { fresh: true });
    expect(api.requests).toHaveLength(4);
  });

  it("are filtered by the service", async () => {
    const { assignments, api } = await openCanned({ "GET /api/user/stacks": { body: { stacks: [] } } });
    const common = { organization: "acme", maxResults: "1000" };
    await assignments.list("stack", { project: "network" });
    await assignments.list("stack", { tag: "team" });
    await assignments.list("stack", { tag: "team=a=b", project: "app" });
    expect(api.requests.map(({ query }) => query)).toEqual([
      { ...common, project: "network" },
      { ...common, tagName: "team" },
      { ...common, project: "app", tagName: "team", tagValue: "a=b" },
    ]);
  });

  it("select by tag and project", async () => {
    const { assignments, another, admin } = await openEmulator();
    expect(await assignments.list("stack", { project: "network" })).toEqual([
      { kind: "stack", id: "network/dev", name: "network/dev" },
      prod,
    ]);
    expect(await assignments.list("stack", { tag: "pulumi:project=app" })).toHaveLength(2);
    expect(await assignments.list("stack", { tag: "pulumi:project" })).toHaveLength(4);
    expect(await another().assignments.list("stack", { tag: "other" })).toEqual([]);
    expect(admin.journal({ operation: "ListUserStacks" })).toHaveLength(4);
  });

  it.each([
    [{ tag: "" }, "tag's name"],
    [{ tag: "=x" }, "tag's name"],
    [{ tag: "team=" }, "tag's value"],
    [{ project: "" }, "project"],
    [{ tag: " " }, "tag's name"],
    [{ tag: "team=\t" }, "tag's value"],
    [{ project: " " }, "project"],
  ])("are not read for the empty filter %j, which would select all", async (filter, what) => {
    const { assignments, api } = await openCanned({ "GET /api/user/stacks": { body: { stacks: [] } } });
    expect((await failureOf(assignments.list("stack", filter))).message).toBe(
      `Pulumi Cloud: could not list the stacks: the ${what} to select by is empty. Give the ${what}, or leave the filter out.`,
    );
    expect(api.requests).toEqual([]);
  });
});

describe("names of targets on Pulumi Cloud", () => {
  const { stack: stacks, insightsAccount, policyGroup } = pulumiCloud.targets;

  it.each(["network/prod", "acme/network/prod", "a.b/c-d_e", ".hidden/x..", "a/...", "a/.b"])(
    "of stacks may be %s",
    (name) => expect(stacks?.name.pattern.test(name)).toBe(true),
  );
  it.each([
    "",
    "prod",
    "/x",
    "x/",
    "a//b",
    "a b/c",
    "a/b ",
    "*/c",
    "a/b*",
    "a/b/c/d",
    "./x",
    "x/.",
    "../x",
    "x/..",
    "a/../b",
    "../a/b",
  ])("of stacks may not be %j", (name) => expect(stacks?.name.pattern.test(name)).toBe(false));

  it.each(["aws", "aws-production", "aws/us-east-1", "a.b", "...", ".a/..b"])(
    "of Insights accounts may be %s",
    (name) => expect(insightsAccount?.name.pattern.test(name)).toBe(true),
  );
  it.each(["", "/a", "a/", "a b", "a*", "*", ".", "..", "a/..", "./a", "a/./b", " a", "a "])(
    "of Insights accounts may not be %j",
    (name) => expect(insightsAccount?.name.pattern.test(name)).toBe(false),
  );

  it.each(["a", "ab", "audit", "default-policy-group", "all of them", "...", "..a"])(
    "of policy groups may be %s",
    (name) => expect(policyGroup?.name.pattern.test(name)).toBe(true),
  );
  it.each(["", ".", "..", " a", "a ", "a/b", "/", "a*", "*", "*a", "a*b", "a/"])(
    "of policy groups may not be %j",
    (name) => expect(policyGroup?.name.pattern.test(name)).toBe(false),
  );
});
