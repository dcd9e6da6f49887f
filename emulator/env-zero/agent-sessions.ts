import { digestOf, newUuid } from "../identifiers";
import { type OwnAgentPlane, ownAgentOperations } from "../own-agent-operations";
import { claimDeployment, deploymentHeldBy, finishDeployment, loseDeployment } from "./jobs";
import type { EnvZeroOperationEntry } from "./requests";
import type { EnvZeroAgent, EnvZeroState } from "./state";

/** Agents that take deployments. env zero's agent's own calls are unpublished, so these are the emulator's. */
const ownPlane: OwnAgentPlane<EnvZeroState, EnvZeroAgent> = {
  plane: "env-zero",

  // The vendor's agent API may remember a revoked secret for up to an hour; the emulator forgets it at once.
  findPool(state, token) {
    const digest = digestOf(token);
    return state.agents.find(({ secrets }) => secrets.some((secret) => secret.digest === digest));
  },

  register(pool, { name, version }) {
    const id = newUuid();
    pool.instances.push({ id, name, lastSeenAt: new Date().toISOString() });
    Object.assign(pool, { status: "ACTIVE", version });
    return { id };
  },

  touch(pool, agentId) {
    const instance = pool.instances.find(({ id }) => id === agentId);
    if (instance === undefined) return false;
    instance.lastSeenAt = new Date().toISOString();
    return true;
  },

  claim(state, pool, agentId) {
    const instance = pool.instances.find(({ id }) => id === agentId);
    if (instance === undefined) return undefined;
    // An agent polls only while it is idle, so one that holds a deployment never got the answer: it gets it again.
    const deployment = deploymentHeldBy(state, agentId) ?? claimDeployment(state, pool, instance);
    return deployment && { id: deployment.id, seconds: deployment.work.seconds };
  },

  findWork(state, agentId, jobId) {
    const deployment = deploymentHeldBy(state, agentId);
    return deployment?.id === jobId ? deployment.work : undefined;
  },

  finish(state, jobId, succeeded) {
    const deployments = state.environments.flatMap((environment) => environment.deployments);
    const deployment = deployments.find(({ id }) => id === jobId);
    if (deployment !== undefined) finishDeployment(deployment, succeeded);
  },

  leave(state, pool, agentId) {
    pool.instances = pool.instances.filter(({ id }) => id !== agentId);
    // GUESS: monitoring goes by the last activity, so a pool stays active for a while after its last agent left; the
    // emulator shows it at once.
    if (pool.instances.length === 0) pool.status = "INACTIVE";
    const deployment = deploymentHeldBy(state, agentId);
    if (deployment !== undefined) loseDeployment(deployment);
  },
};

/** What the stand-in of env zero's agent calls. */
export const agentSessionOperations: EnvZeroOperationEntry[] = ownAgentOperations(ownPlane);
