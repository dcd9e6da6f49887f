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
import { runnerOperations } from "./runner-operations";
import { stackOperations } from "./stacks";
import { tokenExchangeOperations } from "./token-exchange";

/** Everything that Pulumi Cloud is emulated to do, for users and for their runners. */
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
  ...tokenExchangeOperations,
  ...runnerOperations,
  {
    id: "FetchRestSpecification",
    method: "GET",
    path: descriptionPath,
    anonymous: true,
    handle: () => ({ status: 200, body: describe(pulumiCloudOperations) }),
  },
];
