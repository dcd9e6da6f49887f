import { CachedList } from "../cached-list";
import type { Freshness } from "../control-plane";
import { anyAnswer } from "../http/answer";
import type { HttpTransport } from "../http/http";
import type { OwnOrganization } from "./organizations";
import { assignments, type PoolResource, unassigned } from "./wire";

const path = "/agents/projects-assignments";

/** Each look at a project reads the map of all, so looks that begin within this time share one read. Milliseconds. */
export const gathering = 200;

/** What the map says, in ids of pools. */
export interface KnownAssignments {
  /** Undefined: env zero's own runners. */
  readonly defaultPoolId: string | undefined;
  /** Pools by id of the project. A project without a pool uses the default. */
  readonly poolIds: ReadonlyMap<string, string | undefined>;
}

/**
 * Which project uses which agent pool: one map for the whole organization, in one answer with the default. A project
 * that was assigned to the default pool has an entry or not, as the service likes; both mean that pool.
 */
export class AssignmentMap {
  private readonly api: HttpTransport;
  private readonly organization: OwnOrganization;
  private readonly answers: CachedList<KnownAssignments>;

  /** @param poolList tells which pool a key stands for. */
  constructor(api: HttpTransport, organization: OwnOrganization, poolList: CachedList<PoolResource>) {
    this.api = api;
    this.organization = organization;
    // Pools with another key than their id are old, so that a list of a moment ago knows them.
    this.answers = new CachedList(async () => [inPoolIds(await this.load(), await poolList.read())], {
      gathering,
    });
  }

  async read(freshness?: Freshness): Promise<KnownAssignments> {
    const [answer] = await this.answers.read(freshness);
    return answer as KnownAssignments;
  }

  /**
   * Points one project at a pool; undefined: at none. The service merges what is sent into its map (source: pull request
   * 927 of the vendor's Terraform provider), so that nothing but our one key is sent.
   */
  async write(operation: string, projectId: string, poolId: string | undefined): Promise<void> {
    await this.api.send(
      {
        operation,
        method: "POST",
        path: await this.organization.path(path),
        body: { [projectId]: poolId ?? unassigned },
        repeatable: true,
      },
      anyAnswer,
    );
    this.answers.change((answers) =>
      answers.map(({ defaultPoolId, poolIds }) => ({
        defaultPoolId,
        poolIds: new Map(poolIds).set(projectId, poolId),
      })),
    );
  }

  private async load() {
    return this.api.send(
      {
        operation: `read the agent assignments of organization ${this.organization.nameOrId}`,
        method: "GET",
        path: await this.organization.path(path),
      },
      assignments,
    );
  }
}

type MapAnswer = Readonly<{ defaultAgent: string | null; projectsAgents: Record<string, string | null> }>;

/** Where the map holds the key of an agent it stands for the pool with that key; an unknown key stays as it is. */
function inPoolIds(answer: MapAnswer, pools: readonly PoolResource[]): KnownAssignments {
  const poolId = (idOrKey: string | null): string | undefined => {
    if (!idOrKey || idOrKey === unassigned) return undefined;
    return (
      (pools.find(({ id }) => id === idOrKey) ?? pools.find(({ agentKey }) => agentKey === idOrKey))?.id ??
      idOrKey
    );
  };
  const entries = Object.entries(answer.projectsAgents);
  return {
    defaultPoolId: poolId(answer.defaultAgent),
    poolIds: new Map(entries.map(([projectId, idOrKey]) => [projectId, poolId(idOrKey)])),
  };
}
