import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { emulatorCredentials, emulatorIds } from "../../../emulator/default-seed.ts";
import { type Emulator, startEmulator } from "../../../emulator/emulator.ts";
import { emulatorSettings } from "../../../emulator/environment.ts";
import type { Clock } from "../../clock.ts";
import { Connections } from "../../control-planes/connect.ts";
import type { ControlPlane } from "../../control-planes/control-plane.ts";
import type { ControlPlaneKind } from "../../control-planes/planes.ts";
import { fastClock } from "../../testing/clock.ts";
import { ResourceHandler } from "../framework/handler.ts";
import {
  type Lifecycle,
  type LifecycleContext,
  PartialFailure,
  type Properties,
} from "../framework/lifecycle.ts";
import type { Violation } from "../framework/violation.ts";
import { lifecycles, type ResourceName } from "../index.ts";
import { Claims } from "../ownership/claims.ts";

/** A control plane of the emulator, with something of it that a pool can be assigned to. */
export interface Plane {
  readonly kind: ControlPlaneKind;
  readonly controlPlane: { kind: ControlPlaneKind; organization: string; url: string };
  readonly target: Readonly<Record<string, string>>;
  readonly otherTarget: Readonly<Record<string, string>>;
}

/** An emulator, and a deployment's view of it. */
export interface World {
  readonly emulator: Emulator;
  /** Its time passes faster than that of the emulator. */
  readonly clock: Clock;
  readonly planes: readonly Plane[];
  /** What the user was warned of. */
  readonly warnings: string[];
  /** What the user was told of what updates do. */
  readonly plans: string[];
  /** What the user was told of waits. */
  readonly progress: string[];
  plane(kind: ControlPlaneKind): Plane;
  /** What a lifecycle may use of this deployment. */
  contextOf(subject: string): LifecycleContext;
  /** A resource driven as an adapter drives it. */
  resource(name: ResourceName, inputs: Properties): TestResource;
  /** A resource of another deployment, which runs at the same time. */
  resourceElsewhere(name: ResourceName, inputs: Properties): TestResource;
  /** Starts a new deployment: another process would have no memory of the one before. */
  nextDeployment(settings?: Record<string, string>): void;
  /** Ends this deployment as Ctrl-C does. */
  cancel(): void;
  /** A pool to assign, made by this deployment. */
  poolOn(kind: ControlPlaneKind, name?: string): Promise<TestResource>;
  /** The control plane as somebody else sees it. */
  outsider(kind: ControlPlaneKind): ControlPlane;
  /** Pools with that name, as the control plane has them. */
  poolsNamed(kind: ControlPlaneKind, name: string): Promise<readonly { id: string }[]>;
  /** The id of the pool that a target uses by a setting of its own, as the control plane has it. */
  poolOfTarget(kind: ControlPlaneKind, target: Plane["target"]): Promise<string | undefined>;
  /** Somebody else points a target at a pool; null: at none. */
  repoint(kind: ControlPlaneKind, target: Plane["target"], pool: TestResource | null): Promise<void>;
  close(): Promise<void>;
}

