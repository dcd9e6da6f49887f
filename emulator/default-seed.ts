import type { Seed } from "./seed";

/** Well-known credentials of an emulator that was started without a seed; each belongs to an administrator of `acme`. */
export const emulatorCredentials = {
  /** Pulumi Cloud: `Authorization: token …`. */
  pulumiCloudAccessToken: `pul-${"e0".repeat(20)}`,
  /** HCP Terraform: `Authorization: Bearer …`; a team token that may manage agent pools. */
  hcpTerraformToken: `emulatortoken1.atlasv1.${"emulator".repeat(8)}`,
  /** env zero: HTTP Basic, key id. */
  envZeroApiKey: "emulator-api-key",
  /** env zero: HTTP Basic, key secret. */
  envZeroApiSecret: "emulator-api-secret",
} as const;

/** Fixed ids of the default seed; ids of Pulumi Cloud and HCP Terraform things are random, as there. */
export const emulatorIds = {
  organization: "acme",
  envZeroOrganizationId: "e0e0e0e0-0000-4000-8000-000000000001",
  envZeroProjects: {
    network: "e0e0e0e0-0000-4000-8000-000000000011",
    app: "e0e0e0e0-0000-4000-8000-000000000012",
    sandbox: "e0e0e0e0-0000-4000-8000-000000000013",
  },
} as const;

/**
 * What an emulator starts with when no seed is given. One organization, `acme`, on all three planes:
 * - Pulumi Cloud: stacks `network/dev`, `network/prod`, `app/dev`, `app/prod`; Insights account `aws-production`;
 *   policy group `default-policy-group`
 * - HCP Terraform: projects `Default Project` and `platform`; workspaces `network-dev`, `network-prod`, `app-prod`
 *   in `platform`
 * - env zero: organization {@link emulatorIds}.envZeroOrganizationId; projects `network`, `app`, `sandbox`
 */
export const defaultSeed: Seed = {
  credentials: [
    {
      plane: "pulumi-cloud",
      value: emulatorCredentials.pulumiCloudAccessToken,
      kind: "admin",
      organizations: [emulatorIds.organization],
    },
    {
      plane: "hcp-terraform",
      value: emulatorCredentials.hcpTerraformToken,
      kind: "team-token",
      organizations: [emulatorIds.organization],
    },
    {
      plane: "env-zero",
      value: `${emulatorCredentials.envZeroApiKey}:${emulatorCredentials.envZeroApiSecret}`,
      kind: "admin",
      organizations: [emulatorIds.envZeroOrganizationId],
    },
  ],
  pulumiCloud: [
    {
      organization: emulatorIds.organization,
      stacks: ["network/dev", "network/prod", "app/dev", "app/prod"],
      insightsAccounts: ["aws-production"],
      policyGroups: ["default-policy-group"],
    },
  ],
  hcpTerraform: [
    {
      organization: emulatorIds.organization,
      projects: ["platform"],
      workspaces: [
        { name: "network-dev", project: "platform" },
        { name: "network-prod", project: "platform" },
        { name: "app-prod", project: "platform" },
      ],
    },
  ],
  envZero: [
    {
      organizationId: emulatorIds.envZeroOrganizationId,
      organization: emulatorIds.organization,
      projects: Object.entries(emulatorIds.envZeroProjects).map(([name, id]) => ({ id, name })),
    },
  ],
};
