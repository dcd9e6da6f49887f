import { z } from "zod";
import type { PulumiCloudAgentTimeouts } from "../agent-timeouts";
import { digestOf } from "../identifiers";
import { isOlderThan } from "../work";
import { type PulumiRequest, pulumiRefusal } from "./requests";
import type { PulumiAgent, PulumiAgentPool, PulumiOrganization } from "./state";

/** What identifies a runner among those of its pool. */
export type KnownRunner = Pick<PulumiAgent, "hostname" | "pid">;

/**
 * Header in which the stand-in says who it is.
 * GUESS: the pool shows host name, process, platform and version of each runner, so the real one sends them somehow;
 * how is not known. A runner without this header is known by its address.
 */
export const runnerHeader = "x-emulator-runner";

const runnerIdentity = z.object({
  hostname: z.string(),
  pid: z.string(),
  platform: z.string(),
  version: z.string(),
});

/** Id of a runner, as jobs show it. */
export function runnerIdOf({ hostname, pid }: KnownRunner): string {
  return `${hostname}/${pid}`;
}

/** The organization and pool whose token was sent; 403 for any other (`PollDeploymentsQueue` has no 401). */
export function poolOfToken(request: PulumiRequest): {
  organization: PulumiOrganization;
  pool: PulumiAgentPool;
} {
  const digest = digestOf(tokenOf(request) ?? "");
  for (const organization of request.state.organizations) {
    const exchanged = organization.runnerTokens.find(
      (token) => token.digest === digest && Date.parse(token.expiresAt) > Date.now(),
    );
    const pool = organization.agentPools.find(
      ({ id, tokenDigest }) => tokenDigest === digest || id === exchanged?.agentPoolId,
    );
    if (pool !== undefined) return { organization, pool };
  }
  throw pulumiRefusal(403, "Forbidden: the agent pool token is unknown, expired or revoked");
}

/** The value of `Authorization: token <value>`. */
export function tokenOf(request: PulumiRequest): string | undefined {
  return /^token +(\S+)$/.exec(request.headers["authorization"]?.toString() ?? "")?.[1];
}

/** Notes that a runner called, and returns what the pool shows of it. */
export function noteRunner(request: PulumiRequest, pool: PulumiAgentPool): PulumiAgent {
  const ip = request.address.replace(/^::ffff:/, "");
  const identity = identityOf(request) ?? { hostname: ip, pid: "0", platform: "unknown", version: "unknown" };
  const known = pool.agents.find((agent) => runnerIdOf(agent) === runnerIdOf(identity));
  const agent: PulumiAgent = known ?? { ...identity, ip, lastSeen: 0, status: "online" };
  if (known === undefined) pool.agents.push(agent);
  touchRunner(agent);
  return agent;
}

/** Notes a sign of life of a runner. */
export function touchRunner(agent: PulumiAgent): void {
  const now = new Date();
  const lastSeen = Math.floor(now.getTime() / 1000);
  Object.assign(agent, { lastSeen, calledAt: now.toISOString(), status: "online" });
}

/** Runners that fell silent go offline, and later leave the pool. */
export function settleRunners(pool: PulumiAgentPool, timeouts: PulumiCloudAgentTimeouts, now: number): void {
  const { offline, forgotten } = timeouts;
  pool.agents = pool.agents.filter(({ calledAt }) => !isOlderThan(calledAt, offline + forgotten, now));
  for (const agent of pool.agents) {
    if (isOlderThan(agent.calledAt, offline, now)) agent.status = "offline";
  }
}

function identityOf(request: PulumiRequest): z.output<typeof runnerIdentity> | undefined {
  const header = request.headers[runnerHeader];
  if (typeof header !== "string") return undefined;
  try {
    return runnerIdentity.parse(JSON.parse(header));
  } catch {
    throw pulumiRefusal(
      400,
      `Bad Request: ${runnerHeader} must be JSON with hostname, pid, platform and version`,
    );
  }
}
