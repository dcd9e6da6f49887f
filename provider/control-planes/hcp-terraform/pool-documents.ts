import { CachedList } from "../cached-list";
import { hasStatus } from "../http/error";
import { failure, type HcpTerraformApi, pathOf } from "./api";
import type { Organization } from "./organization";
import { one, type PoolResource, poolResource, references } from "./wire";

/** A list of a pool's scope. */
export type ScopeList = "allowed-workspaces" | "allowed-projects" | "excluded-workspaces";

/** What a PATCH of a pool changes. What is absent stays as it is; a list that is given replaces the whole list. */
export interface PoolPatch {
  readonly name?: string | undefined;
  /** Always sent: the API documents a default of `true` for a PATCH that leaves it out. */
  readonly organizationScoped: boolean;
  readonly lists: Partial<Readonly<Record<ScopeList, readonly string[]>>>;
}

/** The documents of agent pools, which several parts read and write. (API: "Agent Pools and Agents".) */
export class PoolDocuments {
  /** The organization's pools as they were read a short while ago. */
  readonly list: CachedList<PoolResource>;
  private readonly api: HcpTerraformApi;
  private readonly organization: Organization;
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(api: HcpTerraformApi, organization: Organization) {
    this.api = api;
    this.organization = organization;
    this.list = new CachedList(() =>
      api.all(
        `list the agent pools of organization ${organization.name}`,
        `${organization.path}/agent-pools`,
        poolResource,
      ),
    );
  }

  /** The pool as it is now; undefined: the service answered 404. */
  async read(poolId: string): Promise<PoolResource | undefined> {
    const found = await this.api.find(
      { operation: `read agent pool ${poolId}`, method: "GET", path: pathOf("agent-pools", poolId) },
      one(poolResource),
    );
    if (found) this.noteChange(found.data);
    return found?.data;
  }

  /** @param repeatable false: after an answer that got lost the caller looks before it writes again. Default: true. */
  async patch(
    poolId: string,
    operation: string,
    { name, organizationScoped, lists }: PoolPatch,
    { repeatable = true }: { repeatable?: boolean } = {},
  ): Promise<PoolResource> {
    const { data } = await this.api.send(
      {
        operation,
        method: "PATCH",
        path: pathOf("agent-pools", poolId),
        repeatable,
        body: {
          data: {
            type: "agent-pools",
            id: poolId,
            attributes: { name, "organization-scoped": organizationScoped },
            ...relationshipsOf(lists),
          },
        },
      },
      one(poolResource),
    );
    this.noteChange(data);
    return data;
  }

  /** What reads a pool and writes it back waits for whoever does so in this process. */
  async inTurn<Result>(poolId: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.turns.get(poolId);
    const turn = (async () => {
      await before?.catch(() => undefined);
      return work();
    })();
    this.turns.set(poolId, turn);
    return turn;
  }

  /**
   * The service answers 404 for what does not exist and for what the credential may not see. A pool is gone if it
   * answers 404, while the list of pools can be read and lacks it, and nothing says that we may not manage pools.
   */
  async confirmGone(poolId: string): Promise<void> {
    const operation = `confirm that agent pool ${poolId} is gone`;
    if (await this.read(poolId)) {
      throw failure({ operation, message: `agent pool ${poolId} is still there`, advice: "Run again." });
    }
    const listed = await this.list.read({ fresh: true }).catch((error) => {
      throw hasStatus(error, 403, 404)
        ? error.withAdvice(`The token may not see agent pools. ${mayManage}`)
        : error;
    });
    if (listed.some(({ id }) => id === poolId)) {
      throw failure({
        operation,
        message: `it answers 404, yet organization ${this.organization.name} lists it`,
        advice: `The token may not see the pool itself. ${mayManage}`,
      });
    }
    if (await this.organization.lacks("can-update-agent-pools")) {
      throw failure({
        operation,
        message: `the token may not manage the agent pools of organization ${this.organization.name}, so a pool that it does not see may still be there`,
        advice: mayManage,
      });
    }
  }

  private noteChange(changed: PoolResource): void {
    this.list.change((pools) => pools.map((pool) => (pool.id === changed.id ? changed : pool)));
  }
}

/** The relationships of a request body, where there are any. */
export function relationshipsOf(lists: PoolPatch["lists"]): { relationships?: object } {
  const relationships = Object.entries(lists).map(([list, ids]) => [
    list,
    references(list === "allowed-projects" ? "projects" : "workspaces", ids),
  ]);
  return relationships.length > 0 ? { relationships: Object.fromEntries(relationships) } : {};
}

/** Ids in a list of the pool, sorted; undefined: the answer has no such list. */
export function listOf(pool: PoolResource, list: ScopeList): readonly string[] | undefined {
  return pool.relationships[list]?.data?.map(({ id }) => id).sort();
}

const mayManage =
  'Use the token of a user or team that may manage agent pools (team setting "Manage agent pools"), and check controlPlane.organization.';
