import { emulatorIds } from "../../emulator/default-seed.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import type { Plane } from "../../emulator/exchange.ts";
import { driveOwnAgent, driveWorkflowRunner } from "./agent-scenario.ts";
import { clientOf, textAt } from "./emulator-client.ts";

/** One call; answers with the parsed body. */
export type Call = (method: string, path: string, body?: unknown) => Promise<unknown>;

/** Calls every operation of Pulumi Cloud that is emulated, with bodies as its clients send them. */
export async function drivePulumiCloud(emulator: Emulator): Promise<void> {
  const { admin } = emulator;
  const call = caller(emulator, "pulumi-cloud");
  const pools = "/api/orgs/acme/agent-pools";
  const stack = "/api/stacks/acme/network/dev";
  const account = "/api/preview/insights/acme/accounts";
  const groups = "/api/orgs/acme/policygroups";

  for (const path of [
    "/api/capabilities",
    "/api/cli/version",
    "/api/user",
    "/api/user/organizations/default",
  ]) {
    await call("GET", path);
  }
  await call("GET", "/api/openapi/pulumi-spec.json");
  await call("POST", "/api/user/organizations/acme/default");
  await call("GET", "/api/orgs/acme");
  await call("GET", "/api/orgs/acme/members");
  await call("GET", "/api/orgs/acme/metadata");

  const id = textAt(
    await call("POST", pools, { name: "first", description: "made by the contract test" }),
    "id",
  );
  admin.pulumiCloud.putAgent({ organization: "acme", agentPoolId: id, hostname: "runner-1" });
  await call("PATCH", `${pools}/${id}`, { name: "renamed", description: "" });
  await call("PATCH", "/api/orgs/acme", { setDefaultAgentPoolID: id });
  await call("GET", pools);
  await call("GET", `${pools}/${id}`);
  await call("GET", `${pools}/unknown`);

  await call("GET", "/api/user/stacks?organization=acme");
  await call("HEAD", "/api/stacks/acme/network");
  await call("POST", "/api/stacks/acme/network", { stackName: "temporary" });
  await call("GET", stack);
  await call("GET", `${stack}/export`);
  await call("POST", `${stack}/tags`, { name: "vcs:owner", value: "acme" });
  await call("PATCH", `${stack}/tags/vcs:owner`, { name: "vcs:owner", value: "other" });
  await call("DELETE", `${stack}/tags/vcs:owner`);
  await call("PATCH", `${stack}/tags`, { "pulumi:project": "network", team: "a" });
  await call("DELETE", "/api/stacks/acme/network/temporary");

  const settings = `${stack}/deployments/settings`;
  await call("GET", settings);
  await call("PUT", settings, {
    sourceContext: { git: { repoUrl: "https://example.invalid/x.git", branch: "main" } },
  });
  await call("POST", settings, {
    agentPoolID: id,
    operationContext: { environmentVariables: { A: { secret: "s" } } },
  });
  await call("POST", settings, { agentPoolID: "unknown" });
  await call("GET", settings);
  await call("POST", `${settings}/encrypt`, { secret: "s" });
  await call("POST", `${stack}/deployments/pause`);
  await call("POST", `${stack}/deployments/resume`);
  const deployment = textAt(await call("POST", `${stack}/deployments`, { operation: "update" }), "id");
  await call("GET", `${stack}/deployments`);
  await call("GET", `${stack}/deployments/metadata`);
  await call("GET", `${stack}/deployments/${deployment}`);
  await call("POST", `${stack}/deployments/${deployment}/cancel`);
  await call("GET", "/api/orgs/acme/deployments?page=1&pageSize=100");
  await call("GET", "/api/orgs/acme/deployments/metadata");
  await call("POST", "/api/orgs/acme/deployments/pause");
  await call("POST", "/api/orgs/acme/deployments/resume");

  await call("POST", `${account}/staging`, {
    provider: "aws",
    environment: "insights/staging",
    agentPoolID: id,
  });
  await call("PATCH", `${account}/staging`, { environment: "insights/staging", agentPoolID: id });
  await call("PATCH", `${account}/staging`, { agentPoolID: id });
  await call("HEAD", `${account}/staging`);
  await call("GET", `${account}/staging`);
  await call("GET", account);
  await call("DELETE", `${account}/staging`);
  await call("POST", groups, { name: "audits", entityType: "stacks", mode: "audit", agentPoolId: id });
  await call("PATCH", `${groups}/audits`, { agentPoolId: "" });
  await call("GET", `${groups}/audits`);
  await call("GET", groups);
  await call("DELETE", `${groups}/audits`);
  const tokens = "/api/orgs/acme/tokens";
  const token = textAt(
    await call("POST", tokens, { name: "ci", description: "", expires: 0, admin: false }),
    "id",
  );
  await call("GET", tokens);
  await call("DELETE", `${tokens}/${token}`);

  const issuers = "/api/orgs/acme/oidc/issuers";
  const issuer = textAt(await call("POST", issuers, { name: "ci", url: "https://ci.example.invalid" }), "id");
  await call("PATCH", `${issuers}/${issuer}`, { name: "ci", maxExpiration: 3600 });
  await call("POST", `${issuers}/${issuer}/regenerate-thumbprints`);
  await call("GET", issuers);
  await call("GET", `${issuers}/${issuer}`);
  const policy = textAt(await call("GET", `/api/orgs/acme/auth/policies/oidcissuers/${issuer}`), "id");
  const rule = { decision: "allow", tokenType: "runner", runnerID: id, authorizedPermissions: [], rules: {} };
  await call("PATCH", `/api/orgs/acme/auth/policies/${policy}`, { policies: [rule] });
  await call("DELETE", `${issuers}/${issuer}`);

  await driveWorkflowRunner(emulator);
  await call("DELETE", `${pools}/${id}`);
  await call("DELETE", settings);
  await call("DELETE", `${pools}/${id}?force=true`);
}

