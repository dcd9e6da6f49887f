import { emulatorIds } from "../../../emulator/default-seed.ts";
import type { AssignedTarget, ControlPlane } from "../../control-planes/control-plane.ts";
import type { LifecycleContext } from "../framework/lifecycle.ts";
import { targetKey } from "../ownership/claim-keys.ts";
import { type Claim, Claims } from "../ownership/claims.ts";
import {
  type Assigned,
  type Assigning,
  assignTarget,
  type Released,
  type Releasing,
  releaseTarget,
} from "../targets/assigning.ts";
import { openWorld, type World } from "./world.ts";

export const { organization } = emulatorIds;

/** The workspace that tests assign. */
export const reference = { kind: "workspace", name: "network-prod" };

/** A claim of another resource. */
export const claim = (more: Partial<Claim>): Claim => ({
  owner: "b",
  declared: [],
  resolve: async () => [],
  ...more,
});

/** HCP Terraform, where pools have lists of those that may use them, with two pools and a workspace. */
export class TargetWorld {
  readonly world: World;
  readonly plane: ControlPlane;
  /** What the deployment declares: nothing, at first. */
  claims: Claims;
  /** Ends the deployment once it is aborted. */
  cancelled: AbortSignal | undefined;
  /** Id of a pool. */
  one = "";
  /** Id of another pool. */
  two = "";

  constructor(world: World) {
    this.world = world;
    this.plane = world.outsider("hcp-terraform");
    this.claims = new Claims(world.clock);
  }

  /** Makes a pool and gives its id. */
  async makePool(name: string, organizationScoped = false): Promise<string> {
    return (await this.plane.pools.create({ name, scope: { organizationScoped } })).pool.id;
  }

  /** Ids of the workspaces that may use a pool, as the service has them. */
  async allowed(poolId: string): Promise<readonly string[]> {
    const pool = await this.plane.pools.find(poolId, { fresh: true });
    return pool?.scope?.allowedWorkspaces ?? [];
  }

  /** The workspace as it is now. */
  async workspace(): Promise<AssignedTarget> {
    const found = await this.world.outsider("hcp-terraform").assignments.find(reference);
    if (!found) throw new Error("the workspace is gone");
    return found;
  }

  async poolNow(): Promise<string | undefined> {
    return (await this.workspace()).poolId;
  }

  async keyOfWorkspace(): Promise<string> {
    return targetKey(this.plane, organization, await this.workspace());
  }

  /** Somebody assigns the workspace to a pool. */
  async repoint(poolId: string): Promise<void> {
    await this.world.outsider("hcp-terraform").assignments.assign(await this.workspace(), poolId);
  }

  /** How many changes were sent to the service. */
  changesSent(): number {
    return this.world.emulator.admin
      .journal({ plane: "hcp-terraform" })
      .filter(({ method }) => method !== "GET").length;
  }

  assign(poolId: string, more: Partial<Assigning> = {}, name = reference.name): Promise<Assigned> {
    const assigning = { poolId, overwrite: false, activeWorkTimeoutSeconds: 0, ...more };
    return assignTarget(this.plane, { ...reference, name }, assigning, this.context());
  }

  release(poolId: string, more: Partial<Releasing> = {}): Promise<Released> {
    const how = { fallback: "inherit", accessGranted: true, activeWorkTimeoutSeconds: 0 } as const;
    return releaseTarget(this.plane, reference, { poolId, ...how, ...more }, this.context());
  }

  /** Begins a run in the workspace and gives its id. */
  queueRun(): string {
    const { hcpTerraform } = this.world.emulator.admin;
    return hcpTerraform.queueRun({ organization, workspace: reference.name, status: "planning" }).id;
  }

  /** Does something once a run of the workspace was looked at, so during the wait for its end, and ends the run. */
  meanwhile(run: () => unknown): void {
    const id = this.queueRun();
    this.world.emulator.admin.interpose({
      method: "GET",
      path: "/runs/",
      when: "after",
      times: 1,
      run: async () => {
        this.world.emulator.admin.hcpTerraform.updateRun({ id, status: "applied" });
        await run();
      },
    });
  }

  private context(): LifecycleContext {
    return {
      claims: this.claims,
      clock: this.world.clock,
      subject: 'Thing "a"',
      connections: undefined as never,
      warn: () => undefined,
      inform: () => undefined,
      progress: () => undefined,
      cancelled: this.cancelled,
    };
  }
}

/** Opens it, with an emulator of its own. */
export async function openTargetWorld(): Promise<TargetWorld> {
  const opened = new TargetWorld(await openWorld());
  opened.one = await opened.makePool("one");
  opened.two = await opened.makePool("two");
  return opened;
}
