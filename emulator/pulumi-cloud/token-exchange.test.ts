import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type OidcIssuer, startOidcIssuer } from "../../test/agent/oidc-issuer.ts";
import { clientOf, type Send, textAt } from "../../test/contract/emulator-client.ts";
import { type Emulator, startEmulator } from "../emulator.ts";

const parameters = {
  grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
  audience: "urn:pulumi:org:acme",
  subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
  requested_token_type: "urn:pulumi:token-type:access_token:runner",
};

let emulator: Emulator;
let issuer: OidcIssuer;
let send: Send;
let poolId: string;
beforeAll(async () => {
  [emulator, issuer] = await Promise.all([startEmulator(), startOidcIssuer()]);
  send = clientOf(emulator, "pulumi-cloud");
});
beforeEach(() => {
  emulator.admin.reset();
  poolId = emulator.admin.pulumiCloud.createAgentPool({ organization: "acme", name: "p" }).id;
});
afterAll(() => Promise.all([emulator.stop(), issuer.stop()]));

/** Registers the issuer, with policies for runners of the pool: what each decides, and for which claims. */
async function register(
  policies: [decision: "allow" | "deny", rules: Record<string, string>][],
  settings: object = {},
): Promise<void> {
  const body = { name: "cluster", url: issuer.url, thumbprints: [issuer.thumbprint], ...settings };
  const made = await send("POST", "/api/orgs/acme/oidc/issuers", body);
  const path = "/api/orgs/acme/auth/policies";
  const policy = await send("GET", `${path}/oidcissuers/${textAt(made.body, "id")}`);
  if (policies.length === 0) return;
  const base = { tokenType: "runner", runnerID: poolId, authorizedPermissions: [] };
  await send("PATCH", `${path}/${textAt(policy.body, "id")}`, {
    policies: policies.map(([decision, rules]) => ({ ...base, decision, rules })),
  });
}

function exchange(token: string, more: object = {}) {
  const body = { ...parameters, subject_token: token, scope: `runner:${poolId}`, ...more };
  return clientOf(emulator, "pulumi-cloud", "")("POST", "/api/oauth/token", body);
}

const claims = { sub: "system:serviceaccount:runners:agent", aud: ["urn:pulumi:org:acme"] };
const everybody: [decision: "allow", rules: Record<string, string>] = ["allow", { sub: "*" }];

test("an allowed token becomes a runner's, good for the pool's queue", async () => {
  await register([everybody]);
  const granted = await exchange(issuer.issue(claims));
  expect([granted.status, granted.body]).toEqual([
    200,
    {
      access_token: expect.stringMatching(/^pul-/),
      issued_token_type: parameters.requested_token_type,
      token_type: "token",
      expires_in: 7200,
      scope: `runner:${poolId}`,
    },
  ]);
  const runner = clientOf(emulator, "pulumi-cloud", `token ${textAt(granted.body, "access_token")}`);
  expect((await runner("GET", "/api/deployments/poll")).status).toBe(204);
  expect((await runner("GET", "/api/user")).status).toBe(401);
});

test("a form does as well as JSON, and the issuer caps the life of what it gets", async () => {
  await register([everybody], { maxExpiration: 600 });
  const token = issuer.issue(claims);
  const form = new URLSearchParams({
    ...parameters,
    subject_token: token,
    scope: `runner:${poolId}`,
    expiration: "3600",
  });
  const response = await fetch(`${emulator.url}/api/oauth/token`, { method: "POST", body: form });
  expect([response.status, await response.json()]).toMatchObject([200, { expires_in: 600 }]);
});

test("a runner's token ends when its time is over", async () => {
  await register([everybody]);
  const granted = await exchange(issuer.issue(claims), { expiration: 1 });
  const runner = clientOf(emulator, "pulumi-cloud", `token ${textAt(granted.body, "access_token")}`);
  expect((await runner("GET", "/api/deployments/poll")).status).toBe(204);
  await new Promise((resolve) => setTimeout(resolve, 1050));
  expect((await runner("GET", "/api/deployments/poll")).status).toBe(403);
});

describe("a policy", () => {
  const nested = { ...claims, "kubernetes.io": { namespace: "runners", pod: { name: "agent-1" } } };

  test.each([
    ["nothing is allowed without a rule", [], 400],
    ["patterns match claims", [["allow", { sub: "system:*:runners:agen?" }]], 200],
    ["every claim of a rule has to match", [["allow", { sub: "*", aud: "urn:pulumi:org:other" }]], 400],
    ["nested claims are reached by their path", [["allow", { '"kubernetes.io".pod.name': "agent-*" }]], 200],
    ["a claim that isn't there matches nothing", [["allow", { '"kubernetes.io".node.name': "*" }]], 400],
    ["deny wins", [everybody, ["deny", { '"kubernetes.io".namespace': "runners" }]], 400],
  ] as [string, [decision: "allow" | "deny", rules: Record<string, string>][], number][])(
    "%s",
    async (_name, policies, status) => {
      await register(policies);
      expect((await exchange(issuer.issue(nested))).status).toBe(status);
    },
  );

  test("for one pool lets nobody into another", async () => {
    await register([everybody]);
    const { id } = emulator.admin.pulumiCloud.createAgentPool({ organization: "acme", name: "other" });
    expect((await exchange(issuer.issue(claims), { scope: `runner:${id}` })).status).toBe(400);
  });
});

describe("refused is", () => {
  async function refusalOf(token: string, more: object = {}): Promise<string> {
    const answer = await exchange(token, more);
    expect([answer.status, textAt(answer.body, "error")]).toEqual([400, expect.stringMatching(/^invalid_/)]);
    return textAt(answer.body, "error_description");
  }

  test("an issuer that nobody registered", async () => {
    expect(await refusalOf(issuer.issue(claims))).toContain(`no issuer ${issuer.url}`);
  });

  test("a token that is old, changed or meant for somebody else", async () => {
    await register([everybody]);
    expect(await refusalOf(issuer.issue({ ...claims, exp: 1 }))).toContain("expired");
    const [header, , signature] = issuer.issue(claims).split(".");
    const forged = Buffer.from(JSON.stringify({ ...claims, iss: issuer.url, exp: 9_999_999_999 }));
    const token = [header, forged.toString("base64url"), signature].join(".");
    expect(await refusalOf(token)).toContain("not signed");
    expect(await refusalOf(issuer.issue({ ...claims, aud: "urn:pulumi:org:other" }))).toContain("no issuer");
    expect(await refusalOf("nonsense")).toContain("no issuer (none)");
  });

  test("an issuer with another certificate than the registered one", async () => {
    await register([everybody], { thumbprints: ["00".repeat(32)] });
    expect(await refusalOf(issuer.issue(claims))).toContain("certificate");
  });

  test("any other kind of token", async () => {
    await register([everybody]);
    const requested_token_type = "urn:pulumi:token-type:access_token:organization";
    expect(await refusalOf(issuer.issue(claims), { requested_token_type })).toContain("requested_token_type");
  });
});

test("an issuer registered without thumbprints is known by the certificate that it shows first", async () => {
  await register([everybody], { thumbprints: undefined });
  expect((await exchange(issuer.issue(claims))).status).toBe(200);
  const { oidcIssuers } = emulator.admin.snapshot().pulumiCloud.organizations[0] ?? {};
  expect(oidcIssuers?.[0]?.thumbprints).toEqual([issuer.thumbprint]);
});
