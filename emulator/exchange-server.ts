import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { findCaller } from "./credentials";
import { type Answer, type Caller, type Json, type Method, type Plane, Refusal } from "./exchange";
import type { ActiveFault, Faults } from "./faults";
import { type Journal, withoutSecrets } from "./journal";
import type { BoundPlane } from "./plane-profile";
import type { RateDecision, RateLimiter } from "./rate-limits";
import { planeOf, type Route, Router } from "./router";
import type { EmulatorState } from "./state";

/** What answering a request needs. */
export interface ExchangeContext {
  state: EmulatorState;
  faults: Faults;
  journal: Journal;
  rateLimiter: RateLimiter;
  planes: readonly BoundPlane[];
  /** Brings what depends on the time up to date: agents that fell silent, and their jobs. */
  settle: () => void;
}

/** Nobody: the caller of operations that ask for no credential. */
const anonymous: Caller = { credentialId: "", kind: "read-only", login: "", organizations: [] };

/** Answers requests to the three planes: route, faults, credential, rate limit, body, operation, journal. */
export class ExchangeServer {
  #context: ExchangeContext;
  #router: Router;
  #planes: Map<Plane, BoundPlane>;

  constructor(context: ExchangeContext) {
    this.#context = context;
    this.#router = new Router(context.planes);
    this.#planes = new Map(context.planes.map((plane) => [plane.plane, plane]));
  }

  async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now();
    const url = new URL(message.url ?? "/", "http://emulator");
    const method = (message.method ?? "GET") as Method;
    const planeName = planeOf(url.pathname);
    const plane = this.#planes.get(planeName);
    if (plane === undefined) throw new Error(`no plane ${planeName}`);
    const route = this.#router.find(method, url.pathname);
    const { faults, journal, rateLimiter, state } = this.#context;
    const struck = faults.strike({
      plane: planeName,
      method,
      path: url.pathname,
      operation: route?.operation.id,
    });
    const kinds = new Set(struck.map(({ fault }) => fault.kind));
    const caller = findCaller(state.credentials, planeName, message.headers.authorization);

    const record = (
      status: number | undefined,
      bodies: { request?: unknown; answer?: unknown } = {},
    ): void => {
      journal.add({
        time: new Date().toISOString(),
        plane: planeName,
        method,
        path: url.pathname,
        query: url.searchParams.toString(),
        ...(route && { operation: route.operation.id, route: route.operation.path }),
        ...(status !== undefined && { status }),
        milliseconds: performance.now() - started,
        ...(caller && { credential: caller.credentialId }),
        faults: struck.map(({ id }) => id),
        ...(message.headers["user-agent"] && { userAgent: message.headers["user-agent"] }),
        ...(journal.recordBodies && bodies.request !== undefined && { requestBody: masked(bodies.request) }),
        ...(journal.recordBodies && bodies.answer !== undefined && { responseBody: masked(bodies.answer) }),
      });
    };

    const delay = struck.reduce(
      (sum, { fault }) => sum + (fault.kind === "latency" ? fault.milliseconds : 0),
      0,
    );
    if (delay > 0) await wait(delay);
    const text = await bodyText(message);
    if (kinds.has("hang")) return record(undefined);
    if (kinds.has("drop-before")) {
      record(undefined);
      message.socket.destroy();
      return;
    }

    const decision =
      route?.operation.anonymous === true
        ? undefined
        : rateLimiter.take({
            plane: planeName,
            method,
            path: url.pathname,
            operation: route?.operation.id,
            login: caller?.login,
            address: message.socket.remoteAddress ?? "",
          });
    this.#context.settle();
    const body = parseBody(text, mediaTypeOf(message));
    const answer =
      prescribed(struck) ??
      (await answerOf({ plane, route, method, url, message, caller, decision, text, body }));

