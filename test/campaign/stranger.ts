import { type Emulator, emulatorCredentials, emulatorIds } from "../../emulator/index.ts";
import type { StrangerAct } from "./history.ts";
import { keyOf, type PlaneKind, planes, type Target, targets } from "./organization.ts";

const organization = emulatorIds.organization;

/** The name of the stranger's pool to which it takes targets, on every plane. */
export const strangersPool = "strangers";

/** The name of the stranger's pool that everybody may use, on every plane. */
export const commonPool = "common";

/** Setting of some stacks that is no business of ours. */
export const keptTag = "the-strangers-tag";

/** Stacks that have {@link keptTag}. */
export const taggedStacks = ["app/s1", "net/s1", "ops/s1"];

/** Somebody else who works in the organization, and who remembers what they did. */
export class Stranger {
  /** Ids of the stranger's pools by plane and name. */
  readonly pools = new Map<string, string>();
  /** Ids of tokens, by the key of the pool. */
  readonly tokens = new Map<string, string>();
  /** Names of the stranger's pools that targets are on, by the target's key. */
  readonly assigned = new Map<string, string>();
  /** Names of workspaces that the stranger lets use the shared pool. */
  readonly shares = new Set<string>();
  readonly defaults = new Set<PlaneKind>();
  private readonly emulator: Emulator;

  private constructor(emulator: Emulator) {
    this.emulator = emulator;
  }

  /** Makes what is the stranger's from the beginning. */
  static async settleIn(emulator: Emulator): Promise<Stranger> {
    const stranger = new Stranger(emulator);
    for (const plane of planes) {
      stranger.makePool(plane, strangersPool);
      stranger.makePool(plane, commonPool);
      const own = targets.filter((target) => target.plane === plane && target.group === "ops");
      for (const target of own.slice(0, 2)) stranger.take(target);
      for (const target of own.slice(2)) stranger.assigned.set(keyOf(target), "");
    }
    const workspace = targets.find(({ kind, group }) => kind === "workspace" && group === "ops");
    if (workspace) stranger.do({ kind: "share", target: workspace });
    for (const stack of taggedStacks) await stranger.tag(stack);
    return stranger;
  }

  do(act: StrangerAct): void {
    if (act.kind === "take") this.take(act.target);
    else if (act.kind === "release") this.release(act.target);
    else if (act.kind === "make-pool") this.makePool(act.plane, act.name);
    else if (act.kind === "share") this.share(act.target.name);
    else this.setDefault(act.plane, act.isSet);
  }

  /** The control plane's id of one of the stranger's pools. */
  idOf(plane: PlaneKind, pool: string): string {
    return this.pools.get(`${plane} ${pool}`) ?? "";
  }

  private makePool(plane: PlaneKind, name: string): void {
    const { pulumiCloud, envZero, hcpTerraform } = this.emulator.admin;
    const key = `${plane} ${name}`;
    if (this.pools.has(key)) return;
    if (plane === "pulumi-cloud") {
      this.pools.set(key, pulumiCloud.createAgentPool({ organization, name }).id);
    } else if (plane === "env-zero") {
      const organizationId = emulatorIds.envZeroOrganizationId;
      const { id } = envZero.createAgent({ organizationId, name });
      this.pools.set(key, id);
      this.tokens.set(key, envZero.createAgentSecret({ agentId: id }).id);
    } else {
      const { id } = hcpTerraform.createAgentPool({
        organization,
        name,
        organizationScoped: name !== commonPool,
      });
      this.pools.set(key, id);
      this.tokens.set(key, hcpTerraform.createAgentToken({ agentPoolId: id }).id);
    }
  }

  private take(target: Target): void {
    this.point(target, this.idOf(target.plane, strangersPool));
    this.assigned.set(keyOf(target), strangersPool);
  }

  private release(target: Target): void {
    this.point(target, null);
    this.assigned.delete(keyOf(target));
  }

  private point({ plane, kind, name }: Target, agentPoolId: string | null): void {
    const { pulumiCloud, envZero, hcpTerraform } = this.emulator.admin;
    if (plane === "pulumi-cloud") {
      const target =
        kind === "stack"
          ? { stack: name }
          : kind === "policyGroup"
            ? { policyGroup: name }
            : { insightsAccount: name };
      pulumiCloud.assign({ organization, target, agentPoolId });
    } else if (plane === "env-zero") {
      envZero.assign({ projectId: name, agentId: agentPoolId });
    } else {
      const target = kind === "workspace" ? { workspace: name } : { project: name };
      hcpTerraform.assign({ organization, target, agentPoolId: agentPoolId ?? "inherit" });
    }
  }

  private share(workspace: string): void {
    const { hcpTerraform } = this.emulator.admin;
    const { workspaces, agentPools } = this.emulator.admin.snapshot().hcpTerraform;
    const agentPoolId = this.idOf("hcp-terraform", commonPool);
    const id = workspaces.find(({ name }) => name === workspace)?.id ?? "";
    const listed = agentPools.find((pool) => pool.id === agentPoolId)?.allowedWorkspaceIds ?? [];
    hcpTerraform.updateAgentPool({ agentPoolId, allowedWorkspaceIds: [...new Set([...listed, id])] });
    this.shares.add(workspace);
  }

  private setDefault(plane: PlaneKind, isSet: boolean): void {
    const agentPoolId = isSet ? this.idOf(plane, strangersPool) : null;
    if (plane === "pulumi-cloud") {
      this.emulator.admin.pulumiCloud.setDefaultAgentPool({ organization, agentPoolId });
    } else {
      this.emulator.admin.hcpTerraform.setDefaultAgentPool({ organization, agentPoolId });
    }
    if (isSet) this.defaults.add(plane);
    else this.defaults.delete(plane);
  }

  /** Gives a stack a deployment setting beside its pool. */
  private async tag(stack: string): Promise<void> {
    const response = await fetch(
      `${this.emulator.url}/api/stacks/${organization}/${stack}/deployments/settings`,
      {
        method: "POST",
        headers: {
          authorization: `token ${emulatorCredentials.pulumiCloudAccessToken}`,
          accept: "application/vnd.pulumi+8",
          "content-type": "application/json",
        },
        body: JSON.stringify({ tag: keptTag }),
      },
    );
    if (!response.ok) throw new Error(`tagging ${stack}: ${response.status} ${await response.text()}`);
  }
}
