import { describe, expect, it } from "vitest";
import { failureOf } from "../testing/open-parts.ts";
import { forbidden, missing, openCanned, openEmulator } from "./testing/pulumi-world.ts";

const aws = { kind: "insightsAccount", id: "aws-production", name: "aws-production" };
const accountsPath = "/api/preview/insights/acme/accounts";
const read = `GET ${accountsPath}/aws-production`;
const patch = `PATCH ${accountsPath}/aws-production`;
const account = (agentPoolID?: string, providerEnvRef = "insights/aws") => ({
  body: { name: "aws-production", agentPoolID, providerEnvRef },
});
const refused = { status: 400, body: { code: 400, message: "environment is required" } };
const notInPlan = { status: 402, body: { code: 402, message: "Insights requires Enterprise" } };

describe("Insights accounts of Pulumi Cloud", () => {
  it("use a pool and give it back, and keep their environment", async () => {
    const { assignments, poolId, state } = await openEmulator();
    const id = poolId();
    const before = { ...aws, poolId: undefined };
    expect(await assignments.find(aws)).toEqual(before);
    expect(await assignments.assign(before, id)).toEqual({ accessGranted: false });
    expect(await assignments.find(aws)).toEqual({ ...aws, poolId: id });
    await assignments.release({ ...aws, poolId: id }, "inherit");
    expect(await assignments.find(aws)).toEqual(before);
    expect(state().insightsAccounts[0]?.environment).toBe("insights/aws-production");
  });

  it("are sent their pool and nothing else", async () => {
    const { assignments, api } = await openCanned({
      [read]: [account(), account("p1"), account("p1"), account("")],
      [patch]: { status: 204 },
    });
    await assignments.assign({ ...aws, poolId: undefined }, "p1");
    await assignments.release({ ...aws, poolId: "p1" }, "inherit");
    expect(api.bodies(patch)).toEqual([{ agentPoolID: "p1" }, { agentPoolID: "" }]);
    expect(api.routes()).toEqual([read, patch, read, read, patch, read]);
  });

  it("are sent the environment as it is now where the service insists, from then on at once", async () => {
    const { assignments, api } = await openCanned({
      [read]: [
        account(undefined, "before"),
        account(undefined, "meanwhile"),
        account("p1", "meanwhile"),
        account("p1", "later"),
        account("p1", "latest"),
        account(undefined, "latest"),
      ],
      [patch]: [refused, { status: 204 }],
    });
    await assignments.assign({ ...aws, poolId: undefined }, "p1");
    await assignments.release({ ...aws, poolId: "p1" }, "inherit");
    expect(api.bodies(patch)).toEqual([
      { agentPoolID: "p1" },
      { agentPoolID: "p1", environment: "meanwhile" },
      { agentPoolID: "", environment: "latest" },
    ]);
  });

  it("are sent an empty environment where they lost theirs and the service insists", async () => {
    const { assignments, api } = await openCanned({
      [read]: [account(), missing, account("p1")],
      [patch]: [refused, { status: 204 }],
    });
    await assignments.assign({ ...aws, poolId: undefined }, "p1");
    expect(api.bodies(patch).at(-1)).toEqual({ agentPoolID: "p1", environment: "" });
  });

  it("are not tried again with an environment where the pool is what the service refuses", async () => {
    const { assignments, api } = await openCanned({ [read]: account(), [patch]: refused });
    const failure = await failureOf(assignments.assign({ ...aws, poolId: undefined }, "p1"));
    expect(failure.message).toContain("environment is required");
    expect(api.bodies(patch)).toHaveLength(2);
    await failureOf(assignments.assign({ ...aws, poolId: undefined }, "p1"));
    expect(api.bodies(patch).at(2)).toEqual({ agentPoolID: "p1" });
  });

  it.each([
    ["without an environment of its own", { ...account(), body: { name: "aws-production" } }, refused],
    ["by another status", account(), forbidden],
  ])("are tried once where a change is refused %s", async (_why, answer, refusal) => {
    const { assignments, api } = await openCanned({ [read]: answer, [patch]: refusal });
    await failureOf(assignments.assign({ ...aws, poolId: undefined }, "p1"));
    expect(api.bodies(patch)).toHaveLength(1);
  });

  it("get an environment back that a change has cleared", async () => {
    const { assignments, api } = await openCanned({
      [read]: [account(), account("p1", ""), account("p1")],
      [patch]: { status: 204 },
    });
    await assignments.assign({ ...aws, poolId: undefined }, "p1");
    expect(api.bodies(patch)).toEqual([
      { agentPoolID: "p1" },
      { agentPoolID: "p1", environment: "insights/aws" },
    ]);
    expect(api.routes()).toEqual([read, patch, read, patch, read]);
  });

  it("that never had an environment are not given one", async () => {
    const bare = { body: { name: "aws-production", agentPoolID: "p1" } };
    const { assignments, api } = await openCanned({ [read]: bare, [patch]: { status: 204 } });
    await assignments.assign({ ...aws, poolId: undefined }, "p1");
    expect(api.bodies(patch)).toEqual([{ agentPoolID: "p1" }]);
  });

  it("that keep their pool all the same are an error", async () => {
    const { assignments } = await openCanned({ [read]: account("p1"), [patch]: { status: 204 } });
    const advice = "Somebody else may have changed it at the same time: run again, or set it in the console.";
    const kept = await failureOf(assignments.release({ ...aws, poolId: "p1" }, "inherit"));
    expect(kept.message).toBe(
      `Pulumi Cloud: could not take the agent pool from Insights account aws-production: the service took the change, but the account uses agent pool p1 now. ${advice}`,
    );
    const { assignments: others } = await openCanned({ [read]: account(), [patch]: { status: 204 } });
    const ignored = await failureOf(others.assign({ ...aws, poolId: undefined }, "p2"));
    expect(ignored.message).toBe(
      `Pulumi Cloud: could not assign agent pool p2 to Insights account aws-production: the service took the change, but the account uses no agent pool now. ${advice}`,
    );
  });

  it("that are missing are not assigned", async () => {
    const { assignments, api } = await openCanned({ "*": missing });
    const failure = await failureOf(assignments.assign({ ...aws, poolId: undefined }, "p1"));
    expect(failure.vendorMessage).toBe(
      "there is no insights account aws-production in organization acme, or the token may not see it",
    );
    expect(api.routes()).toEqual([read]);
  });

  it("that go away while they are changed are not assigned", async () => {
    const { assignments } = await openCanned({ [read]: [account(), missing], [patch]: { status: 204 } });
    const failure = await failureOf(assignments.assign({ ...aws, poolId: undefined }, "p1"));
    expect(failure.status).toBe(404);
  });

  it("are listed over all pages, large ones", async () => {
    const { assignments, api } = await openCanned({
      [`GET ${accountsPath}`]: [
        { body: { accounts: [{ name: "a" }], nextToken: "second" } },
        { body: { accounts: [{ name: "b" }] } },
      ],
    });
    expect(await assignments.list("insightsAccount")).toEqual([
      { kind: "insightsAccount", id: "a", name: "a" },
      { kind: "insightsAccount", id: "b", name: "b" },
    ]);
    expect(api.requests.map(({ query }) => query)).toEqual([
      { count: "1000" },
      { count: "1000", continuationToken: "second" },
    ]);
    await assignments.list("insightsAccount");
    expect(api.requests).toHaveLength(2);
    await assignments.list("insightsAccount", {}, { fresh: true });
    expect(api.requests).toHaveLength(3);
  });

  it("are none where the plan does not include them, or the service leaves the list out", async () => {
    const { assignments } = await openCanned({ [`GET ${accountsPath}`]: notInPlan });
    expect(await assignments.list("insightsAccount")).toEqual([]);
    const empty = await openCanned({ [`GET ${accountsPath}`]: { body: {} } });
    expect(await empty.assignments.list("insightsAccount")).toEqual([]);
  });

  it("are gone for those only that see them all", async () => {
    const answers = (userRole: string, accountCount: number) => ({
      "GET /api/orgs/acme/metadata": { body: { userRole, stackCount: 0, accountCount } },
      [`GET ${accountsPath}`]: { body: { accounts: [{ name: "a" }] } },
    });
    const admin = await openCanned(answers("admin", 2));
    await expect(admin.assignments.confirmGone(aws)).resolves.toBeUndefined();
    const member = await openCanned(answers("member", 1));
    await expect(member.assignments.confirmGone(aws)).resolves.toBeUndefined();
    const { assignments } = await openCanned(answers("member", 2));
    expect((await failureOf(assignments.confirmGone(aws))).message).toContain(
      "could not find out whether the token may see all Insights accounts of organization acme: it sees 1 of 2",
    );
    const lapsed = await openCanned({ ...answers("member", 1), [`GET ${accountsPath}`]: notInPlan });
    expect((await failureOf(lapsed.assignments.confirmGone(aws))).status).toBe(402);
  });

  it("are counted now before they count as gone", async () => {
    const { assignments, api } = await openCanned({
      "GET /api/orgs/acme/metadata": { body: { userRole: "member", stackCount: 0, accountCount: 0 } },
      [`GET ${accountsPath}`]: { body: { accounts: [] } },
    });
    await assignments.list("insightsAccount");
    await assignments.confirmGone(aws);
    expect(api.routes().filter((route) => route === `GET ${accountsPath}`)).toHaveLength(2);
  });

  it.each([{ tag: "team" }, { project: "network" }])("cannot be selected by %j", async (filter) => {
    const { assignments, api } = await openCanned({ [`GET ${accountsPath}`]: { body: { accounts: [] } } });
    expect((await failureOf(assignments.list("insightsAccount", filter))).message).toBe(
      "Pulumi Cloud: could not list the targets of kind insights account: they cannot be selected by tag or project. Select them by name.",
    );
    expect(api.requests).toEqual([]);
  });

  it.each([
    ["read Insights account aws-production", {}, "find"],
    ["assign agent pool p1 to Insights account aws-production", { [read]: account() }, "assign"],
    ["take the agent pool from Insights account aws-production", { [read]: account() }, "release"],
    ["list the Insights accounts of organization acme", {}, "list"],
  ])("that are refused are named: %s", async (operation, answers, call) => {
    const { assignments } = await openCanned({ ...answers, "*": forbidden });
    const calls: Record<string, () => Promise<unknown>> = {
      find: () => assignments.find(aws),
      assign: () => assignments.assign({ ...aws, poolId: undefined }, "p1"),
      release: () => assignments.release({ ...aws, poolId: "p1" }, "inherit"),
      list: () => assignments.list("insightsAccount"),
    };
    expect(await failureOf(calls[call]?.() as Promise<unknown>)).toMatchObject({ operation, status: 403 });
  });
});
