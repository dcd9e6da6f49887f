import { z } from "zod";
import { mayAdminister } from "../credentials";
import type { Answer } from "../exchange";
import {
  administeredOrganizationOf,
  bodyOf,
  ok,
  organizationOf,
  type PulumiOperationEntry,
  type PulumiRequest,
  pulumiRefusal,
  userInfo,
} from "./requests";
import type { PulumiOrganization } from "./state";

/** The organization, its default pool and members: `GetOrganization` to `ListOrganizationMembers`. */
export const organizationOperations: PulumiOperationEntry[] = [
  { id: "GetOrganization", method: "GET", path: "/api/orgs/:orgName", handle: getOrganization },
  {
    id: "GetOrganizationMetadata",
    method: "GET",
    path: "/api/orgs/:orgName/metadata",
    handle: (request) => ok(metadataOf(request, organizationOf(request))),
  },
  { id: "UpdateOrganizationSettings", method: "PATCH", path: "/api/orgs/:orgName", handle: updateSettings },
  {
    id: "ListOrganizationMembers",
    method: "GET",
    path: "/api/orgs/:orgName/members",
    handle: listMembers,
  },
];

function getOrganization(request: PulumiRequest): Answer {
  return ok({ ...userInfo(organizationOf(request).name), repos: [] });
}

function updateSettings(request: PulumiRequest): Answer {
  const organization = administeredOrganizationOf(request);
  const { setDefaultAgentPoolID } = bodyOf(
    request,
    z.looseObject({ setDefaultAgentPoolID: z.string().nullish() }),
  );
  // Only what is present is written; "" goes back to Pulumi's own runners. Other settings are accepted and forgotten.
  if (setDefaultAgentPoolID === "") {
    delete organization.defaultAgentPoolId;
  } else if (setDefaultAgentPoolID != null) {
    if (!organization.agentPools.some((pool) => pool.id === setDefaultAgentPoolID)) {
      // GUESS: the description gives 400 "Invalid organization settings" and no text for this case.
      throw pulumiRefusal(400, `Bad Request: Invalid agent pool id '${setDefaultAgentPoolID}'`);
    }
    organization.defaultAgentPoolId = setDefaultAgentPoolID;
  }
  return ok(metadataOf(request, organization));
}

function listMembers(request: PulumiRequest): Answer {
  const { created } = organizationOf(request);
  const fgaRole = { id: "role-admin", name: "Admin", modifiedAt: created };
  const user = userInfo(request.caller.login);
  return ok({
    members: [{ user, role: "admin", fgaRole, created, knownToPulumi: true, virtualAdmin: false }],
  });
}

/** `OrganizationMetadata`, which doesn't echo the default pool. */
function metadataOf(request: PulumiRequest, organization: PulumiOrganization): object {
  return {
    id: organization.id,
    created: organization.created,
    kind: "pulumi",
    userRole: mayAdminister(request.caller) ? "admin" : "member",
    product: "enterprise",
    features: Object.fromEntries(features.map((name) => [name, true])),
    memberCount: 1,
    stackCount: organization.stacks.length,
    accountCount: organization.insightsAccounts.length,
    environmentCount: 0,
    aiEnablement: "enabled",
    auditLogsEnabled: true,
    webhooksEnabled: true,
    defaultAccountPermission: 0,
    defaultEnvironmentPermission: "none",
    defaultStackPermission: 0,
    insightsTrialUsingPolicy: false,
    membersCanCreateAccounts: true,
    membersCanCreateStacks: true,
    membersCanCreateTeams: true,
    membersCanDeleteStacks: true,
    membersCanTransferStacks: true,
    naturalLanguageSearchDisabled: false,
    neoAgentDisabled: false,
    neoApprovalMode: "manual",
    neoCLIExplanationsDisabled: false,
    neoEnabled: false,
    neoTaskSharingMode: "none",
    preferredVCS: "none",
  };
}

/** The flags that `OrganizationFeatures` requires; an Enterprise organization has them all. */
const features = `agentIntegrationCatalogEnabled agentPoolRegistrationEnabled agentScheduledTasksEnabled
  aiAgentsEnabled aleEnabled approvalsEnabled auditLogUIFilteringEnabled auditLogsEnabled bitbucketVCSEnabled
  bringYourOwnKeyEnabled cliIntegrationCatalogEnabled crossGuardEnabled customRoleCondition customRolesEnabled
  customTemplatesEnabled customVCSEnabled dependencyCachingEnabled deployEnabled discoveredStacksEnabled
  driftDetectionEnabled environmentRevisionTagsEnabled environmentSecretRotationEnabled environmentsEnabled
  environmentsRestoreEnabled escEditorRevampEnabled escOnboardingAzureOAuthClientEnabled escOnboardingEnabled
  escOnboardingGcpOAuthClientEnabled escOnboardingV2Enabled fixDriftWithNeoEnabled ghAppDetailedDiffEnabled
  gitHubEnterpriseIntegrationEnabled iacCloudImportEnabled insightsAutoPolicyPacksEnabled insightsMonetizationEnabled
  integrationAssistantEnabled legacyDeploymentsOrgToken neoByokEnabled neoPlanModeEnabled neoTaskSharingEnabled
  nlpSearchEnabled pangeaAccountsScanPageEnabled policyIssueManagementEnabled policyManagementV2Enabled
  propertySearchUIEnabled resourceExportEnabled resourceSearchEnabled restoreStacksEnabled scimEnabled
  selfHostedDeploymentsEnabled selfServeIDPRemoval serviceBackedConfigEnabled themingEnabled webhooksEnabled`.split(
  /\s+/,
);
