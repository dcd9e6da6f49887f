import { isDeepStrictEqual } from "node:util";
import type { Agent, Agents, ControlPlane } from "../../control-planes/control-plane";
import { describePlane } from "../../control-planes/planes";
import type { InputsOf, StateOf } from "../framework/definition";
import type { Lifecycle, LifecycleContext } from "../framework/lifecycle";
import { makeId } from "../ids";
import { canonicalPool, poolIdOf, poolRules } from "../pool-reference";
import { agentsOnline } from "./definition";

type Inputs = InputsOf<typeof agentsOnline>;
type State = StateOf<typeof agentsOnline>;

/** Time between two looks at the pool, in milliseconds: short at first, since a small fleet is there at once. */
const pauses = [250, 500, 1_000];
const longestPause = 2_000;

/** Lifecycle of `AgentsOnline`: owns nothing, waits. */
export const agentsOnlineLifecycle: Lifecycle<Inputs, State> = {
  definition: agentsOnline,

  rules({ controlPlane, pool }) {
    const violations = poolRules(controlPlane, pool);
    const plane = controlPlane?.kind && describePlane(controlPlane.kind);
    if (plane && !plane.parts.agents) {
      violations.push({
        property: "controlPlane.kind",
        reason: `the API of ${plane.displayName} shows no single agents, so nothing can wait for them: leave this resource out`,
      });
    }
    return violations;
  },

  normalize: (inputs) => ({ ...inputs, pool: canonicalPool(inputs.controlPlane, inputs.pool) }),

  async create(inputs, context) {
    const agents = inputs.waitOnCreate === false ? [] : await waitForAgents(inputs, context);
    return {
      id: makeId(inputs.controlPlane, poolIdOf(inputs.pool), "agents-online"),
      state: { ...inputs, agents },
    };
  },

  /** What was waited for is the past: nothing of it can drift. */
  async read(id, known) {
    if (!known.pool) {
      throw new Error(
        `"${id}" cannot be imported: AgentsOnline owns nothing. Declare it, and the next update waits.`,
      );
    }
    const { agents, ...inputs } = known as State;
    return { id, inputs, state: { ...inputs, agents } };
  },

  async update(_id, state, inputs, context) {
    const more = inputs.count > state.count || !isDeepStrictEqual(inputs.names, state.names);
    const waits = more || !isDeepStrictEqual(inputs.triggers, state.triggers);
    return { ...inputs, agents: waits ? await waitForAgents(inputs, context) : state.agents };
  },

  async delete() {},
};

async function waitForAgents(inputs: Inputs, context: LifecycleContext): Promise<string[]> {
  const { connections, progress, clock, cancelled } = context;
  const plane = connections.connect(inputs.controlPlane);
  const poolId = poolIdOf(inputs.pool);
  const begun = clock.now();
  const reader = agentsOf(plane);
  let agents = await reader.list(poolId);
  const first = new Map(agents.map((agent) => [agent.id, agent.lastSeenAt]));
  const reported = new Set<string>();
  let told = -1;
  for (let look = 0; ; look++) {
    for (const agent of agents) {
      if (!first.has(agent.id) || first.get(agent.id) !== agent.lastSeenAt) reported.add(agent.id);
    }
    const serving = agents.filter((agent) => agent.online && reported.has(agent.id));
    if (serving.length >= inputs.count && missing(inputs, serving).length === 0)
      return serving.map(({ name }) => name).sort();
    const seconds = Math.round((clock.now() - begun) / 1000);
    if (serving.length !== told) {
      told = serving.length;
      progress(`${told} of ${inputs.count} agents of pool ${poolId} online after ${seconds} s`);
    }
    if (seconds >= inputs.timeoutSeconds) throw tooFew(plane, inputs, serving, agents, context);
    if (!(await clock.pause(pauses[look] ?? longestPause, cancelled))) {
      throw new Error(
        `${plane.displayName}: the deployment was cancelled while it waited for agents of pool ${poolId}.`,
      );
    }
    agents = await reader.list(poolId);
  }
}

function agentsOf({ agents, displayName }: ControlPlane): Agents {
  if (agents) return agents;
  throw new Error(`${displayName}: the API shows no single agents, so nothing can wait for them.`);
}

/** Names that are asked for and do not serve. */
function missing({ names = [] }: Inputs, serving: readonly Agent[]): string[] {
  const there = new Set(serving.map(({ name }) => name));
  return names.filter((name) => !there.has(name));
}

function tooFew(
  plane: ControlPlane,
  inputs: Inputs,
  serving: readonly Agent[],
  agents: readonly Agent[],
  context: LifecycleContext,
): Error {
  const seen = agents.map(
    ({ name, status, lastSeenAt }) => `${name} (${status}${lastSeenAt ? `, last seen ${lastSeenAt}` : ""})`,
  );
  const named = missing(inputs, serving);
  return new Error(
    `${plane.displayName}: ${serving.length} of ${inputs.count} agents of pool ${poolIdOf(inputs.pool)} were online after ${inputs.timeoutSeconds} seconds${named.length > 0 ? `, without ${named.join(", ")}` : ""}. ${seen.length > 0 ? `The control plane knows of: ${seen.join(", ")}. ` : "The control plane knows of none. "}Look at the agents' logs: they name a wrong token, a URL they cannot reach, or a proxy in between. Raise ${timeoutArgument(context)} if they start slowly.`,
  );
}

/** What the user wrote: a fleet waits by a resource of its own, which its program does not name. */
function timeoutArgument({ urn = "" }: LifecycleContext): string {
  const [, fleet, name] = /:(\w+Fleet)::([^$]+)\$/.exec(urn) ?? [];
  if (fleet !== undefined) return `awaitTimeoutSeconds of ${fleet} "${name}"`;
  return /:\w+Fleet\$/.test(urn) ? "awaitTimeoutSeconds of the fleet" : "timeoutSeconds";
}
