import { CachedList } from "../cached-list";
import type { AssignedTarget, Freshness, Target } from "../control-plane";
import type { TargetDescription } from "../descriptor";
import { anyAnswer } from "../http/answer";
import { ControlPlaneError } from "../http/error";
import { displayName } from "./dialect";
import { organizationPath, type PulumiCloudSession } from "./session";
import type { TargetsOfKind } from "./targets";
import { policyGroup, policyGroupList } from "./wire";

export const policyGroupTarget: TargetDescription = {
  plural: "policyGroups",
  description: "an audit policy group, by its name, for its evaluations.",
  name: {
    pattern: /^(?!\.{1,2}$)[^\s/*](?:[^/*]*[^\s/*])?$/,
    words: "the name of a policy group",
  },
  nameIsId: true,
  filters: [],
};

/** Policy groups. Only audits run in a pool: preventative groups are evaluated by the command line. */
export class PolicyGroups implements TargetsOfKind {
  private readonly session: PulumiCloudSession;
  private readonly auditGroups: CachedList<Target>;
  private readonly groupsWithPools: CachedList<AssignedTarget>;

  constructor(session: PulumiCloudSession) {
    this.session = session;
    this.auditGroups = new CachedList(() => this.readAll());
    this.groupsWithPools = new CachedList(() => this.readAllWithPools());
  }

  async find(name: string): Promise<AssignedTarget | undefined> {
    const group = await this.read(name);
    return group && { ...target(name), poolId: group.agentPoolId || undefined };
  }

  /** "Set to empty string to clear, omit to leave unchanged." (API: `UpdatePolicyGroup`.) */
  async write(name: string, poolId: string | undefined): Promise<boolean> {
    if (poolId !== undefined) await this.refusePreventative(name, poolId);
    const done = await this.session.api.find(
      {
        operation: `${poolId ? `assign agent pool ${poolId} to` : "take the agent pool from"} policy group ${name}`,
        method: "PATCH",
        path: this.path(name),
        body: { agentPoolId: poolId ?? "" },
      },
      anyAnswer,
    );
    return done ?? false;
  }

  /** Audit groups only: nothing can be assigned to the others. */
  list(_filter: unknown, freshness?: Freshness): Promise<readonly Target[]> {
    return this.auditGroups.read(freshness);
  }

  /** The list does not tell the pools. Organizations have few audit groups, and pools that are deleted at a time share one look. */
  listWithPools(): Promise<readonly AssignedTarget[]> {
    return this.groupsWithPools.read({ fresh: true });
  }

  /** The list shows every group of the organization to those that may see any. */
  async confirmVisible(): Promise<void> {
    await this.auditGroups.read({ fresh: true });
  }

  private async refusePreventative(name: string, poolId: string): Promise<void> {
    const group = await this.read(name);
    if (group?.mode !== "preventative") return;
    throw new ControlPlaneError({
      plane: displayName,
      operation: `assign agent pool ${poolId} to policy group ${name}`,
      message: "the group is preventative: its policies run in the command line and use no agent pool",
      advice: "Name an audit policy group.",
    });
  }

  private read(name: string) {
    const call = { operation: `read policy group ${name}`, method: "GET", path: this.path(name) } as const;
    return this.session.api.find(call, policyGroup);
  }

  private async readAll(): Promise<Target[]> {
    const { api, organization } = this.session;
    const { policyGroups } = await api.send(
      {
        operation: `list the policy groups of organization ${organization}`,
        method: "GET",
        path: this.path(),
      },
      policyGroupList,
    );
    return policyGroups.filter(({ mode }) => mode === "audit").map(({ name }) => target(name));
  }

  private async readAllWithPools(): Promise<AssignedTarget[]> {
    const groups = await this.auditGroups.read({ fresh: true });
    const found = await Promise.all(groups.map(({ name }) => this.find(name)));
    return found.filter((group) => group !== undefined);
  }

  private path(...parts: readonly string[]): string {
    return organizationPath(this.session.organization, "policygroups", ...parts);
  }
}

function target(name: string): Target {
  return { kind: "policyGroup", id: name, name };
}