/** Calls every operation of env zero that is emulated. */
export async function driveEnvZero(emulator: Emulator): Promise<void> {
  const { admin } = emulator;
  const call = caller(emulator, "env-zero");
  const organizationId = emulatorIds.envZeroOrganizationId;
  const query = `?organizationId=${organizationId}`;

  await call("GET", "/organizations");
  await call("GET", `/organizations/${organizationId}`);
  await call("GET", `/api-keys/oidc-sub${query}`);
  const agent = textAt(await call("POST", "/agents", { organizationId, name: "first" }), "id");
  await call("GET", `/agents${query}`);
  await call("PATCH", `/agents/${agent}`, { name: "renamed", description: "", logs: null });
  await call("GET", `/agents/${agent}`);
  const secret = textAt(await call("POST", `/agents/${agent}/secrets`, { description: "one" }), "id");
  await call("GET", `/agents/${agent}/secrets`);
  await call("DELETE", `/agents/${agent}/secrets/${secret}`);

  const created = await call("POST", "/projects", { organizationId, name: "contract", description: "" });
  const project = textAt(created, "id");
  await call("GET", `/projects${query}`);
  await call("GET", `/projects/${project}`);
  await call("PUT", `/projects/${project}`, { name: "renamed", description: "" });
  await call("POST", `/projects/${project}/move`, { targetProjectId: null });
  await call("POST", `/agents/projects-assignments${query}`, { [project]: agent });
  await call("GET", `/agents/projects-assignments${query}`);
  await call("POST", `/agents/projects-assignments${query}`, { [project]: "ENV0_DEFAULT" });
  const { environmentId } = admin.envZero.queueDeployment({ projectId: project });
  await call("GET", `/environments${query}`);
  await call("GET", `/environments/${environmentId}/deployments?limit=25`);
  await driveOwnAgent(emulator, "env-zero");
  await call("DELETE", `/projects/${project}`);
  await call("DELETE", `/agents/${agent}`);
}

/** Calls with the credential of the default seed. */
export function caller(emulator: Emulator, plane: Plane): Call {
  const send = clientOf(emulator, plane);
  return async (method, path, body) => (await send(method, path, body)).body;
}
