import { defaultAgentTimeouts } from "./agent-timeouts";
import type { Credential } from "./credentials";
import type { EnvZeroState } from "./env-zero/state";
import { isJsonObject, type Json } from "./exchange";
import type { HcpTerraformState } from "./hcp-terraform/state";
import type { PulumiCloudState } from "./pulumi-cloud/state";

/** Everything that an emulator knows. Secrets are kept as digests only. */
export interface EmulatorState {
  credentials: Credential[];
  pulumiCloud: PulumiCloudState;
  hcpTerraform: HcpTerraformState;
  envZero: EnvZeroState;
}

/** A state in which nothing exists and nobody can log in. */
export function emptyState(): EmulatorState {
  const { pulumiCloud, hcpTerraform, envZero } = structuredClone(defaultAgentTimeouts);
  return {
    credentials: [],
    pulumiCloud: {
      organizations: [],
      defaultOrganizations: {},
      deletedSettingsKeepPoolInUse: true,
      agentTimeouts: pulumiCloud,
    },
    hcpTerraform: {
      organizations: [],
      projects: [],
      workspaces: [],
      agentPools: [],
      runs: [],
      updateResetsOmittedScope: false,
      agentTimeouts: hcpTerraform,
    },
    envZero: { organizations: [], agents: [], projects: [], environments: [], agentTimeouts: envZero },
  };
}

/** A copy of the state without anything that derives from a secret, fit for printing and comparing. */
export function snapshotOf(state: EmulatorState): EmulatorState {
  return withoutDigests(JSON.parse(JSON.stringify(state)) as Json) as unknown as EmulatorState;
}

function withoutDigests(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutDigests);
  if (!isJsonObject(value)) return value;
  const shown = Object.entries(value).filter(([key]) => key !== "digest" && key !== "tokenDigest");
  return Object.fromEntries(shown.map(([key, inner]) => [key, withoutDigests(inner)]));
}
