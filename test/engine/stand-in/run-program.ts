import type { Diagnostic } from "../engine.ts";
import { deleteLeftOvers } from "./deletions.ts";
import { type DescribedResource, registerDescribed } from "./described-program.ts";
import type { ProgramOptions } from "./language.ts";
import { type MonitorOptions, startMonitor } from "./monitor.ts";
import { Abort, type Operation } from "./operation.ts";
import { EXITED_AFTER_LOGGING, startProgram } from "./program.ts";
import type { Project } from "./project.ts";
import { Registrar } from "./registrar.ts";
import { StepExecutor } from "./step-executor.ts";
import { StepGenerator } from "./step-generator.ts";

/** What a program is run with, the addresses aside. */
export type RunProgramOptions = Omit<ProgramOptions, "monitorAddress" | "dryRun" | "onOutput"> & {
  /** The program itself, where it is data and not a process. */
  described?: readonly DescribedResource[];
};

/** A program that is under way. */
interface RunningProgram {
  exited: Promise<number>;
  stop: () => Promise<void>;
}

/** Runs the program and brings everything to what it wants; answers whether that succeeded. */
export async function runProgram(operation: Operation, options: RunProgramOptions): Promise<boolean> {
  const { reporter } = operation.setup;
  const executable = await prepareProgram(operation, options.project);
  if (executable === undefined) {
    return false;
  }
  const executor = new StepExecutor(operation, options.parallel);
  const generator = new StepGenerator(operation, executor);
  const registrar = new Registrar(operation, generator, executor, options.config);
  const signalled = deferred();
  const ended = deferred();
  const aborted = deferred();
  let hasAborted = false;

  function abort(error: Error): void {
    // What was reported by the step that failed is not reported again by those who waited for it.
    if (!hasAborted && !(error instanceof Abort)) {
      reporter.error(error.message);
    }
    hasAborted = true;
    executor.stop();
    aborted.resolve();
  }

  const program = await (options.described === undefined
    ? startProcess(operation, executable, options, registrar, {
        onError: abort,
        onShutdown: async () => {
          signalled.resolve();
          await ended.promise;
        },
      })
    : startDescribed(operation, options.described, registrar, abort));
  const stopOnCancel = cancelOn(operation, executor, abort);
  try {
    const code = await Promise.race([
      program.exited,
      signalled.promise.then(() => 0),
      aborted.promise.then(() => EXITED_AFTER_LOGGING),
    ]);
    await executor.idle();
    if (code !== 0 && code !== EXITED_AFTER_LOGGING) {
      abort(new Error(`Program exited with non-zero exit code: ${code}`));
    }
    hasAborted ||= code !== 0;
    if (!hasAborted && !executor.hasFailed) {
      await deleteLeftOvers(operation, generator, executor).catch(abort);
      await executor.idle();
    }
    const hasFailed = hasAborted || executor.hasFailed || generator.sawError;
    registrar.finishStackOutputs(hasFailed);
    ended.resolve();
    return !hasFailed && (await program.exited) === 0;
  } finally {
    stopOnCancel();
    ended.resolve();
    await program.stop();
  }
}

/** A program in a process of its own, and the service that it registers resources with. */
async function startProcess(
  operation: Operation,
  executable: string,
  options: RunProgramOptions,
  registrar: Registrar,
  reactions: Pick<MonitorOptions, "onError" | "onShutdown">,
): Promise<RunningProgram> {
  const { reporter, dryRun } = operation.setup;
  const monitor = await startMonitor({ operation, registrar, program: options, ...reactions });
  const program = startProgram(executable, {
    ...options,
    monitorAddress: monitor.address,
    dryRun,
    onOutput: (message) => reporter.diagnostic(programOutput(message)),
  });
  return {
    exited: program.exited,
    stop: async () => {
      await program.kill();
      monitor.server.forceShutdown();
    },
  };
}

/** A program that is data: it needs no service, and is over when everything is registered. */
function startDescribed(
  operation: Operation,
  resources: readonly DescribedResource[],
  registrar: Registrar,
  abort: (error: Error) => void,
): RunningProgram {
  const exited = registerDescribed(resources, registrar, operation, abort).then(
    (isComplete) => (isComplete ? 0 : EXITED_AFTER_LOGGING),
    (error: Error) => {
      abort(error);
      return EXITED_AFTER_LOGGING;
    },
  );
  return { exited, stop: async () => {} };
}

/** Makes the program ready; a program that does not build fails the operation before anything else happens. */
async function prepareProgram(operation: Operation, project: Project): Promise<string | undefined> {
  const { reporter, options } = operation.setup;
  try {
    return await project.language.prepare(project, options.signal);
  } catch (error) {
    reporter.error((error as Error).message);
    return undefined;
  }
}

/** Deletes everything in the state, or all targets; answers whether that succeeded. */
export async function destroyEverything(operation: Operation, parallel: number): Promise<boolean> {
  const executor = new StepExecutor(operation, parallel);
  const generator = new StepGenerator(operation, executor);
  let hasAborted = false;
  function abort(error: Error): void {
    if (!(error instanceof Abort)) {
      operation.setup.reporter.error(error.message);
    }
    hasAborted = true;
    executor.stop();
  }
  const stopOnCancel = cancelOn(operation, executor, abort);
  try {
    await deleteLeftOvers(operation, generator, executor).catch(abort);
    await executor.idle();
  } finally {
    stopOnCancel();
  }
  return !hasAborted && !executor.hasFailed && !generator.sawError;
}

/** Reacts to the signal that an operation may be given; the answer stops that. */
function cancelOn(operation: Operation, executor: StepExecutor, abort: (error: Error) => void): () => void {
  const { options, providers } = operation.setup;
  const cancel = () => {
    abort(new Error("the operation was canceled"));
    executor.stop();
    void providers.cancel();
  };
  if (options.signal?.aborted) {
    cancel();
  }
  options.signal?.addEventListener("abort", cancel);
  return () => options.signal?.removeEventListener("abort", cancel);
}

function programOutput(message: string): Diagnostic {
  return { severity: "info", message };
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
