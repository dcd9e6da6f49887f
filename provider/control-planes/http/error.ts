import { redact } from "./redact";

/** What is known about a failed call. Texts are redacted when the error is made. */
export interface ControlPlaneFailure {
  /** Display name of the control plane, for example `Pulumi Cloud`. */
  readonly plane: string;
  /** What was tried, in words, for example `create runner pool "ci"`. */
  readonly operation: string;
  /** HTTP status, absent where no answer came. */
  readonly status?: number | undefined;
  /** The vendor's own message, or what went wrong on the way. */
  readonly message: string;
  readonly requestId?: string | undefined;
  /** What to do about it, one or two sentences. */
  readonly advice?: string | undefined;
  /**
   * The request may have been carried out although no usable answer came back, or it may still be: at once or, where a
   * proxy holds it, later. Never true of a read.
   */
  readonly ambiguous?: boolean | undefined;
  /** Milliseconds that the control plane told us to wait before the next request; absent: it told nothing. */
  readonly retryAfterMs?: number | undefined;
}

/** The one error of all control-plane clients. */
export class ControlPlaneError extends Error {
  override readonly name = "ControlPlaneError";
  readonly plane: string;
  readonly operation: string;
  readonly status: number | undefined;
  readonly vendorMessage: string;
  readonly requestId: string | undefined;
  readonly advice: string | undefined;
  readonly ambiguous: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(failure: ControlPlaneFailure, options?: ErrorOptions) {
    super(sentence(failure), options);
    this.plane = failure.plane;
    this.operation = failure.operation;
    this.status = failure.status;
    this.vendorMessage = redact(failure.message);
    this.requestId = failure.requestId;
    this.advice = failure.advice && redact(failure.advice);
    this.ambiguous = failure.ambiguous ?? false;
    this.retryAfterMs = failure.retryAfterMs;
  }

  /** The same failure with other advice: callers know more about what the user can do than the transport. */
  withAdvice(advice: string): ControlPlaneError {
    return this.with({ advice });
  }

  /** The same failure, of which something more is known. */
  with(details: Partial<ControlPlaneFailure>): ControlPlaneError {
    const failure = {
      plane: this.plane,
      operation: this.operation,
      status: this.status,
      message: this.vendorMessage,
      requestId: this.requestId,
      advice: this.advice,
      ambiguous: this.ambiguous,
      retryAfterMs: this.retryAfterMs,
    };
    return new ControlPlaneError({ ...failure, ...details }, { cause: this });
  }
}

/** The text of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether `error` is a control plane's answer with that HTTP status. */
export function hasStatus(error: unknown, ...statuses: number[]): error is ControlPlaneError {
  return error instanceof ControlPlaneError && statuses.some((status) => status === error.status);
}

function sentence(failure: ControlPlaneFailure): string {
  const status = failure.status === undefined ? "" : `HTTP ${failure.status}: `;
  const request = failure.requestId ? ` (request id ${failure.requestId})` : "";
  const advice = failure.advice ? ` ${failure.advice}` : "";
  return redact(
    `${failure.plane}: could not ${failure.operation}: ${status}${endSentence(failure.message.trim() + request)}${advice}`,
  );
}

function endSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
