import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { findCaller } from "./credentials";
import type { DelayedRequests } from "./delayed-requests";
import { type Answer, type Caller, type Json, type Method, type Plane, Refusal } from "./exchange";
import { bodyText, mediaTypeOf, parseBody, sendAnswer } from "./exchange-bodies";
import { changedAnswer, prescribedAnswer } from "./fault-answers";
import type { Faults } from "./faults";
import type { Interpositions } from "./interpositions";
import { type Journal, type JournalEntry, withoutSecrets } from "./journal";
import type { BoundPlane } from "./plane-profile";
import type { RateDecision, RateLimiter } from "./rate-limits";
import type { RequestSubject } from "./request-matching";
import { planeOf, type Route, Router } from "./router";
import type { EmulatorState } from "./state";

/** What answering a request needs. */
export interface ExchangeContext {
  state: EmulatorState;
  faults: Faults;
  interpositions: Interpositions;
  delayed: DelayedRequests;
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
    const { delayed, faults, journal, rateLimiter, state } = this.#context;
    const subject = { plane: planeName, method, path: url.pathname, operation: route?.operation.id };
    const struck = faults.strike(subject);
    const fault = struck.map((active) => active.fault).find(({ kind }) => kind !== "latency");
    const kinds = new Set(struck.map(({ fault }) => fault.kind));
    const caller = findCaller(state.credentials, planeName, message.headers.authorization);

    const record = (
      status: number | undefined,
      bodies: { request?: unknown; answer?: unknown } = {},
    ): JournalEntry =>
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

    const delay = struck.reduce(
      (sum, { fault }) => sum + (fault.kind === "latency" ? fault.milliseconds : 0),
      0,
    );
    if (delay > 0) await wait(delay);
    const text = await bodyText(message);
    if (kinds.has("hang")) {
      record(undefined);
      return;
    }
    if (kinds.has("drop-before")) {
      record(undefined);
      message.socket.destroy();
      return;
    }

    const decision =
      route?.operation.anonymous === true
        ? undefined
        : rateLimiter.take({
            ...subject,
            login: caller?.login,
            address: message.socket.remoteAddress ?? "",
          });
    const body = parseBody(text, mediaTypeOf(message));
    const carryOut = () =>
      this.#carryOut(subject, { plane, route, method, url, message, caller, decision, text, body });
    const answer = prescribedAnswer(fault) ?? changedAnswer(fault, await carryOut());

    if (kinds.has("drop-after")) {
      record(undefined, { request: body?.value, answer: answer.body });
      message.socket.destroy();
      return;
    }
    const entry = record(answer.status, { request: body?.value, answer: answer.body });
    if (fault?.kind === "delayed") {
      delayed.add(fault.milliseconds, async () => {
        entry.lateStatus = (await carryOut()).status;
      });
    }
    const headers = {
      ...plane.headers(decision),
      [plane.requestIdHeader]: randomUUID(),
      ...answer.headers,
    };
    sendAnswer(response, method, plane.mediaType, { ...answer, headers }, kinds);
  }

  /** Does what a request asks for, with what others do just before and after it. */
  async #carryOut(subject: RequestSubject, input: AnswerInput): Promise<Answer> {
    const { interpositions, settle } = this.#context;
    try {
      await interpositions.run("before", subject);
      settle();
      const answer = await answerOf(input);
      await interpositions.run("after", subject);
      return answer;
    } catch (error) {
      return input.plane.internalError(`what was interposed here failed: ${describe(error)}`);
    }
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
    return plane.internalError(describe(error));
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function masked(body: unknown): Json {
  return withoutSecrets(JSON.parse(JSON.stringify(body)) as Json);
}
