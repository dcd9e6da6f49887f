import { generateKeyPairSync, sign } from "node:crypto";
import { emulatorIds } from "../../emulator/default-seed.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { clientOf, type Send, textAt } from "./emulator-client.ts";

const exchange = {
  grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
  audience: "urn:pulumi:org:acme",
  subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
  requested_token_type: "urn:pulumi:token-type:access_token:runner",
};

/** Calls everything that a workflow runner calls on Pulumi Cloud, with a token that it got for an OIDC token. */
export async function driveWorkflowRunner(emulator: Emulator): Promise<void> {
  const { pulumiCloud } = emulator.admin;
  const { id } = pulumiCloud.createAgentPool({ organization: "acme", name: "runners" });
  const idToken = await trustIssuer(clientOf(emulator, "pulumi-cloud"), id);
  const anybody = clientOf(emulator, "pulumi-cloud", "");
  const request = { ...exchange, subject_token: idToken, scope: `runner:${id}` };
  const granted = await anybody("POST", "/api/oauth/token", request);
  const runner = clientOf(emulator, "pulumi-cloud", `token ${textAt(granted.body, "access_token")}`);

  await runner("GET", "/api/background-activities/token");
  await runner("POST", "/api/background-activities/configuration", []);
  await runner("POST", "/api/background-activities/worker/lease/acquire");
  await runner("GET", "/api/deployments/poll");
  pulumiCloud.queueDeployment({ organization: "acme", stack: "app/dev", agentPoolId: id });
  const { body: claimed } = await runner("GET", "/api/deployments/poll");
  const deployment = textAt(claimed, "typeSpecificID");
  await runner("POST", "/api/agent-workflows/deployment", "{}");
  await runner("GET", `/api/deployments/${deployment}/status`);
  const job = `/api/workflow/jobs/${textAt(claimed, "jobID")}`;
  const holder = clientOf(emulator, "pulumi-cloud", `token ${textAt(claimed, "jobToken")}`);
  await holder("GET", job);
  await holder("POST", `${job}/heartbeat`);
  await holder("POST", `${job}/1/logs`, { offset: 0, lines: [{ l: "up" }] });
  await holder("PATCH", `${job}/1/status`, { status: "succeeded" });
  await runner("POST", `/api/agent-workflows/deployment:${deployment}/check`);
}

/** Calls everything that the emulator offers to the stand-ins of agents whose own calls are unpublished. */
export async function driveOwnAgent(emulator: Emulator, plane: "hcp-terraform" | "env-zero"): Promise<void> {
  const token = plane === "hcp-terraform" ? queueRun(emulator) : queueDeployment(emulator);
  const send = clientOf(emulator, plane, `Bearer ${token}`);
  const json = { "content-type": "application/json" };
  const call = (path: string, body?: object) =>
    send("POST", `/_emulator/agents/${plane}${path}`, body, body && json);
  const registered = await call("", { name: "agent", version: "1.0.0", architecture: "amd64" });
  const agent = `/${textAt(registered.body, "id")}`;
  const job = `${agent}/jobs/${textAt((await call(`${agent}/poll`)).body, "id")}`;
  await call(`${job}/heartbeat`);
  await call(`${job}/finish`, { outcome: "succeeded" });
  await call(`${agent}/exit`);
}

function queueRun({ admin: { hcpTerraform } }: Emulator): string {
  const organization = "acme";
  const { id: agentPoolId } = hcpTerraform.createAgentPool({ organization, name: "agents" });
  hcpTerraform.assign({ organization, target: { workspace: "network-dev" }, agentPoolId });
  hcpTerraform.queueRun({ organization, workspace: "network-dev" });
  return hcpTerraform.createAgentToken({ agentPoolId }).token;
}

function queueDeployment({ admin: { envZero } }: Emulator): string {
  const { envZeroOrganizationId: organizationId, envZeroProjects } = emulatorIds;
  const { id: agentId } = envZero.createAgent({ organizationId, name: "agents" });
  envZero.assign({ projectId: envZeroProjects.app, agentId });
  envZero.queueDeployment({ projectId: envZeroProjects.app });
  return envZero.createAgentSecret({ agentId }).secret;
}

/** Registers an issuer by its keys, lets its tokens be runners of the pool, and returns one. */
async function trustIssuer(send: Send, poolId: string): Promise<string> {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const url = "https://cluster.example.invalid";
  const jwks = { keys: [publicKey.export({ format: "jwk" })] };
  const made = await send("POST", "/api/orgs/acme/oidc/issuers", { name: "cluster", url, jwks });
  const policies = "/api/orgs/acme/auth/policies";
  const policy = await send("GET", `${policies}/oidcissuers/${textAt(made.body, "id")}`);
  const rule = { decision: "allow", tokenType: "runner", runnerID: poolId, authorizedPermissions: [] };
  await send("PATCH", `${policies}/${textAt(policy.body, "id")}`, {
    policies: [{ ...rule, rules: { sub: "agent" } }],
  });
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { iss: url, sub: "agent", aud: exchange.audience, exp: Math.floor(Date.now() / 1000) + 60 };
  const signed = `${encode({ alg: "ES256" })}.${encode(claims)}`;
  const signature = sign("sha256", Buffer.from(signed), { key: privateKey, dsaEncoding: "ieee-p1363" });
  return `${signed}.${signature.toString("base64url")}`;
}
