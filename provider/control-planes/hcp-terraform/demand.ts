import type { z } from "zod";
import { CachedList } from "../cached-list";
import type { Demand, DemandReader } from "../control-plane";
import { demandLifetime, noDemand } from "../demand";
import { defaultPoolOf } from "./organization";
import type { HcpTerraformSession } from "./session";
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

/** Names of pools that fit into the query of a request. Beyond that, the runs of hosted runners are read too. Characters. */
const longestFilter = 1_500;

/** The runs of one pool that may need an agent. */
interface PoolRuns {
  /** Of the pool. */
  readonly id: string;
  readonly runs: readonly Run[];
}

/**
 * What the runs of the pools' workspaces need now: one read of the organization's runs, of which a minute allows 30,
 * serves all pools. A run is counted for the pool that its workspace uses. (API: "List Runs in an Organization".)
 */
export class RunDemand implements DemandReader {
  private readonly session: HcpTerraformSession;
  private readonly runsOfPools: CachedList<PoolRuns>;

  constructor(session: HcpTerraformSession) {
    this.session = session;
    this.runsOfPools = new CachedList(() => this.readAll(), { lifetime: demandLifetime });
  }

  /** A pool that the service does not show has no work. */
  async of(poolId: string): Promise<Demand> {
    const pool = (await this.runsOfPools.read()).find(({ id }) => id === poolId);
    return pool ? demandOf(pool.runs) : noDemand;
  }

  private async readAll(): Promise<PoolRuns[]> {
    const { api, organization, poolDocuments } = this.session;
    const pools = await poolDocuments.list.read({ fresh: true });
    if (pools.length === 0) return [];
    const names = pools.map(({ attributes }) => attributes.name).join(",");
    const runs = await api.all(
      `list the runs of the agent pools of organization ${organization.name}`,
      `${organization.path}/runs`,
      runResource,
      {
        "filter[status_group]": "non_final",
        ...(names.length <= longestFilter && { "filter[agent_pool_names]": names }),
      },
    );
    const live = runs.filter(({ attributes }) => !statesWithoutAgent.has(attributes.status));
    const byWorkspace = Map.groupBy(live, workspaceOf);
    const used = await Promise.all(
      [...byWorkspace].map(async ([workspace, own]) => ({ id: await this.poolUsedBy(workspace), runs: own })),
    );
    const byPool = Map.groupBy(used, ({ id }) => id);
    return pools.map(({ id }) => ({
      id,
      runs: byPool.get(id)?.flatMap((workspace) => workspace.runs) ?? [],
    }));
  }

  /** Undefined: none, or the credential may not see the workspace or its project. */
  private async poolUsedBy(workspaceId: string | undefined): Promise<string | undefined> {
    const workspace = workspaceId && (await this.session.workspaces.find(workspaceId));
    if (!workspace) return undefined;
    if (!workspace.inherits) return workspace.poolId;
    const { organization, projects } = this.session;
    const { projectId } = workspace;
    if (projectId === undefined) return defaultPoolOf(await organization.read());
    return (await projects.find(projectId)) && projects.defaultPool(projectId);
  }
}

/** One agent for each plan-only run, and one for each workspace that has a run which may apply: those take turns. */
function demandOf(runs: readonly Run[]): Demand {
  const planOnly = runs.filter(({ attributes }) => attributes["plan-only"] === true);
  const applying = runs.filter(({ attributes }) => attributes["plan-only"] !== true);
  const busy = new Set(applying.filter((run) => !isWaiting(run)).map(workspaceOf));
  const queued = new Set(applying.map(workspaceOf).filter((workspace) => !busy.has(workspace)));
  const waitingPlans = planOnly.filter(isWaiting).length;
  return { waiting: waitingPlans + queued.size, running: planOnly.length - waitingPlans + busy.size };
}

function isWaiting({ attributes }: Run): boolean {
  return waitingStates.has(attributes.status);
}

function workspaceOf({ relationships }: Run): string | undefined {
  return relationships.workspace?.data?.id;
}