export async function openWorld(): Promise<World> {
  const emulator = await startEmulator();
  const clock = fastClock();
  // Clients of tests give up long before a window of a real limit is over.
  emulator.admin.setRateLimits({ hcpTerraform: null, envZero: null, pulumiCloud: null });
  const home = mkdtempSync(join(tmpdir(), "runner-pools-home-"));
  const formerHome = process.env["PULUMI_HOME"];
  process.env["PULUMI_HOME"] = home;
  const address = (kind: ControlPlaneKind) => ({
    kind,
    organization: emulatorIds.organization,
    url: emulator.url,
  });
  const planes: Plane[] = [
    {
      kind: "pulumi-cloud",
      controlPlane: address("pulumi-cloud"),
      target: { stack: "network/prod" },
      otherTarget: { stack: "app/prod" },
    },
    {
      kind: "env-zero",
      controlPlane: address("env-zero"),
      target: { project: emulatorIds.envZeroProjects.network },
      otherTarget: { project: emulatorIds.envZeroProjects.app },
    },
    {
      kind: "hcp-terraform",
      controlPlane: address("hcp-terraform"),
      target: { workspace: "network-prod" },
      otherTarget: { project: "platform" },
    },
  ];
  const warnings: string[] = [];
  const plans: string[] = [];
  const progress: string[] = [];
  const connect = (settings: Record<string, string> = { ...emulatorCredentials }) =>
    new Connections(
      { ...emulatorSettings(emulator.url), ...settings },
      { retries: { attempts: 3, firstDelay: 5, longestDelay: 20, totalTime: 30_000 }, clock },
    );
  let connections = connect();
  let claims = new Claims(clock);
  let cancellation = new AbortController();
  let resources = 0;
  const contextOf = (subject: string, own?: Claims): LifecycleContext => ({
    get connections() {
      return connections;
    },
    get claims() {
      return own ?? claims;
    },
    get cancelled() {
      return cancellation.signal;
    },
    clock,
    subject,
    warn: (message) => void warnings.push(message),
    inform: (message) => void plans.push(message),
    progress: (message) => void progress.push(message),
  });
  const resource = (name: ResourceName, inputs: Properties) =>
    new TestResource(lifecycles[name], `${name} "r${++resources}"`, contextOf, inputs);
  const resourceElsewhere = (name: ResourceName, inputs: Properties) => {
    const theirs = { connections: connect(), claims: new Claims(clock) };
    const subject = `${name} "r${++resources}"`;
    const contextThere = (own: string): LifecycleContext => ({ ...contextOf(own), ...theirs });
    return new TestResource(lifecycles[name], subject, contextThere, inputs);
  };
  const outsider = (kind: ControlPlaneKind) => connect().connect(address(kind));
  return {
    emulator,
    clock,
    planes,
    warnings,
    plans,
    progress,
    contextOf,
    plane: (kind) => planes.find((plane) => plane.kind === kind) as Plane,
    resource,
    resourceElsewhere,
    nextDeployment: (settings?: Record<string, string>) => {
      connections = connect(settings);
      claims = new Claims(clock);
      cancellation = new AbortController();
    },
    cancel: () => cancellation.abort(),
    poolOn: (kind, name = "builders") =>
      resource("RunnerPool", { controlPlane: address(kind), name }).create(),
    outsider,
    poolsNamed: async (kind, name) => {
      const pools = await outsider(kind).pools.list();
      return pools.filter((pool) => pool.name === name);
    },
    poolOfTarget: async (kind, target) => {
      const [entry] = Object.entries(target);
      const [targetKind = "", name = ""] = entry ?? [];
      return (await outsider(kind).assignments.find({ kind: targetKind, name }))?.poolId;
    },
    async repoint(kind, target, pool) {
      const { assignments } = outsider(kind);
      const [[targetKind = "", name = ""] = []] = Object.entries(target);
      const found = await assignments.find({ kind: targetKind, name }, { fresh: true });
      if (!found) throw new Error(`there is no ${targetKind} ${name}`);
      if (pool) await assignments.assign(found, String(pool.state["poolId"]));
      else await assignments.release(found, "inherit");
    },
    async close() {
      await emulator.stop();
      rmSync(home, { recursive: true });
      if (formerHome === undefined) delete process.env["PULUMI_HOME"];
      else process.env["PULUMI_HOME"] = formerHome;
    },
  };
}

/** One resource through its life: checked inputs, id and state, as the engine would keep them. */
export class TestResource {
  id = "";
  inputs: Properties = {};
  state: Properties = {};
  private readonly lifecycle: Lifecycle;
  private readonly handler: ResourceHandler;
  private readonly context: LifecycleContext;
  /** How messages name it. */
  readonly subject: string;
  private readonly contextOf: (subject: string, claims?: Claims) => LifecycleContext;
  private declared: Properties;
  /** What others of this resource took the place of, and is not deleted yet. */
  private readonly replaced: { readonly id: string; readonly state: Properties }[] = [];

  constructor(
    lifecycle: Lifecycle,
    subject: string,
    contextOf: (subject: string, claims?: Claims) => LifecycleContext,
    declared: Properties,
  ) {
    this.lifecycle = lifecycle;
    this.handler = new ResourceHandler(lifecycle);
    this.subject = subject;
    this.contextOf = contextOf;
    this.context = contextOf(subject);
    this.declared = declared;
  }

  /** Creates it. @throws what the lifecycle throws, or the violations of the check. */
  async create(): Promise<this> {
    const inputs = await this.check(false);
    const { id, state } = await this.keeping(inputs, () => this.handler.create(inputs, this.context));
    Object.assign(this, { id, inputs, state });
    return this;
  }

  /** Makes what takes this one's place, with the inputs that are declared now; the engine deletes this one after that. */
  replacement(): Promise<TestResource> {
    return new TestResource(this.lifecycle, this.subject, this.contextOf, this.declared).create();
  }

