import { emulatorIds } from "../../../emulator/default-seed.ts";
import type { ControlPlaneKind } from "../../control-planes/planes.ts";
import type { World } from "./world.ts";

/** Paths of the requests that make a pool, on any plane. */
export const poolCreation = "agent-pools$|/agents$";

/** Paths of the requests that make a token of a pool, on any plane. */
export const tokenCreation = "authentication-tokens$|/secrets$";

/** Makes a pool as somebody else does, in the console. */
export function strangersPool(
  { emulator: { admin } }: World,
  kind: ControlPlaneKind,
  name: string,
): { id: string } {
  const { organization, envZeroOrganizationId } = emulatorIds;
  if (kind === "env-zero")
    return admin.envZero.createAgent({ organizationId: envZeroOrganizationId, name }) as { id: string };
  const plane = kind === "pulumi-cloud" ? admin.pulumiCloud : admin.hcpTerraform;
  return plane.createAgentPool({ organization, name }) as { id: string };
}

/** Makes a token as somebody else does, in the console. */
export function strangersToken(
  { emulator: { admin } }: World,
  kind: "env-zero" | "hcp-terraform",
  poolId: string,
  description: string,
): { id: string } {
  return (
    kind === "env-zero"
      ? admin.envZero.createAgentSecret({ agentId: poolId, description })
      : admin.hcpTerraform.createAgentToken({ agentPoolId: poolId, description })
  ) as { id: string };
}
