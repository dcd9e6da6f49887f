import { z } from "zod";
import { type Answer, type EmulatedRequest, type Operation, type Plane, Refusal } from "./exchange";
import { beatWork, type Work } from "./work";

/**
 * What a plane does for agents whose calls are unpublished. The calls below are the emulator's own: no vendor's agent
 * makes them, only the stand-in of this project. They ask for the pool's token, like the real ones.
 */
export interface OwnAgentPlane<State, Pool> {
  plane: Plane;
  /** The pool that a token belongs to; notes that the token was used. */
  findPool: (state: State, token: string) => Pool | undefined;
  /** Lets an agent join. May refuse. */
  register: (pool: Pool, agent: AgentIdentity) => { id: string };
  /** Notes that an agent called; false when the plane has given it up, so that it must end. */
  touch: (pool: Pool, agentId: string) => boolean;
  /** Hands the agent the next job that is for its pool, if any. */
  claim: (state: State, pool: Pool, agentId: string) => ClaimedJob | undefined;
  /** The work of a running job that this agent holds. */
  findWork: (state: State, agentId: string, jobId: string) => Work | undefined;
  finish: (state: State, jobId: string, succeeded: boolean) => void;
  /** The agent says goodbye. */
  leave: (state: State, pool: Pool, agentId: string) => void;
}

/** What an agent says of itself. */
export interface AgentIdentity {
  name: string;
  version: string;
  /** `amd64` or `arm64`. */
  architecture: string;
  address: string;
  /** Kinds of work that it takes; undefined takes all. */
  accept?: string[] | undefined;
}

/** A job as an agent gets it. */
export interface ClaimedJob {
  id: string;
  seconds: number;
}

const registerBody = z.object({
  name: z.string().min(1),
  version: z.string(),
  architecture: z.string(),
  accept: z.array(z.string()).optional(),
});
const finishBody = z.object({ outcome: z.enum(["succeeded", "failed"]) });

/** The operations under `/_emulator/agents/<plane>`. */
export function ownAgentOperations<State, Pool>(own: OwnAgentPlane<State, Pool>): Operation<State>[] {
  const base = `/_emulator/agents/${own.plane}`;
  const agent = `${base}/:agentId`;
  const job = `${agent}/jobs/:jobId`;

  const operation = (
    id: string,
    path: string,
    handle: (request: EmulatedRequest<State>, pool: Pool) => Answer,
  ): Operation<State> => ({
    id: `emulator:${id}`,
    method: "POST",
    path,
    // Not for users' credentials: the pool's token decides, below.
    anonymous: true,
    mediaTypes: ["application/json"],
    handle: (request) => handle(request, poolOf(own, request)),
  });

  return [
    operation("registerAgent", base, (request, pool) => {
      const identity = parsed(registerBody, request.body);
      return { status: 200, body: own.register(pool, { ...identity, address: request.address }) };
    }),
    operation("pollAgentJob", `${agent}/poll`, (request, pool) => {
      const agentId = touchedAgent(own, request, pool);
      const claimed = own.claim(request.state, pool, agentId);
      return claimed === undefined ? { status: 204 } : { status: 200, body: claimed };
    }),
    operation("heartbeatAgentJob", `${job}/heartbeat`, (request, pool) => {
      beatWork(workOf(own, request, touchedAgent(own, request, pool)));
      return { status: 204 };
    }),
    operation("finishAgentJob", `${job}/finish`, (request, pool) => {
      const { outcome } = parsed(finishBody, request.body);
      workOf(own, request, touchedAgent(own, request, pool));
      own.finish(request.state, request.params["jobId"] ?? "", outcome === "succeeded");
      return { status: 204 };
    }),
    operation("exitAgent", `${agent}/exit`, (request, pool) => {
      own.leave(request.state, pool, touchedAgent(own, request, pool));
      return { status: 204 };
    }),
  ];
}

function poolOf<State, Pool>(own: OwnAgentPlane<State, Pool>, request: EmulatedRequest<State>): Pool {
  const token = /^Bearer +(\S+)$/i.exec(request.headers["authorization"]?.toString() ?? "")?.[1];
  const pool = token === undefined ? undefined : own.findPool(request.state, token);
  if (pool === undefined) throw refusal(401, "the agent token is unknown or revoked");
  return pool;
}

function touchedAgent<State, Pool>(
  own: OwnAgentPlane<State, Pool>,
  request: EmulatedRequest<State>,
  pool: Pool,
): string {
  const id = request.params["agentId"] ?? "";
  if (!own.touch(pool, id)) throw refusal(410, `agent ${id} has been given up and must exit`);
  return id;
}

function workOf<State, Pool>(
  own: OwnAgentPlane<State, Pool>,
  request: EmulatedRequest<State>,
  agentId: string,
): Work {
  const jobId = request.params["jobId"] ?? "";
  const work = own.findWork(request.state, agentId, jobId);
  if (work === undefined) throw refusal(409, `agent ${agentId} doesn't hold job ${jobId}`);
  return work;
}

function parsed<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body);
  if (!result.success) throw refusal(400, z.prettifyError(result.error));
  return result.data;
}

/** A refusal of one of the emulator's own calls, the same for all planes. */
export function refusal(status: number, message: string): Refusal {
  return new Refusal({ status, body: { message } });
}
