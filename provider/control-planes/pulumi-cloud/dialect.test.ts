import { describe, expect, it } from "vitest";
import { failureOf } from "../testing/open-parts.ts";
import { pulumiCloud } from "./descriptor.ts";
import { openCanned } from "./testing/pulumi-world.ts";

const poolsRoute = "/api/orgs/acme/agent-pools";

describe("requests to Pulumi Cloud", () => {
  it("carry the token, the version of the API and where they come from", async () => {
    const { pools, api } = await openCanned({
      [`POST ${poolsRoute}`]: { body: { id: "p1", tokenValue: "pul-11111111111111111111" } },
    });
    await pools.create({ name: "builders" });
    expect(api.requests[0]?.headers).toMatchObject({
      authorization: "token pul-00000000000000000000",
      accept: "application/vnd.pulumi+9",
      "x-pulumi-source": "provider",
      "content-type": "application/json",
    });
  });

  it("escape what names hold", async () => {
    const { pools, assignments, api } = await openCanned({});
    await pools.delete("a/b?c", { force: false });
    await assignments.find({ kind: "policyGroup", name: "all of them" });
    expect(api.routes()).toEqual([
      `DELETE ${poolsRoute}/a%2Fb%3Fc`,
      "GET /api/orgs/acme/policygroups/all%20of%20them",
    ]);
  });

  it("that make something are not repeated after 429: the work may be done", async () => {
    const { pools, api } = await openCanned({ "*": { status: 429, body: { code: 429, message: "slow" } } });
    expect((await failureOf(pools.create({ name: "builders" }))).ambiguous).toBe(true);
    expect(api.requests).toHaveLength(1);
  });

  it.each([
    [400, ""],
    [401, " The token is not valid here: check PULUMI_ACCESS_TOKEN (or run `pulumi login`) and the URL."],
    [402, " The organization's plan does not include this feature."],
    [404, " It does not exist, or the token may not see it: check the name and the organization."],
    [429, " The rate limit did not clear in time: run again, or lower --parallel."],
    [499, ""],
    [500, " Try again; if it stays, see the vendor's status page."],
    [503, " Try again; if it stays, see the vendor's status page."],
  ])("that end in %i say what to do", async (status, advice) => {
    const { pools } = await openCanned({ "*": { status, body: { code: status, message: "it failed" } } });
    expect((await failureOf(pools.list())).message).toBe(
      `Pulumi Cloud: could not list the agent pools of organization acme: HTTP ${status}: it failed.${advice}`,
    );
  });

  it.each(["x-pulumi-request-id", "x-request-id"])("that fail name their id, from %s", async (header) => {
    const { pools } = await openCanned({
      "*": { status: 400, body: { code: 400, message: "it failed" }, headers: { [header]: "r-1" } },
    });
    expect((await failureOf(pools.list())).requestId).toBe("r-1");
  });

  it("that are refused in detail show the details", async () => {
    const errors = [
      { resource: "AgentPool", attribute: "name", errorType: "invalid", customMessage: "is too long" },
      { resource: null, attribute: "description", errorType: "required" },
      {},
    ];
    const { pools } = await openCanned({
      "*": { status: 400, body: { code: 400, message: "[400]  Bad Request: no [401]", errors } },
    });
    expect((await failureOf(pools.list())).vendorMessage).toBe(
      "Bad Request: no [401]; AgentPool name invalid is too long; description required",
    );
  });

  it.each([
    ["no details", { message: "plain", errors: null }, "plain"],
    ["a number that is no status", { message: "in [400] it" }, "in [400] it"],
    ["another shape", { error: "x" }, 'application/json that starts with: {"error":"x"}'],
  ])("that are refused with %s show what there is", async (_what, body, message) => {
    const { pools } = await openCanned({ "*": { status: 400, body } });
    expect((await failureOf(pools.list())).vendorMessage).toBe(message);
  });

  it("take a token and no other credential", () => {
    const address = { organization: "acme", url: "http://localhost" };
    expect(() => pulumiCloud.open(address, { apiKey: "a", apiSecret: "b" }, {})).toThrow(
      new TypeError("Pulumi Cloud takes an access token."),
    );
  });
});

describe("the descriptor of Pulumi Cloud", () => {
  it("tells what the control plane can do", () => {
    expect(pulumiCloud).toMatchObject({ kind: "pulumi-cloud", displayName: "Pulumi Cloud" });
    expect(pulumiCloud.capabilities).toEqual({
      poolNoun: "agent pool",
      poolDescription: true,
      poolScope: false,
      logHosting: false,
      forceDestroy: true,
      defaultPool: "settable",
      organizationHasId: false,
      explicitHosted: false,
      agentOidc: true,
    });
    expect(Object.keys(pulumiCloud.parts)).toEqual([
      "pools",
      "assignments",
      "defaultPool",
      "agents",
      "demand",
    ]);
  });

  it("tells what a pool can be assigned to, and how that is named and selected", () => {
    const shown = Object.entries(pulumiCloud.targets).map(
      ([kind, { plural, description, name, filters }]) => [kind, plural, description, name.words, filters],
    );
    expect(shown).toEqual([
      [
        "stack",
        "stacks",
        "a stack, as `project/stack` or `organization/project/stack`.",
        "project/stack or organization/project/stack",
        ["tag", "project"],
      ],
      [
        "insightsAccount",
        "insightsAccounts",
        "an Insights account, by its name, for its scans.",
        "the name of an Insights account",
        [],
      ],
      [
        "policyGroup",
        "policyGroups",
        "an audit policy group, by its name, for its evaluations.",
        "the name of a policy group",
        [],
      ],
    ]);
  });
});
