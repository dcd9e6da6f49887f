import { digestOf, newHcpTerraformId } from "../identifiers";
import { type AgentIdentity, type OwnAgentPlane, ownAgentOperations, refusal } from "../own-agent-operations";
import type { HcpOperationEntry } from "./requests";
import { claimRun, finishRun, loseRun, runHeldBy } from "./run-jobs";
import type { HcpTerraformAgent, HcpTerraformAgentPool, HcpTerraformState } from "./state";

/** Agents that register and take runs. tfc-agent's own calls are unpublished, so these are the emulator's. */
const ownPlane: OwnAgentPlane<HcpTerraformState, HcpTerraformAgentPool> = {
  plane: "hcp-terraform",
  findPool,
  register,

  touch(pool, agentId) {
    const agent = pool.agents.find(({ id }) => id === agentId);
    // "If it comes back it is told to exit" (agent pools documentation).
    if (agent === undefined || agent.status === "errored" || agent.status === "exited") return false;
    agent.lastPingAt = new Date().toISOString();
    if (agent.status === "unknown") agent.status = "idle";
    return true;
  },

  claim(state, pool, agentId) {
    const agent = pool.agents.find(({ id }) => id === agentId);
    if (agent === undefined) return undefined;
    // An agent polls only while it is idle, so one that holds a run never got the answer: it gets the run again.
    const run = runHeldBy(state, agentId) ?? claimRun(state, pool, agent);
    agent.status = run === undefined ? "idle" : "busy";
    return run && { id: run.id, seconds: run.work.seconds };
  },

  findWork(state, agentId, jobId) {
    const run = runHeldBy(state, agentId);
    if (run?.id !== jobId) return undefined;
    for (const agent of agentsOf(state)) if (agent.id === agentId) agent.status = "busy";
    return run.work;
  },

  finish(state, jobId, succeeded) {
    const run = state.runs.find(({ id }) => id === jobId);
    if (run === undefined) return;
    finishRun(run, succeeded);
    for (const agent of agentsOf(state)) if (agent.id === run.work.agentId) agent.status = "idle";
  },

  leave(state, pool, agentId) {
    const agent = pool.agents.find(({ id }) => id === agentId);
    if (agent !== undefined) agent.status = "exited";
    const run = runHeldBy(state, agentId);
    if (run !== undefined) loseRun(run);
  },
};

/** What the stand-in of tfc-agent calls. */
export const agentSessionOperations: HcpOperationEntry[] = ownAgentOperations(ownPlane);

function findPool(state: HcpTerraformState, value: string): HcpTerraformAgentPool | undefined {
  const digest = digestOf(value);
  for (const pool of state.agentPools) {
    const token = pool.tokens.find((known) => known.digest === digest);
    if (token === undefined) continue;
    token.lastUsedAt = new Date().toISOString();
    return pool;
  }
  return undefined;
}

/** Agents that lock the architecture of their pool; the others have left. */
const presentStatuses = new Set(["idle", "busy", "unknown"]);

function register(pool: HcpTerraformAgentPool, identity: AgentIdentity): { id: string } {
  const { name, architecture, address, accept } = identity;
  const locked = pool.agents.find(
    (agent) => presentStatuses.has(agent.status) && agent.architecture !== undefined,
  )?.architecture;
  if (locked !== undefined && locked !== architecture) {
    // GUESS: the text; the agents documentation only says that another architecture errors.
    throw refusal(409, `agents of pool ${pool.name} run on ${locked}, this one is ${architecture}`);
  }
  const now = new Date().toISOString();
  const agent: HcpTerraformAgent = {
    id: newHcpTerraformId("agent"),
    name,
    status: "idle",
    ipAddress: address.replace(/^::ffff:/, ""),
    lastPingAt: now,
    createdAt: now,
    hasRegistered: true,
    architecture,
    ...(accept && { accept }),
  };
  pool.agents.push(agent);
  return { id: agent.id };
}

function agentsOf(state: HcpTerraformState): HcpTerraformAgent[] {
  return state.agentPools.flatMap((pool) => pool.agents);
}
