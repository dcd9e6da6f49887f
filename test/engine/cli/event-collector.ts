import { stripVTControlCharacters } from "node:util";
import type { DiagnosticEvent, EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation/index.js";
import type { Diagnostic, OperationEvent, OperationStep } from "../engine.ts";
import { isDefaultProvider } from "../urn.ts";

/** Turns the CLI's events into what an operation answers. */
export class EventCollector {
  readonly steps: OperationStep[] = [];
  readonly diagnostics: Diagnostic[] = [];
  changes: Record<string, number> = {};
  private readonly listener: ((event: OperationEvent) => void) | undefined;

  constructor(listener: ((event: OperationEvent) => void) | undefined) {
    this.listener = listener;
  }

  /** Takes in one event. */
  readonly add = (event: EngineEvent): void => {
    if (event.resourcePreEvent) {
      this.step(event.resourcePreEvent.metadata);
    } else if (event.resOutputsEvent) {
      const { urn, op } = event.resOutputsEvent.metadata;
      this.listener?.({ kind: "done", urn, op });
    } else if (event.resOpFailedEvent) {
      const { urn, op } = event.resOpFailedEvent.metadata;
      this.listener?.({ kind: "failed", urn, op });
    } else if (event.diagnosticEvent) {
      this.message(event.diagnosticEvent);
    } else if (event.summaryEvent) {
      this.changes = { ...event.summaryEvent.resourceChanges };
    }
  };

  /** Adds what the CLI said without an event. */
  diagnostic(diagnostic: Diagnostic): void {
    this.diagnostics.push(diagnostic);
    this.listener?.({ kind: "diagnostic", diagnostic });
  }

  private message({ urn, severity, message, ephemeral }: DiagnosticEvent): void {
    // Debug messages are in the events of every run, with secrets in plain; to users they are not shown.
    if (!ephemeral && String(severity) !== "debug") {
      const kind = severity === "info#err" ? "info" : severity;
      this.diagnostic({ severity: kind, message: withoutColor(message), ...(urn && { urn }) });
    }
  }

  private step(metadata: StepEventMetadata): void {
    const { op, urn, type, keys, diffs, detailedDiff, old, new: next } = metadata;
    if (isDefaultProvider(urn)) {
      return;
    }
    const step: OperationStep = { op, urn, type, name: urn.split("::").slice(3).join("::") };
    const id = old?.id ?? next?.id;
    if (id) {
      step.id = id;
    }
    const paths = detailedDiff ? Object.keys(detailedDiff) : diffs;
    if (paths && paths.length > 0) {
      step.diff = [...paths].sort();
    }
    if (keys && keys.length > 0) {
      step.replaceReasons = [...keys].sort();
    }
    this.steps.push(step);
    this.listener?.({ kind: "step", step });
  }
}

/** The CLI's messages have colours twice: as escape sequences and in its own notation. */
function withoutColor(message: string): string {
  return stripVTControlCharacters(message)
    .replace(/<\{%[^%]*%\}>/g, "")
    .trimEnd();
}
