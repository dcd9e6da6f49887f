import { CachedList } from "../cached-list";
import type { Freshness, Pool } from "../control-plane";
import type { HttpTransport } from "../http/http";
import { poolList, toIsoTime } from "./wire";

/** What one answer tells of all pools. */
export interface ListedPools {
  readonly pools: readonly Pool[];
  /** Undefined: the organization uses the Pulumi hosted pool. */
  readonly defaultPoolId: string | undefined;
}

/** The pools of an organization and which of them is its default. All parts share the one answer that tells both. */
export class PoolList {
  private readonly answers: CachedList<ListedPools>;

  constructor(api: HttpTransport, organization: string) {
    this.answers = new CachedList<ListedPools>(async () => {
      const { agentPools, defaultAgentPoolID } = await api.send(
        {
          operation: `list the agent pools of organization ${organization}`,
          method: "GET",
          path: `/api/orgs/${encodeURIComponent(organization)}/agent-pools`,
        },
        poolList,
      );
      const pools = agentPools.map(({ id, name, description, created }) => ({
        id,
        name,
        description: description ?? "",
        createdAt: toIsoTime(created),
      }));
      return [{ pools, defaultPoolId: defaultAgentPoolID || undefined }];
    });
  }

  /** @throws ControlPlaneError where the token may not see agent pools: 403, or 404 for the organization. */
  async read(freshness?: Freshness): Promise<ListedPools> {
    const [answer] = await this.answers.read(freshness);
    return answer as ListedPools;
  }

  /** Tells the list what we changed ourselves. */
  change(edit: (answer: ListedPools) => ListedPools): void {
    this.answers.change((answers) => answers.map(edit));
  }
}
