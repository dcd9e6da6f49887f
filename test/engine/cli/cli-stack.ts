import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { promisify } from "node:util";
import automation, {
  type Stack as AutomationStack,
  type EngineEvent,
  type LocalWorkspace,
} from "@pulumi/pulumi/automation/index.js";
import type { Deployment } from "../deployment.ts";
import type { ImportedResource, OperationOptions, OperationResult, Stack } from "../engine.ts";
import { EventCollector } from "./event-collector.ts";

const execute = promisify(execFile);
const MAX_OUTPUT_BYTES = 1024 ** 3;

/** What a stack of the CLI consists of. */
export interface CliStackOptions {
  name: string;
  project: string;
  stack: AutomationStack;
  workspace: LocalWorkspace;
  parallel: number | undefined;
  workFolder: string;
  ownsWorkFolder: boolean;
}

/** What the CLI's operations have in common. */
interface CommonOptions {
  target?: string[];
  targetDependents?: boolean;
  expectNoChanges?: boolean;
  refresh?: boolean;
  parallel?: number;
  signal?: AbortSignal;
  color: "never";
  onEvent: (event: EngineEvent) => void;
}

/** A stack whose operations are done by the Pulumi CLI. */
export class CliStack implements Stack {
  readonly name: string;
  readonly project: string;
  private readonly options: CliStackOptions;
  private readonly stack: AutomationStack;

  constructor(options: CliStackOptions) {
    this.options = options;
    this.name = options.name;
    this.project = options.project;
    this.stack = options.stack;
  }

  preview(options: OperationOptions = {}): Promise<OperationResult> {
    return this.run(options, (common) => this.stack.preview({ ...common, replace: options.replace }));
  }

  up(options: OperationOptions = {}): Promise<OperationResult> {
    return this.run(options, (common) => this.stack.up({ ...common, replace: options.replace }));
  }

  refresh(options: OperationOptions = {}): Promise<OperationResult> {
    return this.run(options, (common) => this.stack.refresh(common));
  }

  destroy(options: OperationOptions = {}): Promise<OperationResult> {
    return this.run(options, (common) => this.stack.destroy(common));
  }

  importResources(resources: ImportedResource[], options: OperationOptions = {}): Promise<OperationResult> {
    // The CLI names parents and providers in a table of its own.
    const nameTable: Record<string, string> = {};
    const named = (prefix: string, index: number, urn: string | undefined) => {
      if (urn === undefined) {
        return {};
      }
      nameTable[`${prefix}${index}`] = urn.split("::").slice(0, 4).join("::");
      return { [prefix]: `${prefix}${index}` };
    };
    const listed = resources.map(({ type, name, id, version, parent, provider }, index) => ({
      type,
      name,
      id,
      ...(version && { version }),
      ...named("parent", index, parent),
      ...named("provider", index, provider),
    }));
    const protect = resources.some((resource) => resource.protect);
    return this.run(options, ({ onEvent: _, ...common }) =>
      this.stack.import({ ...common, resources: listed, nameTable, protect, generateCode: false }),
    );
  }

  async exportState(): Promise<Deployment> {
    // The Automation API exports secrets in plain; a state that is handed on keeps them encrypted.
    return JSON.parse(await this.pulumi("stack", "export")) as Deployment;
  }

  async importState(deployment: Deployment): Promise<void> {
    await this.stack.importStack(deployment);
  }

  async setConfig(key: string, value: string, options: { secret?: boolean } = {}): Promise<void> {
    await this.stack.setConfig(key, { value, secret: options.secret });
  }

  async outputs(options: { showSecrets?: boolean } = {}): Promise<Record<string, unknown>> {
    const flags = options.showSecrets ? ["--show-secrets"] : [];
    return JSON.parse(await this.pulumi("stack", "output", "--json", ...flags)) as Record<string, unknown>;
  }

  async dispose(): Promise<void> {
    if (this.options.ownsWorkFolder) {
      rmSync(this.options.workFolder, { recursive: true, force: true });
    }
  }

  /** Runs a command that the Automation API has not, or not in this form. */
  private async pulumi(...args: string[]): Promise<string> {
    const { workDir, envVars, pulumiHome = "" } = this.options.workspace;
    const env = { ...envVars, PULUMI_HOME: pulumiHome };
    const options = { cwd: workDir, env, maxBuffer: MAX_OUTPUT_BYTES };
    const { stdout } = await execute("pulumi", [...args, "--stack", this.name, "--non-interactive"], options);
    return stdout;
  }

  private async run(
    options: OperationOptions,
    operation: (common: CommonOptions) => Promise<unknown>,
  ): Promise<OperationResult> {
    const start = performance.now();
    const events = new EventCollector(options.onEvent);
    const { targets, targetDependents, expectNoChanges, refresh, signal } = options;
    let hasSucceeded = true;
    try {
      await operation({
        ...(targets && { target: targets }),
        ...{ targetDependents, expectNoChanges, refresh, signal },
        parallel: this.options.parallel,
        color: "never",
        onEvent: events.add,
      });
    } catch (error) {
      if (!(error instanceof automation.CommandError)) {
        throw error;
      }
      hasSucceeded = false;
      if (!events.diagnostics.some(({ severity }) => severity === "error")) {
        events.diagnostic({ severity: "error", message: error.message });
      }
    }
    return {
      result: hasSucceeded ? "succeeded" : "failed",
      changes: events.changes,
      steps: events.steps,
      diagnostics: events.diagnostics,
      outputs: await this.outputs({ showSecrets: true }),
      durationMs: performance.now() - start,
    };
  }
}
