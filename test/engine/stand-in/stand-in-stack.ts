import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Deployment } from "../deployment.ts";
import type { ImportedResource, OperationOptions, OperationResult, Stack } from "../engine.ts";
import { STACK_TYPE } from "../urn.ts";
import { startEngineService } from "./engine-service.ts";
import { withHiddenSecrets } from "./hidden-secrets.ts";
import { importResources } from "./import.ts";
import type { InProcess } from "./in-process-stack.ts";
import { Operation } from "./operation.ts";
import type { Project } from "./project.ts";
import { mapWithoutSecrets } from "./property-values.ts";
import { Providers } from "./providers.ts";
import { refreshResources } from "./refresh.ts";
import { Reporter } from "./reporter.ts";
import { destroyEverything, runProgram } from "./run-program.ts";
import { Secrets } from "./secrets.ts";
import { Snapshot } from "./snapshot.ts";
import type { StackConfig } from "./stack-config.ts";
import {
  decodeDeployment,
  encodeDeployment,
  readDeployment,
  type State,
  writeFileAtomically,
} from "./state-file.ts";

/** What a stack of the stand-in consists of. */
export interface StandInStackOptions {
  name: string;
  project: Project;
  organization: string;
  environment: NodeJS.ProcessEnv;
  workFolder: string;
  /** Whether the folder goes with the stack. */
  ownsWorkFolder: boolean;
  parallel: number;
  passphrase: string;
  secrets: Secrets;
  config: StackConfig;
  engineVersion: string;
  /** What runs in this process; the state is in memory then. */
  inProcess?: InProcess;
}

type Kind = "update" | "refresh" | "destroy" | { imports: ImportedResource[] };

/** A stack whose state is a file, worked on by the stand-in. */
export class StandInStack implements Stack {
  readonly name: string;
  readonly project: string;
  private readonly options: StandInStackOptions;
  private readonly stateFile: string;
  private stateInMemory: State | undefined;
  private isBusy = false;

  constructor(options: StandInStackOptions) {
    this.options = options;
    this.name = options.name;
    this.project = options.project.name;
    this.stateFile = join(options.workFolder, `${options.name}.state.json`);
  }

  preview(options: OperationOptions = {}): Promise<OperationResult> {
    return this.run("update", options, true);
  }

  up(options: OperationOptions = {}): Promise<OperationResult> {
    return this.run("update", options, false);
  }

  refresh(options: OperationOptions = {}): Promise<OperationResult> {
    return this.run("refresh", options, false);
  }

  destroy(options: OperationOptions = {}): Promise<OperationResult> {
    return this.run("destroy", options, false);
  }

  importResources(resources: ImportedResource[], options: OperationOptions = {}): Promise<OperationResult> {
    return this.run({ imports: resources }, options, false);
  }

  async exportState(): Promise<Deployment> {
    return this.readState() ?? this.encode({ resources: [], pendingOperations: [] });
  }

  async importState(deployment: Deployment): Promise<void> {
    // Read first: what cannot be read must not take the place of what can. It gets encrypted with this stack's own key.
    const { passphrase, secrets } = this.options;
    const salt = deployment.deployment.secrets_providers?.state?.salt;
    this.save(decodeDeployment(deployment, salt === undefined ? secrets : Secrets.open(passphrase, salt)));
  }

  async setConfig(key: string, value: string, options: { secret?: boolean } = {}): Promise<void> {
    this.options.config.set(key, options.secret ? { value, secret: true } : value);
  }

  async outputs(options: { showSecrets?: boolean } = {}): Promise<Record<string, unknown>> {
    const outputs = this.load().resources.find(({ type }) => type === STACK_TYPE)?.outputs ?? {};
    return options.showSecrets ? mapWithoutSecrets(outputs) : withHiddenSecrets(outputs);
  }

  async dispose(): Promise<void> {
    if (this.options.ownsWorkFolder) {
      rmSync(this.options.workFolder, { recursive: true, force: true });
    }
  }

