import { describe, expect, it } from "vitest";
import { failureOf } from "../testing/open-parts.ts";
import { envZero } from "./descriptor.ts";
import { forbidden, openCanned, openEmulator } from "./testing/env-zero-world.ts";

const twins = [
  { id: "o1", name: "acme" },
  { id: "o2", name: "acme" },
  { id: "o3", name: "o1" },
];

describe("the organization on env zero", () => {
  it("has one id, by its name or its id, and is looked up once", async () => {
    const { acmeId: id, another, calls } = await openEmulator();
    for (const name of ["acme", id]) {
      const { organizationId, pools } = another(name);
      expect(await Promise.all([organizationId(), organizationId()])).toEqual([id, id]);
      await pools.list();
    }
    expect(calls("findOrganizations")).toBe(2);
  });

  it("is looked up again after a failure", async () => {
    const { organizationId, api } = await openCanned({
      "GET /organizations": [forbidden, { body: [{ id: "o1", name: "acme" }] }],
    });
    expect((await failureOf(Promise.resolve(organizationId()))).operation).toBe("list the organizations");
    expect(await organizationId()).toBe("o1");
    expect(api.requests).toHaveLength(2);
  });

  it("is meant by its id before the name of another", async () => {
    const { organizationId } = await openCanned({ "GET /organizations": { body: twins } }, "o1");
    expect(await organizationId()).toBe("o1");
  });

  it("is not guessed where several have the name", async () => {
    const { organizationId } = await openCanned({ "GET /organizations": { body: twins } });
    expect((await failureOf(Promise.resolve(organizationId()))).message).toBe(
      "env zero: could not find organization acme: several have that name: acme (o1), acme (o2). Give the organization's id.",
    );
  });

  it.each([
    ["these organizations: acme (o1), acme (o2), o1 (o3)", twins],
    ["no organization", []],
  ])("that is hidden is told apart: the API key sees %s", async (seen, body) => {
    const { organizationId } = await openCanned({ "GET /organizations": { body } }, "other");
    expect((await failureOf(Promise.resolve(organizationId()))).message).toBe(
      `env zero: could not find organization other: the API key sees ${seen}. Give the organization's name or id, and an API key that belongs to it.`,
    );
  });
});

describe("requests to env zero", () => {
  it("carry key and secret, and the organization", async () => {
    const { pools, api } = await openCanned({
      "GET /agents": { body: [] },
      "POST /agents": { body: { id: "p1", name: "builders" } },
    });
    await pools.list();
    await pools.create({ name: "builders" });
    const [, list, create] = api.requests;
    expect(list).toMatchObject({ route: "GET /agents", query: { organizationId: "o1" } });
    expect(create?.headers).toMatchObject({
      authorization: `Basic ${Buffer.from("key:open-sesame").toString("base64")}`,
      accept: "application/json",
      "content-type": "application/json",
    });
  });

  it("that make something are repeated after 429: the limiter stands before the work", async () => {
    const { tokens } = await openCanned({
      "POST /agents/p1/secrets": [
        { status: 429, body: { message: "slow" } },
        { body: { id: "s1", secret: "env0agent_s1_x" } },
      ],
    });
    expect(await tokens.create("p1", "first")).toMatchObject({ id: "s1" });
  });

  it.each([
    [400, ""],
    [
      401,
      " Check ENV0_API_KEY and ENV0_API_SECRET, and whether an IP allow list shuts this machine out; a new key can take an hour to work.",
    ],
    [402, " The organization's plan does not include self-hosted agents."],
    [404, " It does not exist, or the API key may not see it: check the id and the organization."],
    [429, " The rate limit of 1000 requests a minute did not clear in time: run again, or lower --parallel."],
    [499, ""],
    [500, " Try again; if it stays, see the vendor's status page."],
    [503, " Try again; if it stays, see the vendor's status page."],
  ])("that end in %i say what to do", async (status, advice) => {
    const { pools } = await openCanned({ "GET /agents": { status, body: { message: "it failed" } } });
    expect((await failureOf(pools.list())).message).toBe(
      `env zero: could not list the agent pools of organization acme: HTTP ${status}: it failed.${advice}`,
    );
  });

  it.each(["x-request-id", "x-amzn-requestid"])("that fail name their id, from %s", async (header) => {
    const answer = { status: 400, body: { message: "it failed" }, headers: { [header]: "r-1" } };
    const { pools } = await openCanned({ "GET /agents": answer });
    expect((await failureOf(pools.list())).requestId).toBe("r-1");
  });

  it.each([
    ["one message", { message: "one" }, "one"],
    ["several messages", { message: ["one", "two"] }, "one; two"],
    ["another shape", { error: "x" }, 'application/json that starts with: {"error":"x"}'],
  ])("that are refused with %s show it", async (_what, body, message) => {
    const { pools } = await openCanned({ "GET /agents": { status: 400, body } });
    expect((await failureOf(pools.list())).vendorMessage).toBe(message);
  });

  it("keep the secret out of errors", async () => {
    const { pools } = await openCanned({
      "GET /agents": { status: 400, body: { message: "bad: open-sesame" } },
    });
    expect((await failureOf(pools.list())).vendorMessage).toBe("bad: [secret]");
  });

  it("take a key and its secret, and no other credential", () => {
    const address = { organization: "acme", url: "http://localhost" };
    expect(() => envZero.open(address, { token: "x" }, {})).toThrow(
      new TypeError("env zero takes an API key and its secret."),
    );
  });
});

describe("the descriptor of env zero", () => {
  it("tells what the control plane can do", () => {
    expect(envZero).toMatchObject({ kind: "env-zero", displayName: "env zero" });
    expect(envZero.capabilities).toEqual({
      poolNoun: "agent pool",
      poolDescription: true,
      poolScope: false,
      logHosting: true,
      forceDestroy: false,
      tokenSlots: 2,
      defaultPool: "readable",
      organizationHasId: true,
      explicitHosted: false,
      agentOidc: false,
    });
    expect(Object.keys(envZero.parts)).toEqual([
      "pools",
      "tokens",
      "assignments",
      "defaultPool",
      "organizationId",
    ]);
    expect(envZero.targets.project).toMatchObject({
      plural: "projects",
      description: "a project, by its id or its name.",
      name: { words: "the id or the name of a project" },
      filters: [],
    });
  });
});
