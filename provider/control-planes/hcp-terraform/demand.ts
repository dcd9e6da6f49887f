import type { z } from "zod";
import type { Demand, DemandReader } from "../control-plane";
import type { HcpTerraformApi } from "./api";
import type { Organization } from "./organization";
import type { PoolDocuments } from "./pool-documents";
import { runResource } from "./wire";

type Run = z.output<typeof runResource>;

/**
 * States in which a run needs no agent: it waits for a person, for its turn in the workspace, or for the service. (The
 * vendor's Kubernetes operator skips the same ones.)
 */
const statesWithoutAgent = new Set([
  "pending",
  "planned",
  "planned_and_saved",
  "cost_estimated",
  "policy_checked",
  "policy_override",
  "post_plan_completed",
  "post_plan_awaiting_decision",
]);

/** States in which a run waits for an agent to take it. */
const waitingStates = new Set(["plan_queued", "apply_queued", "queuing", "queuing_apply"]);

/** What the runs of a pool's workspaces need now. The API filters by the pool's name. (API: "List Runs in an Organization".) */
export class RunDemand implements DemandReader {
  private readonly api: HcpTerraformApi;
  private readonly organization: Organization;
  private readonly pools: PoolDocuments;

  constructor(api: HcpTerraformApi, organization: Organization, pools: PoolDocuments) {
    this.api = api;
    this.organization = organization;
    this.pools = pools;
  }

  /** A pool that the service does not show has no work. */
  async of(poolId: string): Promise<Demand> {
    const listed = (await this.pools.list.read()).find(({ id }) => id === poolId);
    const pool = listed ?? (await this.pools.read(poolId));
    if (!pool) return { waiting: 0, running: 0 };
    const { name } = pool.attributes;
    const runs = await this.api.all(
      `list the runs of agent pool "${name}"`,
      `${this.organization.path}/runs`,
      runResource,
      { "filter[agent_pool_names]": name, "filter[status_group]": "non_final" },
    );
    return demandOf(runs);
  }
}

/** One agent for each plan-only run, and one for each workspace that has a run which may apply: those take turns. */
function demandOf(runs: readonly Run[]): Demand {
  const live = runs.filter(({ attributes }) => !statesWithoutAgent.has(attributes.status));
  const planOnly = live.filter(({ attributes }) => attributes["plan-only"] === true);
  const applying = live.filter(({ attributes }) => attributes["plan-only"] !== true);
  const busy = new Set(applying.filter((run) => !isWaiting(run)).map(workspaceOf));
  const queued = new Set(applying.map(workspaceOf).filter((workspace) => !busy.has(workspace)));
  const waitingPlans = planOnly.filter(isWaiting).length;
  return { waiting: waitingPlans + queued.size, running: planOnly.length - waitingPlans + busy.size };
}

function isWaiting({ attributes }: Run): boolean {
  return waitingStates.has(attributes.status);
}

/** A run that does not say its workspace counts by itself. */
function workspaceOf({ id, relationships }: Run): string {
  return relationships.workspace?.data?.id ?? id;
}