  /** Changes what is declared, and reports which inputs the next update would change. */
  async declare(change: Properties): Promise<string[]> {
    this.declared = { ...this.declared, ...change };
    return this.pendingChanges();
  }

  /** Inputs in which the declaration differs from what is known. */
  async pendingChanges(): Promise<string[]> {
    const { changes } = await this.difference();
    return [...new Set(changes.map(({ path }) => path.split(/[.[]/)[0] ?? ""))].sort();
  }

  /** What the next update would do, as the engine is told. */
  async difference() {
    const wanted = await this.check(true);
    return this.handler.diff({ before: this.inputs, state: this.state, wanted }, this.context);
  }

  /** Updates or replaces it, and deletes at once what was replaced: a deployment of this resource alone. */
  async update(): Promise<this> {
    await this.updateFirst();
    await this.deleteReplaced();
    return this;
  }

  /** Updates it, or makes what takes its place; what was replaced stays until {@link deleteReplaced}. */
  async updateFirst(): Promise<this> {
    const inputs = await this.check(true);
    const versions = { before: this.inputs, state: this.state, wanted: inputs };
    const { changes } = await this.handler.diff(versions, this.context);
    if (changes.some(({ replaces }) => replaces)) return this.replace(inputs);
    this.state = await this.keeping(inputs, () =>
      this.handler.update(this.id, this.state, inputs, this.context),
    );
    this.inputs = inputs;
    return this;
  }

  /**
   * Deletes what was replaced, as the engine does once everything else of the deployment is done. What fails stays, and
   * the next deployment tries again.
   */
  async deleteReplaced(): Promise<void> {
    for (let former = this.replaced[0]; former; former = this.replaced[0]) {
      await this.handler.delete(former.id, former.state, this.context);
      this.replaced.shift();
    }
  }

  /** Makes the new one. The old one waits for its deletion, also where the new one was made in part only. */
  private async replace(inputs: Properties): Promise<this> {
    const former = { id: this.id, state: this.state };
    await this.check(false);
    try {
      const { id, state } = await this.keeping(inputs, () => this.handler.create(inputs, this.context));
      Object.assign(this, { id, inputs, state });
    } finally {
      if (this.state !== former.state) this.replaced.push(former);
    }
    return this;
  }

  async needsUpdate(): Promise<boolean> {
    return (await this.difference()).needsUpdate;
  }

  /** Refreshes it. False: it is gone. */
  async refresh(): Promise<boolean> {
    const found = await this.handler.read(this.id, this.state, this.context);
    if (found) Object.assign(this, { inputs: found.inputs, state: found.state });
    return found !== undefined;
  }

  /** What an import by id alone finds. */
  async importedAs(id: string) {
    return this.handler.read(id, {}, this.context);
  }

  /** Declares it in this deployment, as its check does before anything is done. */
  declareHere(): Promise<void> {
    return this.declareIn();
  }

  /** Declares it in a deployment that deletes something else; by default in this one. */
  async declareIn(claims?: Claims): Promise<void> {
    const context = this.contextOf(this.subject, claims);
    const exists = this.id !== "";
    const previous = exists ? this.inputs : undefined;
    const { inputs, violations } = await this.handler.check({ ...this.declared }, context, { previous });
    if (violations.length > 0) throw new Error(textOf(violations));
    if (exists) await this.handler.diff({ before: this.inputs, state: this.state, wanted: inputs }, context);
  }

  /** Deletes it in a deployment whose program declares these others and not this one. */
  async delete(...others: readonly TestResource[]): Promise<void> {
    const claims = new Claims(this.context.clock);
    for (const other of others) await other.declareIn(claims);
    await this.handler.delete(this.id, this.state, this.contextOf(this.subject, claims));
  }

  /** Deletes it in this deployment, whose program no longer declares it. */
  deleteNow(): Promise<void> {
    return this.handler.delete(this.id, this.state, this.context);
  }

  /** What succeeded of a failure is kept, as the engine keeps it. */
  private async keeping<Result>(inputs: Properties, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof PartialFailure) Object.assign(this, { id: error.id, inputs, state: error.state });
      throw error;
    }
  }

  private async check(exists: boolean): Promise<Properties> {
    const { inputs, violations } = await this.handler.check(this.declared, this.context, {
      previous: exists ? this.inputs : undefined,
    });
    if (violations.length === 0) return inputs;
    throw new Error(textOf(violations));
  }
}

function textOf(violations: readonly Violation[]): string {
  return violations.map(({ property, reason }) => `${property}: ${reason}`).join("\n");
}
