import { accountOperations } from "./account";
import { agentPoolOperations } from "./agent-pools";
import { deploymentSettingsOperations } from "./deployment-settings";
import { deploymentOperations } from "./deployments";
import { describe, descriptionPath } from "./description";
import { insightsAccountOperations } from "./insights-accounts";
import { oidcIssuerOperations } from "./oidc-issuers";
import { organizationTokenOperations } from "./organization-tokens";
import { organizationOperations } from "./organizations";
import { policyGroupOperations } from "./policy-groups";
import type { PulumiOperationEntry } from "./requests";
import { stackOperations } from "./stacks";

/**
 * Everything that Pulumi Cloud is emulated to do. What runners themselves call (`PollDeploymentsQueue`, the OIDC
 * exchange) belongs here too, as one more table, once it exists.
 */
export const pulumiCloudOperations: readonly PulumiOperationEntry[] = [
  ...accountOperations,
  ...organizationOperations,
  ...agentPoolOperations,
  ...stackOperations,
  ...deploymentSettingsOperations,
  ...deploymentOperations,
  ...insightsAccountOperations,
  ...policyGroupOperations,
  ...organizationTokenOperations,
  ...oidcIssuerOperations,
  {
    id: "FetchRestSpecification",
    method: "GET",
    path: descriptionPath,
    anonymous: true,
    handle: () => ({ status: 200, body: describe(pulumiCloudOperations) }),
  },
];
