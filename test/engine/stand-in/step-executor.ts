import { applyStep, ProtectedError } from "./apply-step.ts";
import { Abort, type Operation } from "./operation.ts";
import type { Step } from "./step.ts";

/** Executes steps, several resources at the same time. After a failure what runs ends, and nothing new begins. */
export class StepExecutor {
  /** Steps that failed without stopping the others. */
  readonly failedSteps: Step[] = [];
  private readonly operation: Operation;
  private readonly parallel: number;
  private readonly waiting: (() => void)[] = [];
  private readonly running = new Set<Promise<void>>();
  private active = 0;
  private stopped = false;
  private failed = false;

  constructor(operation: Operation, parallel: number) {
    this.operation = operation;
    this.parallel = parallel;
  }

  /** Whether any step failed. */
  get hasFailed(): boolean {
    return this.failed;
  }

  /** Whether nothing new may begin. */
  get isStopped(): boolean {
    return this.stopped;
  }

  /** Lets nothing new begin. */
  stop(): void {
    this.stopped = true;
    for (const resume of this.waiting.splice(0)) {
      resume();
    }
  }

  /** Executes steps one after the other; rejects with Abort when one fails or was not begun any more. */
  async execute(chain: readonly Step[]): Promise<void> {
    const execution = this.executeChain(chain);
    const settled = execution.then(
      () => {},
      () => {},
    );
    this.running.add(settled);
    try {
      await execution;
    } finally {
      this.running.delete(settled);
    }
  }

  /** Executes steps at the same time; failures are reported, and seen in `hasFailed`. */
  async executeAll(steps: readonly Step[]): Promise<void> {
    await Promise.all(steps.map((step) => this.execute([step]).catch(ignoreAbort)));
  }

  /** Settles when nothing runs any more. */
  async idle(): Promise<void> {
    while (this.running.size > 0) {
      await Promise.all(this.running);
    }
  }

  private async executeChain(chain: readonly Step[]): Promise<void> {
    await this.acquire();
    try {
      for (const step of chain) {
        if (this.stopped) {
          throw new Abort(
            `${step.op} of ${step.urn} was not begun: the operation has failed or was cancelled`,
          );
        }
        await this.executeStep(step);
      }
    } finally {
      this.release();
    }
  }

  private async executeStep(step: Step): Promise<void> {
    const { reporter } = this.operation.setup;
    reporter.begin(step);
    try {
      await applyStep(step, this.operation);
    } catch (error) {
      this.fail(step, error as Error);
      throw new Abort(`${step.op} of ${step.urn} failed`, { cause: error });
    }
    reporter.done(step);
  }

  private fail(step: Step, error: Error): void {
    this.failed = true;
    this.operation.setup.reporter.failed(step, error);
    if (error instanceof ProtectedError) {
      this.failedSteps.push(step);
    } else {
      this.stop();
    }
  }

  private async acquire(): Promise<void> {
    if (this.active < this.parallel) {
      this.active++;
      return;
    }
    await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.active++;
  }

  private release(): void {
    this.active--;
    this.waiting.shift()?.();
  }
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof Abort)) {
    throw error;
  }
}