    if (kinds.has("drop-after")) {
      record(undefined, { request: body?.value, answer: answer.body });
      message.socket.destroy();
      return;
    }
    record(answer.status, { request: body?.value, answer: answer.body });
    const headers = {
      ...plane.headers(decision),
      [plane.requestIdHeader]: randomUUID(),
      ...answer.headers,
    };
    send(response, method, plane.mediaType, { ...answer, headers }, kinds);
  }
}

interface AnswerInput {
  plane: BoundPlane;
  route: Route | undefined;
  method: Method;
  url: URL;
  message: IncomingMessage;
  caller: Caller | undefined;
  decision: RateDecision | undefined;
  text: string;
  body: { value: unknown } | undefined;
}

async function answerOf(input: AnswerInput): Promise<Answer> {
  const { plane, route, method, url, message, caller, decision, text, body } = input;
  if (route === undefined) return plane.unknownRoute();
  if (decision?.allowed === false) return plane.tooManyRequests(decision);
  if (caller === undefined && !route.operation.anonymous) return plane.unauthorized();
  if (text !== "") {
    const accepted = [...plane.acceptedMediaTypes, ...route.operation.mediaTypes];
    if (!accepted.includes(mediaTypeOf(message))) return plane.unsupportedMediaType();
    if (body === undefined) return plane.malformedBody();
  }
  try {
    return await route.operation.handle({
      caller: caller ?? anonymous,
      method,
      path: url.pathname,
      params: route.params,
      query: url.searchParams,
      headers: message.headers,
      address: message.socket.remoteAddress ?? "",
      body: body?.value,
    });
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    return plane.internalError(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

/** The answer that a fault prescribes, in place of any work. */
function prescribed(struck: readonly ActiveFault[]): Answer | undefined {
  for (const { fault } of struck) {
    if (fault.kind === "status") {
      return {
        status: fault.status,
        ...(fault.headers && { headers: fault.headers }),
        ...(fault.body !== undefined && { body: fault.body }),
      };
    }
    if (fault.kind === "html") {
      const content =
        "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>";
      return { status: fault.status ?? 502, text: { content, mediaType: "text/html" } };
    }
  }
  return undefined;
}

function send(
  response: ServerResponse,
  method: Method,
  jsonMediaType: string,
  answer: Answer,
  kinds: ReadonlySet<string>,
): void {
  const { status, headers = {} } = answer;
  const mediaType = answer.text?.mediaType ?? jsonMediaType;
  let content = answer.text?.content ?? (answer.body === undefined ? "" : JSON.stringify(answer.body));
  if (kinds.has("malformed-json")) content = content === "" ? "{" : content.slice(0, -1);
  const bytes = Buffer.from(content);
  response.writeHead(status, {
    ...headers,
    ...(bytes.length > 0 && { "Content-Type": headers["Content-Type"] ?? mediaType }),
    ...(status !== 204 && { "Content-Length": String(bytes.length) }),
  });
  if (kinds.has("truncate")) {
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.socket?.destroy());
    return;
  }
  response.end(method === "HEAD" || status === 204 ? undefined : bytes);
}

/** Bodies of these APIs are small; more than this is a mistake. */
const largestBody = 10 * 1024 * 1024;

async function bodyText(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) throw new Error("request body is too large");
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  // Pulumi's command line compresses what it sends to some operations.
  const isCompressed = message.headers["content-encoding"] === "gzip";
  return (isCompressed ? gunzipSync(bytes, { maxOutputLength: largestBody }) : bytes).toString("utf8");
}

function mediaTypeOf(message: IncomingMessage): string {
  return message.headers["content-type"]?.split(";")[0]?.trim().toLowerCase() ?? "";
}

function parseBody(text: string, mediaType: string): { value: unknown } | undefined {
  if (text === "") return undefined;
  if (mediaType === "application/x-www-form-urlencoded") {
    return { value: Object.fromEntries(new URLSearchParams(text)) };
  }
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

function masked(body: unknown): Json {
  return withoutSecrets(JSON.parse(JSON.stringify(body)) as Json);
}
