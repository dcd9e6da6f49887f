import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findCli } from "./choose.ts";
import { pulumiCliEngine } from "./cli/cli-engine.ts";
import type { PropertyValue } from "./deployment.ts";
import type { Engine, Stack, StackOptions } from "./engine.ts";
import { standInEngine } from "./stand-in/stand-in-engine.ts";

/** An engine that scenarios run on; one that is not there has a reason instead. */
export interface EngineUnderTest {
  name: string;
  engine?: Engine;
}

const cliVersion = findCli();

/** All engines: the scenarios run on each one that is there. */
export const ENGINES: EngineUnderTest[] = [
  { name: "stand-in", engine: standInEngine() },
  cliVersion === undefined
    ? { name: "pulumi (skipped: there is no `pulumi` on the PATH)" }
    : { name: "pulumi", engine: pulumiCliEngine(cliVersion) },
];

/** One resource of a described program; values may be references: `{ output: "other.serial" }`. */
export interface DescribedResource {
  name: string;
  /** @default "thing" */
  kind?: "thing" | "group";
  args?: Record<string, unknown>;
  options?: Record<string, unknown>;
  /** Id of a thing that is only read. */
  get?: string;
}

/** A program as data, see fixtures/described. */
export interface Description {
  resources: DescribedResource[];
  outputs?: Record<string, unknown>;
  /** The program throws this at its end. */
  fail?: string;
}

/** A call that the fixtures' provider got. */
export interface RecordedCall {
  call: "check" | "diff" | "create" | "read" | "update" | "delete";
  pid: number;
  id?: string;
  olds?: Record<string, PropertyValue>;
  news?: Record<string, PropertyValue>;
  inputs?: Record<string, PropertyValue>;
}

/** A stack of the described program, with a store of its own behind its provider. */
export class World {
  readonly folder: string;
  readonly stack: Stack;

  private constructor(folder: string, stack: Stack) {
    this.folder = folder;
    this.stack = stack;
  }

  static async create(engine: Engine, options: Partial<StackOptions> = {}): Promise<World> {
    const folder = mkdtempSync(join(tmpdir(), "engine-world-"));
    mkdirSync(join(folder, "store"));
    writeFileSync(join(folder, "calls"), "");
    const stack = await engine.createStack({
      program: fileURLToPath(new URL("fixtures/described", import.meta.url)),
      workFolder: join(folder, "stack"),
      ...options,
      environment: {
        THING_STORE: join(folder, "store"),
        THING_CALLS: join(folder, "calls"),
        THING_PROGRAM: join(folder, "program.json"),
        THING_HEALED: join(folder, "healed"),
        ...options.environment,
      },
    });
    return new World(folder, stack);
  }

  /** Changes the program; things given as a list have no outputs. */
  program(description: Description | DescribedResource[]): void {
    const full = Array.isArray(description) ? { resources: description } : description;
    writeFileSync(join(this.folder, "program.json"), JSON.stringify(full));
  }

  /** Lets providers live that are told to die or to hang by an input. */
  heal(): void {
    appendFileSync(join(this.folder, "healed"), "");
  }

  /** What the provider was asked since the last time. */
  calls(): RecordedCall[] {
    const file = join(this.folder, "calls");
    const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
    writeFileSync(file, "");
    return lines.map((line) => JSON.parse(line) as RecordedCall);
  }

  /** Ids of the things that are really there. */
  store(): string[] {
    const files = readdirSync(join(this.folder, "store"));
    return files.filter((file) => file.endsWith(".json")).map((file) => file.slice(0, -".json".length));
  }

  /** Changes a thing behind the engine's back; undefined takes it away. */
  drift(id: string, change: Record<string, PropertyValue> | undefined): void {
    const file = join(this.folder, "store", `${id}.json`);
    if (!existsSync(file)) {
      throw new Error(`there is no thing '${id}' in the store, only ${this.store().join(", ")}`);
    }
    if (change === undefined) {
      rmSync(file);
    } else {
      writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), ...change }));
    }
  }

  async dispose(): Promise<void> {
    await this.stack.dispose();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The URN of a thing in the described program. */
export function thingUrn(name: string): string {
  return `urn:pulumi:dev::described::pulumi-nodejs:dynamic/fixture:Thing::${name}`;
}
