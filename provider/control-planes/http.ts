import { setTimeout as sleep } from "node:timers/promises";
import { type Dispatcher, request } from "undici";
import type { z } from "zod";
import { dispatcher } from "./dispatcher";
import { ControlPlaneError, hasStatus } from "./error";
import { registerSecret } from "./redact";
import {
  classifyNetworkError,
  isRetryableStatus,
  type RetryPolicy,
  retryDelay,
  standardRetries,
} from "./retry";

/** What differs between the control planes on the wire. */
export interface Dialect {
  /** Display name used in errors. */
  readonly plane: string;
  /** Headers of every request, the credential among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Media type of request bodies. */
  readonly contentType: string;
  /** A 429 is given before the request is carried out, so that any request may be repeated after it. */
  readonly rateLimitPrecedesHandler: boolean;
  /** Response headers that may carry a request id, in order of preference. */
  readonly requestIdHeaders: readonly string[];
  /** The vendor's message in an error body, or undefined where the body has another shape. */
  readonly errorMessage: (body: unknown) => string | undefined;
  /** What a user can do about a status, where the caller has nothing better to say. */
  readonly advice: (status: number) => string | undefined;
}

/** One call to a control plane. */
export interface ApiRequest {
  /** What is tried, in words, for error messages: `create runner pool "ci"`. */
  readonly operation: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path below the base URL, with its leading slash; parts must be encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  /** A second execution leaves the same result. Default: true for everything but POST. */
  readonly repeatable?: boolean;
}

/** JSON over HTTP with kept-alive connections, retries only where a repeat is safe, and one kind of error. */
export class HttpTransport {
  private readonly baseUrl: string;
  private readonly dialect: Dialect;
  private readonly retries: RetryPolicy;
  private readonly cancelled: AbortSignal | undefined;

  constructor(
    baseUrl: string,
    dialect: Dialect,
    options: { retries?: RetryPolicy; cancelled?: AbortSignal } = {},
  ) {
    this.baseUrl = baseUrl.replace(/\/+$/, "");
    this.dialect = dialect;
    this.retries = options.retries ?? standardRetries;
    this.cancelled = options.cancelled;
    registerSecret(dialect.headers["authorization"]?.replace(/^\S+\s+/, ""));
  }

  /**
   * Sends a request and returns the validated body. Statuses of 400 and above throw a {@link ControlPlaneError};
   * its `ambiguous` says whether the request may have been carried out all the same.
   */
  async send<Schema extends z.ZodType>(call: ApiRequest, schema: Schema): Promise<z.output<Schema>> {
    const answer = await this.exchange(call);
    const parsed = schema.safeParse(answer.body);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    throw this.failure(call, {
      status: answer.status,
      message: `the answer has an unexpected shape at ${issue?.path.join(".") || "its top"}: ${issue?.message}`,
      requestId: answer.requestId,
      advice: `Check that ${this.baseUrl} is the API of ${this.dialect.plane}.`,
      ambiguous: !isRepeatable(call),
    });
  }

  /** Like {@link send}, but a 404 is an answer: undefined. */
  async find<Schema extends z.ZodType>(
    call: ApiRequest,
    schema: Schema,
  ): Promise<z.output<Schema> | undefined> {
    try {
      return await this.send(call, schema);
    } catch (error) {
      if (hasStatus(error, 404)) return undefined;
      throw error;
    }
  }

