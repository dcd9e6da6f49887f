import type { Dispatcher } from "undici";
import type { z } from "zod";
import { type Clock, systemClock } from "../../clock";
import type { ConnectOptions } from "../descriptor";
import { anyAnswer, describeBody, describeShape, explainRefusal, type Header, parseJson } from "./answer";
import type { Dialect } from "./dialect";
import { dispatcher } from "./dispatcher";
import { ControlPlaneError, type ControlPlaneFailure, hasStatus } from "./error";
import { classifyNetworkError } from "./network-failure";
import { type Pacer, pacerOf } from "./pace";
import { registerSecret } from "./redact";
import { isRetryableStatus, parseRetryAfter, type RetryPolicy, retryDelay, standardRetries } from "./retry";

/** How long an answer may take to begin, and to go on, before it counts as lost. Milliseconds. */
const standardTimeout = 60_000;

/** One call to a control plane. */
export interface ApiRequest {
  /** What is tried, in words, for error messages: `create runner pool "ci"`. */
  readonly operation: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path below the base URL, with its leading slash; parts must be encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  /**
   * A second execution leaves the same result, so that an attempt whose answer was lost is repeated. Where all attempts
   * are lost, the error says all the same that the request may have been carried out. Default: true for all but POST.
   */
  readonly repeatable?: boolean;
}

/** How requests are sent. */
export interface TransportOptions extends ConnectOptions {
  /** Milliseconds that an answer may take to begin, and to go on, before it counts as lost. Default: 60 seconds. */
  readonly timeout?: number | undefined;
  /** Sends the requests. Default: the one that all transports of the process share. */
  readonly dispatcher?: Dispatcher | undefined;
}

/** JSON over HTTP with kept-alive connections, retries only where a repeat is safe, and one kind of error. */
export class HttpTransport {
  private readonly baseUrl: string;
  private readonly dialect: Dialect;
  private readonly retries: RetryPolicy;
  private readonly timeout: number;
  private readonly clock: Clock;
  private readonly cancelled: AbortSignal | undefined;
  private readonly dispatcher: Dispatcher | undefined;
  private readonly pacer: Pacer;

  constructor(baseUrl: string, dialect: Dialect, options: TransportOptions = {}) {
    this.baseUrl = baseUrl.replace(/\/+$/, "");
    this.dialect = dialect;
    this.retries = options.retries ?? standardRetries;
    this.timeout = options.timeout ?? standardTimeout;
    this.clock = options.clock ?? systemClock;
    this.cancelled = options.cancelled;
    this.dispatcher = options.dispatcher;
    this.pacer = pacerOf(this.baseUrl, dialect);
    registerSecret(dialect.headers.authorization.replace(/^\S+\s+/, ""));
  }

