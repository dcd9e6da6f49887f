import { emulatorCredentials, emulatorIds } from "../../../../emulator/default-seed.ts";
import { type Emulator, startEmulator } from "../../../../emulator/emulator.ts";
import type { EmulatorState } from "../../../../emulator/state.ts";
import { fastClock } from "../../../testing/clock.ts";
import { hcpTerraform } from "../descriptor.ts";

/** Quick enough for tests; long enough for a retry after a fault. */
export const quick = {
  retries: { attempts: 3, firstDelay: 5, longestDelay: 20, totalTime: 30_000 },
  clock: fastClock(),
};

/** The parts of the plane, as one deployment has them: two calls are two deployments that know nothing of each other. */
export function openPlane(
  url: string,
  {
    token = emulatorCredentials.hcpTerraformToken as string,
    organization = emulatorIds.organization as string,
    cancelled = undefined as AbortSignal | undefined,
  } = {},
) {
  const session = hcpTerraform.open({ organization, url }, { token }, { ...quick, cancelled });
  const { parts } = hcpTerraform;
  return {
    pools: parts.pools(session),
    tokens: parts.tokens?.(session) as NonNullable<ReturnType<NonNullable<typeof parts.tokens>>>,
    assignments: parts.assignments(session) as Required<ReturnType<typeof parts.assignments>>,
    defaultPool: parts.defaultPool(session) as Required<ReturnType<typeof parts.defaultPool>>,
    agents: parts.agents?.(session) as NonNullable<ReturnType<NonNullable<typeof parts.agents>>>,
    demand: parts.demand?.(session) as NonNullable<ReturnType<NonNullable<typeof parts.demand>>>,
    organizationId: () => parts.organizationId?.(session),
  };
}

/** An emulator with HCP Terraform's organization `acme`, and what is needed to look behind its API. */
export async function openTestWorld() {
  const emulator = await startEmulator();
  emulator.admin.recordBodies({ enabled: true });
  emulator.admin.setRateLimits({ hcpTerraform: null, hcpTerraformRunLists: null });
  return { emulator, ...looks(emulator) };
}

function looks(emulator: Emulator) {
  const { admin } = emulator;
  const state = (): EmulatorState["hcpTerraform"] => admin.snapshot().hcpTerraform;
  return {
    state,
    /** The pool as the service has it. */
    pool: (id: string) => found(state().agentPools.find((pool) => pool.id === id)),
    workspace: (name: string) => found(state().workspaces.find((known) => known.name === name)),
    project: (name: string) => found(state().projects.find((known) => known.name === name)),
    /** A pool that nobody may use but those in its lists. */
    assignedPool: (name: string) =>
      admin.hcpTerraform.createAgentPool({ organization: "acme", name, organizationScoped: false }).id,
    /** What somebody else does: points a workspace or project at a pool, without letting it in, or takes its pool. */
    point: (target: { workspace: string } | { project: string }, agentPoolId: string | null) =>
      admin.hcpTerraform.assign({ organization: "acme", target, agentPoolId }),
    requests: (operation?: string) =>
      admin.journal({ plane: "hcp-terraform", ...(operation && { operation }) }),
    bodies: (operation: string) => admin.journal({ operation }).map(({ requestBody }) => requestBody),
    /** A credential that belongs to the organization and may not manage it. */
    memberToken: () => {
      const value = "membertoken1234.atlasv1.membermembermembermember";
      admin.addCredential({ plane: "hcp-terraform", value, kind: "member", organizations: ["acme"] });
      return value;
    },
  };
}

function found<Item>(item: Item | undefined): Item {
  if (item === undefined) throw new Error("the emulator does not have it");
  return item;
}