  private async exchange(call: ApiRequest): Promise<Answer> {
    const deadline = Date.now() + this.retries.totalTime;
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.attempt(call);
      if (outcome.answer) return outcome.answer;
      const { error, retryable, retryAfter } = outcome;
      const delay = retryDelay(this.retries, attempt, retryAfter);
      if (!retryable || attempt >= this.retries.attempts || Date.now() + delay > deadline) throw error;
      await this.pause(call, delay);
    }
  }

  private async attempt(call: ApiRequest): Promise<Outcome> {
    let response: Dispatcher.ResponseData;
    let text: string;
    try {
      response = await request(this.url(call), {
        method: call.method,
        dispatcher: dispatcher(),
        headers: {
          ...this.dialect.headers,
          ...(call.body === undefined ? {} : { "content-type": this.dialect.contentType }),
        },
        body: call.body === undefined ? null : JSON.stringify(call.body),
      });
      text = await response.body.text();
    } catch (error) {
      const { sent, message, advice, temporary } = classifyNetworkError(error, this.baseUrl);
      const safe = !sent || isRepeatable(call);
      return {
        error: this.failure(call, { message, advice, ambiguous: sent && !isRepeatable(call) }, error),
        retryable: temporary && safe,
      };
    }
    return this.interpret(call, response, text);
  }

  private interpret(call: ApiRequest, response: Dispatcher.ResponseData, text: string): Outcome {
    const status = response.statusCode;
    const header = (name: string) => firstOf(response.headers[name]);
    const requestId = this.dialect.requestIdHeaders.map(header).find((value) => value);
    const body = parseJson(text);
    if (status < 300) {
      if (body.ok) return { answer: { status, body: body.value, requestId } };
      return {
        error: this.failure(call, {
          status,
          message: `expected JSON from ${this.baseUrl}, got ${describeBody(header("content-type"), text)}`,
          requestId,
          advice: "Check the URL, and that no proxy or login page answers in its place.",
          ambiguous: !isRepeatable(call),
        }),
        retryable: isRepeatable(call),
      };
    }
    const handled = !(status === 429 && this.dialect.rateLimitPrecedesHandler);
    const error = this.failure(call, {
      status,
      message: this.vendorMessage(status, body, header("content-type"), text, header("location")),
      requestId,
      advice: this.dialect.advice(status),
      ambiguous: isRetryableStatus(status) && handled && !isRepeatable(call),
    });
    return {
      error,
      retryable: isRetryableStatus(status) && !error.ambiguous,
      retryAfter: header("retry-after") ?? header("x-ratelimit-reset"),
    };
  }

  private vendorMessage(
    status: number,
    body: ParsedBody,
    contentType: string | undefined,
    text: string,
    location: string | undefined,
  ): string {
    if (status < 400)
      return `the server redirects to ${location ?? "an unnamed address"}, which is not followed`;
    const message = body.ok ? this.dialect.errorMessage(body.value) : undefined;
    return message ?? describeBody(contentType, text);
  }

  private failure(
    call: ApiRequest,
    details: Omit<ConstructorParameters<typeof ControlPlaneError>[0], "plane" | "operation">,
    cause?: unknown,
  ): ControlPlaneError {
    return new ControlPlaneError(
      { plane: this.dialect.plane, operation: call.operation, ...details },
      cause === undefined ? undefined : { cause },
    );
  }

  private url(call: ApiRequest): string {
    const url = new URL(this.baseUrl + call.path);
    for (const [key, value] of Object.entries(call.query ?? {})) {
      if (value !== undefined) url.searchParams.set(key, String(value));
    }
    return url.toString();
  }

  private throwIfCancelled(call: ApiRequest): void {
    if (!this.cancelled?.aborted) return;
    throw this.failure(call, { message: "the deployment was cancelled while it waited to try again" });
  }

  /** The one place where a cancellation is heard: the requests of an operation that has begun go on, lest it end half way. */
  private async pause(call: ApiRequest, milliseconds: number): Promise<void> {
    try {
      await sleep(milliseconds, undefined, { signal: this.cancelled });
    } catch {
      this.throwIfCancelled(call);
    }
  }
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly requestId: string | undefined;
}

type Outcome =
  | { answer: Answer }
  | { answer?: undefined; error: ControlPlaneError; retryable: boolean; retryAfter?: string | undefined };

type ParsedBody = { ok: true; value: unknown } | { ok: false };

function isRepeatable(call: ApiRequest): boolean {
  return call.repeatable ?? call.method !== "POST";
}

function parseJson(text: string): ParsedBody {
  if (text.trim() === "") return { ok: true, value: undefined };
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false };
  }
}

function describeBody(contentType: string | undefined, text: string): string {
  const start = text.replace(/\s+/g, " ").trim().slice(0, 120);
  if (start === "") return "an empty answer";
  return `${contentType?.split(";")[0] ?? "an answer without a media type"} that starts with: ${start}`;
}

function firstOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