  /**
   * Sends a request and returns the validated body. Statuses of 300 and above, and answers of another shape, throw a
   * {@link ControlPlaneError}. Its `ambiguous` says whether the request may have been carried out all the same, in any of
   * its attempts; its `retryAfterMs` how long the control plane told us to wait.
   */
  async send<Schema extends z.ZodType>(call: ApiRequest, schema: Schema): Promise<z.output<Schema>> {
    const answer = await this.exchange(call);
    const parsed = schema.safeParse(answer.body);
    if (parsed.success) return parsed.data;
    throw this.failure(call, {
      status: answer.status,
      message: describeShape(parsed.error, answer.body),
      requestId: answer.requestId,
      advice: `Check that ${this.baseUrl} is the API of ${this.dialect.plane}.`,
      ambiguous: isWrite(call),
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

  /** Deletes what the call names. False: the control plane answered 404. */
  async remove(call: Pick<ApiRequest, "operation" | "path" | "query">): Promise<boolean> {
    return (await this.find({ ...call, method: "DELETE" }, anyAnswer)) ?? false;
  }

  private async exchange(call: ApiRequest): Promise<Answer> {
    let deadline: number | undefined;
    let mayBeDone = false;
    let rateLimited = 0;
    let limitedInRow = 0;
    for (let attempt = 1; ; attempt++) {
      const passed = this.pacer.passed(call);
      const again = attempt > 1;
      if (!(await this.pacer.turn(call, { again, cancelled: this.cancelled })))
        throw this.cancelledInTurn(call, mayBeDone);
      deadline ??= this.clock.now() + this.retries.totalTime;
      const outcome = await this.attempt(call);
      if (outcome.answer) return outcome.answer;
      // A refusal now does not undo what an earlier attempt, whose answer was lost, may have done.
      mayBeDone ||= outcome.error.ambiguous;
      const error = mayBeDone ? outcome.error.with({ ambiguous: true }) : outcome.error;
      const isRateLimited = hasStatus(error, 429);
      // A limit that lets others pass meanwhile is about to clear: a longer wait, which all have to keep, serves nobody.
      limitedInRow = this.pacer.passed(call) > passed ? 1 : limitedInRow + 1;
      const delay = retryDelay(this.retries, isRateLimited ? limitedInRow : attempt, error.retryAfterMs);
      const isInTime = this.clock.now() + delay <= deadline;
      if (isRateLimited) {
        rateLimited += 1;
        // Other requests wait also where this one must not be repeated.
        if (isInTime) this.pacer.holdBack(call, delay, this.clock);
      }
      // Callers that repeat by themselves what is not repeated here do not wait that long either.
      if (!isInTime) throw this.tooLate(error);
      if (!outcome.retryable || !this.mayRepeat(error, attempt - rateLimited)) throw error;
      await this.pause(error, delay);
    }
  }

  /** A rate limit clears for certain, often after a minute, while what else fails that often is hardly going to work. */
  private mayRepeat(error: ControlPlaneError, failures: number): boolean {
    return hasStatus(error, 429) || failures < this.retries.attempts;
  }

  /** The control plane may have named a wait that no deployment waits, or refused until the time was up. */
  private tooLate(error: ControlPlaneError): ControlPlaneError {
    const told = error.retryAfterMs ?? 0;
    if (told <= this.retries.totalTime) return error;
    return error.withAdvice(
      `${error.plane} asks clients to wait ${Math.ceil(told / 1000)} seconds, which is longer than this provider waits. Run pulumi up again after that.`,
    );
  }

  private cancelledInTurn(call: ApiRequest, ambiguous: boolean): ControlPlaneError {
    return this.failure(call, {
      message: `the deployment was cancelled while the request waited for the rate limit of ${this.dialect.plane}`,
      ambiguous,
    });
  }

  private async attempt(call: ApiRequest): Promise<Outcome> {
    let response: Dispatcher.ResponseData;
    let text: string;
    const { headers } = this.dialect;
    try {
      const { request } = await import("undici");
      response = await request(this.url(call), {
        method: call.method,
        dispatcher: this.dispatcher ?? (await dispatcher()),
        headersTimeout: this.timeout,
        bodyTimeout: this.timeout,
        ...(call.body === undefined
          ? { headers }
          : {
              headers: { ...headers, "content-type": this.dialect.contentType },
              body: JSON.stringify(call.body),
            }),
      });
      text = await response.body.text();
    } catch (error) {
      const failure = classifyNetworkError(error, this.baseUrl, this.timeout);
      const { sent, message, advice, temporary } = failure;
      return {
        error: this.failure(call, { message, advice, ambiguous: sent && isWrite(call) }, { cause: error }),
        retryable: temporary && (!sent || isRepeatable(call)),
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
      if (body.ok) {
        // A refusal may come from a proxy or load balancer, which sends no header of the service's limiter.
        this.pacer.heard(call, header);
        return { answer: { status, body: body.value, requestId } };
      }
      return {
        error: this.failure(call, {
          status,
          message: `expected JSON from ${this.baseUrl}, got ${describeBody(header("content-type"), text)}`,
          requestId,
          advice: "Check the URL, and that no proxy or login page answers in its place.",
          ambiguous: isWrite(call),
        }),
        retryable: isRepeatable(call),
      };
    }
    const wasRefused = status === 429 && this.dialect.rateLimits.precedeHandlers;
    const mayBeDone = isWrite(call) && isRetryableStatus(status) && !wasRefused;
    return {
      error: this.failure(call, {
        status,
        ...explainRefusal(this.dialect, this.baseUrl, { status, header, text, body }),
        requestId,
        ambiguous: mayBeDone,
        retryAfterMs: isRetryableStatus(status) ? toldToWait(status, header) : undefined,
      }),
      retryable: isRetryableStatus(status) && (!mayBeDone || isRepeatable(call)),
    };
  }

  private failure(
    call: ApiRequest,
    details: Omit<ControlPlaneFailure, "plane" | "operation">,
    options?: ErrorOptions,
  ): ControlPlaneError {
    const { plane } = this.dialect;
    return new ControlPlaneError({ plane, operation: call.operation, ...details }, options);
  }

  private url(call: ApiRequest): string {
    const url = new URL(this.baseUrl + call.path);
    for (const [key, value] of Object.entries(call.query ?? {})) {
      if (value !== undefined) url.searchParams.set(key, String(value));
    }
    return url.toString();
  }

  /**
   * Waits before the next attempt. A cancellation ends this wait and the one for a turn, and no request that has begun:
   * an operation must not end half way.
   */
  private async pause(error: ControlPlaneError, milliseconds: number): Promise<void> {
    if (await this.clock.pause(milliseconds, this.cancelled)) return;
    throw error.with({
      message: `${error.vendorMessage.replace(/[.]$/, "")}; the deployment was cancelled while it waited to try again`,
    });
  }
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly requestId: string | undefined;
}

type Outcome =
  | { readonly answer: Answer }
  | { readonly answer?: undefined; readonly error: ControlPlaneError; readonly retryable: boolean };

function isWrite(call: ApiRequest): boolean {
  return call.method !== "GET";
}

function isRepeatable(call: ApiRequest): boolean {
  return call.repeatable ?? call.method !== "POST";
}

/** HCP Terraform tells in `x-ratelimit-reset` when its limiter lets requests pass again, and only of a 429 does that matter. */
function toldToWait(status: number, header: Header): number | undefined {
  return parseRetryAfter(header("retry-after") || (status === 429 ? header("x-ratelimit-reset") : undefined));
}

function firstOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