  private async run(kind: Kind, options: OperationOptions, dryRun: boolean): Promise<OperationResult> {
    if (this.isBusy) {
      throw new Error(`Working on the stack '${this.name}': another operation on it has not ended yet`);
    }
    this.isBusy = true;
    const start = performance.now();
    const reporter = new Reporter(options.onEvent);
    const engine = await startEngineService((diagnostic) => reporter.diagnostic(diagnostic));
    const { project, environment, inProcess } = this.options;
    const providers = new Providers({
      project,
      environment,
      engineAddress: engine.address,
      onOutput: (packageName, line) =>
        reporter.diagnostic({ severity: "info", message: `${packageName}: ${line}` }),
      ...(inProcess && { inProcess: inProcess.providers }),
    });
    try {
      const hasSucceeded = await this.execute(kind, {
        options,
        dryRun,
        reporter,
        providers,
        engineAddress: engine.address,
      });
      const isAsExpected = hasSucceeded && this.hasExpectedChanges(options, reporter);
      return {
        result: isAsExpected ? "succeeded" : "failed",
        changes: reporter.changes,
        steps: reporter.steps,
        diagnostics: reporter.diagnostics,
        outputs: await this.outputs({ showSecrets: true }),
        durationMs: performance.now() - start,
      };
    } finally {
      await providers.close();
      engine.server.forceShutdown();
      this.isBusy = false;
    }
  }

  private async execute(kind: Kind, run: Run): Promise<boolean> {
    const { parallel, project, organization, config, environment, inProcess } = this.options;
    const { options, engineAddress } = run;
    let state = this.load();
    if (kind === "refresh" || options.refresh) {
      const operation = this.operation(state, run);
      const hasSucceeded = await refreshResources(operation, parallel, kind === "refresh");
      if (kind === "refresh" || !hasSucceeded) {
        return hasSucceeded;
      }
      state = operation.setup.snapshot.current();
    }
    const operation = this.operation(state, run);
    if (kind === "destroy") {
      return await destroyEverything(operation, parallel);
    }
    if (typeof kind === "object") {
      return await importResources(operation, kind.imports, config);
    }
    const stack = this.name;
    return await runProgram(operation, {
      project,
      stack,
      organization,
      config,
      environment,
      engineAddress,
      parallel,
      ...(inProcess && { described: inProcess.program() }),
    });
  }

  private operation(state: State, { options, dryRun, reporter, providers }: Run): Operation {
    if (state.pendingOperations.length > 0) {
      const operations = state.pendingOperations.map(
        ({ resource, type }) => `\n  * ${resource.urn}, interrupted while ${type}`,
      );
      const message = `The last operation was interrupted; what became of these is not known:${operations.join("")}`;
      reporter.diagnostic({ severity: "warning", message });
    }
    const snapshot = new Snapshot(state, (changed) => {
      if (!dryRun) {
        this.save(changed);
      }
    });
    return new Operation({
      stack: this.name,
      project: this.project,
      dryRun,
      options,
      providers,
      reporter,
      snapshot,
      previous: state.resources,
    });
  }

  private hasExpectedChanges(options: OperationOptions, reporter: Reporter): boolean {
    const hasChanges = Object.keys(reporter.changes).some((op) => op !== "same" && op !== "read");
    if (options.expectNoChanges && hasChanges) {
      reporter.error("no changes were expected but changes occurred");
      return false;
    }
    return true;
  }

  private load(): State {
    const deployment = this.readState();
    return deployment === undefined
      ? { resources: [], pendingOperations: [] }
      : decodeDeployment(deployment, this.options.secrets);
  }

  private save(state: State): void {
    if (this.options.inProcess === undefined) {
      writeFileAtomically(this.stateFile, JSON.stringify(this.encode(state), undefined, 2));
    } else {
      // Encoded only when it is read, after the operation: nothing changes it then.
      this.stateInMemory = state;
    }
  }

  private readState(): Deployment | undefined {
    if (this.options.inProcess === undefined) {
      return readDeployment(this.stateFile);
    }
    return this.stateInMemory && (JSON.parse(JSON.stringify(this.encode(this.stateInMemory))) as Deployment);
  }

  private encode(state: State): Deployment {
    return encodeDeployment(state, this.options.secrets, this.options.engineVersion);
  }
}

interface Run {
  options: OperationOptions;
  dryRun: boolean;
  reporter: Reporter;
  providers: Providers;
  engineAddress: string;
}
