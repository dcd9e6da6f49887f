import type { Diagnostic, OperationEvent, OperationStep } from "../engine.ts";
import { isDefaultProvider, parseUrn } from "../urn.ts";
import { equalValues } from "./property-values.ts";
import type { Step } from "./step.ts";

/** Collects what an operation does, and tells it to whoever listens. The engine's own default providers are not told of. */
export class Reporter {
  readonly steps: OperationStep[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly changes: Record<string, number> = {};
  private readonly listener: ((event: OperationEvent) => void) | undefined;

  constructor(listener: ((event: OperationEvent) => void) | undefined) {
    this.listener = listener;
  }

  /** A step begins. */
  begin(step: Step): void {
    if (isDefaultProvider(step.urn)) {
      return;
    }
    const { type, name } = parseUrn(step.urn);
    const described: OperationStep = { op: step.op, urn: step.urn, type, name };
    const id = step.old?.id ?? step.next?.id;
    if (id) {
      described.id = id;
    }
    const paths = step.diff?.detailedDiff ? Object.keys(step.diff.detailedDiff) : step.diff?.changedKeys;
    if (paths !== undefined && paths.length > 0) {
      described.diff = [...paths].sort();
    }
    if (step.replaceKeys !== undefined && step.replaceKeys.length > 0) {
      described.replaceReasons = [...step.replaceKeys].sort();
    }
    this.steps.push(described);
    this.listener?.({ kind: "step", step: described });
  }

  /** A step is done. Parts of a replacement are not counted, only the replacement; nor is a refresh before an update. */
  done(step: Step, op: string = step.op, isCounted = true): void {
    if (isDefaultProvider(step.urn)) {
      return;
    }
    // A read that finds nothing new is no change.
    const isSilentRead =
      op === "read" && (step.old === undefined || equalValues(step.old.outputs, step.next?.outputs));
    if (isCounted && !UNCOUNTED.has(op) && !isSilentRead) {
      this.changes[op] = (this.changes[op] ?? 0) + 1;
    }
    this.listener?.({ kind: "done", urn: step.urn, op });
  }

  /** A step failed. */
  failed(step: Step, error: Error): void {
    this.error(error.message, isDefaultProvider(step.urn) ? undefined : step.urn);
    this.listener?.({ kind: "failed", urn: step.urn, op: step.op });
  }

  error(message: string, urn?: string): void {
    this.diagnostic({ severity: "error", message, ...(urn && { urn }) });
  }

  diagnostic(diagnostic: Diagnostic): void {
    this.diagnostics.push(diagnostic);
    this.listener?.({ kind: "diagnostic", diagnostic });
  }
}

const UNCOUNTED: ReadonlySet<string> = new Set([
  "create-replacement",
  "delete-replaced",
  "discard-replaced",
  "read-replacement",
  "import-replacement",
  "remove-pending-replace",
]);
