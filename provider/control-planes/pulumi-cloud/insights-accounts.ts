import { CachedList } from "../cached-list";
import type { AssignedTarget, Freshness, Target } from "../control-plane";
import type { TargetDescription } from "../descriptor";
import { anyAnswer } from "../http/answer";
import { ControlPlaneError, hasStatus } from "../http/error";
import { displayName } from "./dialect";
import { readAllPages } from "./pages";
import type { PulumiCloudSession } from "./session";
import { confirmSeesAll, type TargetsOfKind } from "./targets";
import { insightsAccount, insightsAccountList } from "./wire";

export const insightsAccountTarget: TargetDescription = {
  plural: "insightsAccounts",
  description: "an Insights account, by its name, for its scans.",
  name: {
    pattern: /^(?!\.{1,2}(?:\/|$))[^\s/*]+(?:\/(?!\.{1,2}(?:\/|$))[^\s/*]+)*$/,
    words: "the name of an Insights account",
  },
  nameIsId: true,
  filters: [],
};

/** The largest page of the API. */
const pageSize = 1000;

/**
 * Cloud accounts of Insights, whose scans run in a pool. The API is in preview and knows accounts by name only, so the
 * name is the identity.
 */
export class InsightsAccounts implements TargetsOfKind {
  private readonly session: PulumiCloudSession;
  private readonly accounts: CachedList<AssignedTarget>;
  /** The service has refused a change without an environment. */
  private demandsEnvironment = false;

  constructor(session: PulumiCloudSession) {
    this.session = session;
    this.accounts = new CachedList(() => this.readAll());
  }

  async find(name: string): Promise<AssignedTarget | undefined> {
    const account = await this.read(name);
    return account && { ...target(name), poolId: account.agentPoolID || undefined };
  }

  /**
   * "All request body fields are optional; only provided fields are updated", says the description of `UpdateAccount`;
   * its schema requires `environment`. So only the pool is sent, lest a change that somebody makes at the same time is
   * reverted; and only where the service insists, the environment as it was read just before. Whether an empty string
   * clears the pool is not documented either. Hence the account is read again after each change: an environment that
   * was lost is put back, and a pool that is another than wanted is an error.
   */
  async write(name: string, poolId: string | undefined): Promise<boolean> {
    const before = await this.read(name);
    if (!before) return false;
    await this.change(name, poolId, before.providerEnvRef);
    let after = await this.read(name);
    if (before.providerEnvRef && after && !after.providerEnvRef) {
      await this.patch(name, poolId, before.providerEnvRef);
      after = await this.read(name);
    }
    if (after && (after.agentPoolID || undefined) !== poolId) throw this.notTaken(name, poolId, after);
    return after !== undefined;
  }

  async list(_filter: unknown, freshness?: Freshness): Promise<readonly Target[]> {
    return (await this.listAsKnown(freshness)).map(({ name }) => target(name));
  }

  listWithPools(): Promise<readonly AssignedTarget[]> {
    return this.listAsKnown({ fresh: true });
  }

  async confirmVisible(): Promise<void> {
    const what = { words: "Insights accounts", count: "accountCount" } as const;
    await confirmSeesAll(this.session, what, () => this.accounts.read({ fresh: true }));
  }

  /** Where the organization's plan does not include Insights (402), it has no accounts. */
  private async listAsKnown(freshness?: Freshness): Promise<readonly AssignedTarget[]> {
    try {
      return await this.accounts.read(freshness);
    } catch (error) {
      if (hasStatus(error, 402)) return [];
      throw error;
    }
  }

  private async change(
    name: string,
    poolId: string | undefined,
    environment: string | null | undefined,
  ): Promise<void> {
    if (!this.demandsEnvironment) {
      try {
        return await this.patch(name, poolId);
      } catch (error) {
        if (!environment || !hasStatus(error, 400)) throw error;
      }
    }
    const account = await this.read(name);
    await this.patch(name, poolId, account?.providerEnvRef ?? "");
    this.demandsEnvironment = true;
  }

  private async patch(name: string, poolId: string | undefined, environment?: string): Promise<void> {
    await this.session.api.send(
      {
        operation: `${poolId ? `assign agent pool ${poolId} to` : "take the agent pool from"} Insights account ${name}`,
        method: "PATCH",
        path: this.path(name),
        body: { agentPoolID: poolId ?? "", environment },
      },
      anyAnswer,
    );
  }

  private read(name: string) {
    const call = {
      operation: `read Insights account ${name}`,
      method: "GET",
      path: this.path(name),
    } as const;
    return this.session.api.find(call, insightsAccount);
  }

  private readAll(): Promise<AssignedTarget[]> {
    const operation = `list the Insights accounts of organization ${this.session.organization}`;
    return readAllPages(operation, async (continuationToken) => {
      const { accounts, nextToken } = await this.session.api.send(
        { operation, method: "GET", path: this.path(), query: { count: pageSize, continuationToken } },
        insightsAccountList,
      );
      const items = (accounts ?? []).map(({ name, agentPoolID }) => ({
        ...target(name),
        poolId: agentPoolID || undefined,
      }));
      return { items, next: nextToken };
    });
  }

  private notTaken(
    name: string,
    poolId: string | undefined,
    after: { agentPoolID?: string | null | undefined },
  ) {
    return new ControlPlaneError({
      plane: displayName,
      operation: `${poolId ? `assign agent pool ${poolId} to` : "take the agent pool from"} Insights account ${name}`,
      message: `the service took the change, but the account uses ${after.agentPoolID ? `agent pool ${after.agentPoolID}` : "no agent pool"} now`,
      advice: "Somebody else may have changed it at the same time: run again, or set it in the console.",
    });
  }

  private path(...parts: readonly string[]): string {
    const { organization } = this.session;
    return [
      `/api/preview/insights/${encodeURIComponent(organization)}/accounts`,
      ...parts.map(encodeURIComponent),
    ].join("/");
  }
}

function target(name: string): Target {
  return { kind: "insightsAccount", id: name, name };
}
