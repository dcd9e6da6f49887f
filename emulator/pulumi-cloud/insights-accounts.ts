import { z } from "zod";
import { mayWrite } from "../credentials";
import type { Answer, JsonObject } from "../exchange";
import { newUuid } from "../identifiers";
import {
  bodyOf,
  forbidden,
  ok,
  organizationOf,
  type PulumiOperationEntry,
  type PulumiRequest,
  pulumiRefusal,
  userInfo,
} from "./requests";
import type { PulumiInsightsAccount, PulumiOrganization } from "./state";

const path = "/api/preview/insights/:orgName/accounts";

/** Cloud accounts of Insights, whose scans may run in a pool: `ListAccounts` to `DeleteAccount` (preview API). */
export const insightsAccountOperations: PulumiOperationEntry[] = [
  { id: "ListAccounts", method: "GET", path, handle: list },
  { id: "ReadAccount", method: "GET", path: `${path}/:accountName`, handle: read },
  { id: "HeadAccount", method: "HEAD", path: `${path}/:accountName`, handle: head },
  { id: "CreateAccount", method: "POST", path: `${path}/:accountName`, handle: create },
  { id: "UpdateAccount", method: "PATCH", path: `${path}/:accountName`, handle: update },
  { id: "DeleteAccount", method: "DELETE", path: `${path}/:accountName`, handle: remove },
];

// "All request body fields are optional; only provided fields are updated", against the schema (API description).
const updateBody = z.object({
  environment: z.string().optional(),
  agentPoolID: z.string().nullish(),
  providerConfig: z.record(z.string(), z.json()).nullish(),
  scanSchedule: z.enum(["none", "12h", "daily"]).optional(),
});
const createBody = updateBody.extend({
  environment: z.string(),
  provider: z.enum(["aws", "gcp", "azure-native", "oci", "kubernetes"]),
});

function list(request: PulumiRequest): Answer {
  return ok({ accounts: insightsOrganizationOf(request).insightsAccounts.map(accountBody) });
}

function read(request: PulumiRequest): Answer {
  return ok(accountBody(accountOf(request).account));
}

function head(request: PulumiRequest): Answer {
  accountOf(request);
  return { status: 204 };
}

function create(request: PulumiRequest): Answer {
  const organization = insightsOrganizationOf(request);
  if (!mayWrite(request.caller)) throw forbidden();
  const name = request.params["accountName"] ?? "";
  const body = bodyOf(request, createBody);
  if (organization.insightsAccounts.some((account) => account.name === name)) {
    throw pulumiRefusal(409, `Conflict: Account '${name}' already exists`);
  }
  checkPool(organization, body.agentPoolID);
  organization.insightsAccounts.push({
    id: newUuid(),
    name,
    provider: body.provider,
    environment: body.environment,
    scheduledScanEnabled: (body.scanSchedule ?? "none") !== "none",
    ...(body.providerConfig && { providerConfig: body.providerConfig as JsonObject }),
    ...(body.agentPoolID && { agentPoolId: body.agentPoolID }),
  });
  return { status: 204 };
}

function update(request: PulumiRequest): Answer {
  const { organization, account } = accountOf(request);
  if (!mayWrite(request.caller)) throw forbidden();
  const body = bodyOf(request, updateBody);
  checkPool(organization, body.agentPoolID);
  account.environment = body.environment ?? account.environment;
  if (body.providerConfig) account.providerConfig = body.providerConfig as JsonObject;
  if (body.scanSchedule !== undefined) account.scheduledScanEnabled = body.scanSchedule !== "none";
  // GUESS: omitted keeps the pool and "" clears it, as the same organization's policy groups do.
  if (body.agentPoolID === "" || body.agentPoolID === null) delete account.agentPoolId;
  else if (body.agentPoolID !== undefined) account.agentPoolId = body.agentPoolID;
  return { status: 204 };
}

function remove(request: PulumiRequest): Answer {
  const { organization, account } = accountOf(request);
  if (!mayWrite(request.caller)) throw forbidden();
  organization.insightsAccounts = organization.insightsAccounts.filter((known) => known !== account);
  return { status: 204 };
}

/** The organization of the path; 402 when it has no Insights. */
function insightsOrganizationOf(request: PulumiRequest): PulumiOrganization {
  const organization = organizationOf(request);
  if (organization.hasInsights) return organization;
  // GUESS: the text; 402 is what Pulumi Cloud answers where the organization's edition lacks a feature.
  throw pulumiRefusal(
    402,
    `Payment Required: Organization '${organization.name}' does not have Pulumi Insights`,
  );
}

function accountOf(request: PulumiRequest): {
  organization: PulumiOrganization;
  account: PulumiInsightsAccount;
} {
  const organization = insightsOrganizationOf(request);
  const name = request.params["accountName"];
  const account = organization.insightsAccounts.find((known) => known.name === name);
  if (account === undefined) throw pulumiRefusal(404, `Not Found: Account '${name}' not found`);
  return { organization, account };
}

function checkPool(organization: PulumiOrganization, poolId: string | null | undefined): void {
  if (!poolId || organization.agentPools.some((pool) => pool.id === poolId)) return;
  throw pulumiRefusal(400, `Bad Request: Invalid agent pool id '${poolId}'`);
}

function accountBody(account: PulumiInsightsAccount): object {
  const { id, name, provider, environment, providerConfig, agentPoolId, scheduledScanEnabled } = account;
  return {
    id,
    name,
    provider,
    providerEnvRef: environment,
    scheduledScanEnabled,
    ownedBy: userInfo("admin"),
    ...(providerConfig && { providerConfig }),
    ...(agentPoolId && { agentPoolID: agentPoolId }),
  };
}
