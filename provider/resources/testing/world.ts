import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { emulatorCredentials, emulatorIds } from "../../../emulator/default-seed.ts";
import { type Emulator, startEmulator } from "../../../emulator/emulator.ts";
import { Connections } from "../../control-planes/connect.ts";
import type { ControlPlane, Target } from "../../control-planes/control-plane.ts";
import type { ControlPlaneKind } from "../../control-planes/kinds.ts";
import { checkInputs } from "../check.ts";
import { lifecycles, type ResourceName } from "../index.ts";
import type { Lifecycle, LifecycleContext, Properties } from "../lifecycle.ts";

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
  readonly planes: readonly Plane[];
  /** What the user was warned of. */
  readonly warnings: string[];
  /** What the user was told of waits. */
  readonly progress: string[];
  plane(kind: ControlPlaneKind): Plane;
  /** A resource driven as an adapter drives it. */
  resource(name: ResourceName, inputs: Properties): TestResource;
  /** Starts a new deployment: another process would have no memory of the one before. */
  nextDeployment(settings?: Record<string, string>): void;
  /** A pool to assign, made by this deployment. */
  poolOn(kind: ControlPlaneKind, name?: string): Promise<TestResource>;
  /** The control plane as somebody else sees it. */
  outsider(kind: ControlPlaneKind): ControlPlane;
  /** Pools with that name, as the control plane has them. */
  poolsNamed(kind: ControlPlaneKind, name: string): Promise<readonly { id: string }[]>;
  /** The id of the pool that a target uses by a setting of its own, as the control plane has it. */
  poolOfTarget(kind: ControlPlaneKind, target: Plane["target"]): Promise<string | undefined>;
  close(): Promise<void>;
}

export async function openWorld(): Promise<World> {
  const emulator = await startEmulator();
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
  const progress: string[] = [];
  const connect = (settings: Record<string, string> = { ...emulatorCredentials }) =>
    new Connections(settings, { retries: { attempts: 3, firstDelay: 5, longestDelay: 20, totalTime: 3000 } });
  let connections = connect();
  const context: LifecycleContext = {
    get connections() {
      return connections;
    },
    warn: (message) => void warnings.push(message),
    progress: (message) => void progress.push(message),
  };
  const resource = (name: ResourceName, inputs: Properties) =>
    new TestResource(lifecycles[name], context, inputs);
  const outsider = (kind: ControlPlaneKind) => connect().connect(address(kind));
  return {
    emulator,
    planes,
    warnings,
    progress,
    plane: (kind) => planes.find((plane) => plane.kind === kind) as Plane,
    resource,
    nextDeployment: (settings?: Record<string, string>) => {
      connections = connect(settings);
    },
    poolOn: (kind, name = "builders") =>
      resource("RunnerPool", { controlPlane: address(kind), name }).create(),
    outsider,
    poolsNamed: async (kind, name) => {
      const pools = await outsider(kind).listPools();
      return pools.filter((pool) => pool.name === name);
    },
    poolOfTarget: async (kind, target) => {
      const [entry] = Object.entries(target);
      const [targetKind, name] = entry ?? [];
      return (await outsider(kind).findAssignment({ kind: targetKind, name } as Target))?.poolId;
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
  private readonly context: LifecycleContext;
  private declared: Properties;

  constructor(lifecycle: Lifecycle, context: LifecycleContext, declared: Properties) {
    this.lifecycle = lifecycle;
    this.context = context;
    this.declared = declared;
  }

  /** Creates it. @throws what the lifecycle throws, or the failures of the check. */
  async create(): Promise<this> {
    const inputs = this.check(false);
    const { id, state } = await this.lifecycle.create(inputs, this.context);
    Object.assign(this, { id, inputs, state });
    return this;
  }

  /** Changes what is declared, and reports which inputs the next update would change. */
  declare(change: Properties): string[] {
    this.declared = { ...this.declared, ...change };
    return this.pendingChanges();
  }

  /** Inputs in which the declaration differs from what is known, as the engine would compare them. */
  pendingChanges(): string[] {
    const wanted = this.check(true);
    const keys = new Set([...Object.keys(wanted), ...Object.keys(this.inputs)]);
    return [...keys].filter((key) => !isDeepStrictEqual(plain(wanted[key]), plain(this.inputs[key]))).sort();
  }

  async update(): Promise<this> {
    const inputs = this.check(true);
    this.state = await this.lifecycle.update(this.id, this.state, inputs, this.context);
    this.inputs = inputs;
    return this;
  }

  async outdated(): Promise<boolean> {
    return (await this.lifecycle.outdated?.(this.state, this.check(true), this.context)) ?? false;
  }

  /** Refreshes it. False: it is gone. */
  async refresh(): Promise<boolean> {
    const found = await this.lifecycle.read(this.id, this.state, this.context);
    if (found) Object.assign(this, { inputs: found.inputs, state: found.state });
    return found !== undefined;
  }

  /** What an import by id alone finds. */
  async importedAs(id: string) {
    return this.lifecycle.read(id, {}, this.context);
  }

  async delete(): Promise<void> {
    await this.lifecycle.delete(this.id, this.state, this.context);
  }

  private check(exists: boolean): Properties {
    const { inputs, failures } = checkInputs(this.lifecycle, this.declared, this.context, { exists });
    if (failures.length === 0) return inputs;
    throw new Error(failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n"));
  }
}

/** As JSON has it: without what is undefined. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
