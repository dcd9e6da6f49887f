import { capabilities } from "../../control-planes/capabilities";
import type { ControlPlane, Pool, PoolSettings } from "../../control-planes/control-plane";
import { ControlPlaneError, hasStatus } from "../../control-planes/error";
import { createOnce } from "../create-once";
import type { InputsOf, StateOf } from "../definition";
import { makeId, requireId } from "../ids";
import { type Lifecycle, PartialFailure } from "../lifecycle";
import { runnerPool } from "./definition";
import { runnerPoolRules } from "./rules";

type Inputs = InputsOf<typeof runnerPool>;
type State = StateOf<typeof runnerPool>;

/** Lifecycle of `RunnerPool`. */
export const runnerPoolLifecycle: Lifecycle<Inputs, State> = {
  definition: runnerPool,

  rules: runnerPoolRules,

  normalize(inputs) {
    const scoped = capabilities[inputs.controlPlane.kind].poolScope;
    return scoped && !inputs.scope ? { ...inputs, scope: { mode: "assigned" } } : inputs;
  },

  replaces({ poolId }, { adopt }) {
    return adopt !== undefined && adopt !== poolId ? ["adopt"] : [];
  },

  async create(inputs, { connections }) {
    const plane = connections.connect(inputs.controlPlane);
    if (inputs.adopt) return adopt(plane, inputs, inputs.adopt);
    const { pool, initialToken } = await createOnce({
      key: [plane.kind, plane.url, plane.organization, "pool", inputs.name].join(" "),
      existing: () => otherPools(plane, inputs.name),
      create: () => plane.createPool(settingsOf(inputs)),
      idOf: (created) => created.pool.id,
      recover: (isLeftOver) => recover(plane, inputs, isLeftOver),
    });
    const state: State = { ...inputs, poolId: pool.id, ...(initialToken && { initialToken }) };
    return { id: makeId(inputs.controlPlane, pool.id), state };
  },

  async read(id, known, { connections }) {
    const parsed = requireId(id, "<poolId>", 1);
    const controlPlane = known.controlPlane ?? { kind: parsed.kind, organization: parsed.organization };
    const plane = connections.connect(controlPlane);
    const poolId = parsed.rest.join("/");
    const pool = await plane.findPool(poolId);
    if (!pool) {
      await plane.verifyAccess();
      return undefined;
    }
    const inputs: Inputs = {
      ...observedSettings(pool, known),
      controlPlane,
      forceDestroy: known.forceDestroy ?? false,
      ...(known.adopt && { adopt: known.adopt }),
    };
    const { initialToken } = known;
    return { id, inputs, state: { ...inputs, poolId, ...(initialToken && { initialToken }) } };
  },

  async update(_id, state, inputs, { connections }) {
    const { poolId, initialToken } = state;
    const plane = connections.connect(inputs.controlPlane);
    const settings = await withUsers(plane, poolId, settingsOf(inputs, state), inputs, state);
    if (JSON.stringify(settings) !== JSON.stringify(settingsOf(state, state))) {
      if (inputs.name !== state.name) await otherPools(plane, inputs.name, poolId);
      await plane.updatePool(poolId, settings).catch((error: unknown) => {
        throw hasStatus(error, 404) ? error.withAdvice(goneAdvice) : error;
      });
    }
    return { ...inputs, poolId, ...(initialToken && { initialToken }) };
  },

  async delete(_id, { controlPlane, poolId, name, forceDestroy }, { connections }) {
    const plane = connections.connect(controlPlane);
    try {
      await plane.deletePool(poolId, { force: forceDestroy });
    } catch (error) {
      throw hasStatus(error, 400, 409, 422) ? error.withAdvice(inUseAdvice(plane, name)) : error;
    }
  },
};

/** Takes over a pool that exists. Its token was shown to whoever made it, and stays unknown here. */
async function adopt(plane: ControlPlane, inputs: Inputs, poolId: string) {
  const pool = await plane.findPool(poolId);
  if (!pool) {
    throw new Error(
      `${plane.capabilities.displayName}: cannot adopt pool ${poolId}: organization ${plane.organization} has no such pool, or the credential may not see it.`,
    );
  }
  const id = makeId(inputs.controlPlane, poolId);
  const state: State = { ...inputs, poolId };
  try {
    await plane.updatePool(poolId, settingsOf(inputs));
  } catch (error) {
    // Taken over, but not yet as declared: state must say what is there, so that the next update changes it.
    const found: State = { ...state, ...observedSettings(pool, inputs) };
    throw new PartialFailure(id, found, [error instanceof Error ? error.message : String(error)]);
  }
  return { id, state };
}

/** A pool whose scope becomes `assigned` lets in what is assigned to it now; assignments that come later add themselves. */
async function withUsers(
  plane: ControlPlane,
  poolId: string,
  settings: PoolSettings,
  { scope }: Inputs,
  before: Inputs,
): Promise<PoolSettings> {
  if (scope?.mode !== "assigned" || before.scope?.mode === "assigned" || !settings.scope) return settings;
  const users = await plane.listUsers?.(poolId);
  if (!users) return settings;
  const { workspaces: allowedWorkspaces, projects: allowedProjects } = users;
  return { ...settings, scope: { ...settings.scope, allowedWorkspaces, allowedProjects } };
}

/** Ids of the other pools; one of the same name is refused, since two of one name can't be told apart. */
async function otherPools(plane: ControlPlane, name: string, own?: string): Promise<string[]> {
  const pools = (await plane.listPools()).filter(({ id }) => id !== own);
  const taken = pools.find((pool) => pool.name === name);
  if (!taken) return pools.map((pool) => pool.id);
  const { displayName, poolNoun } = plane.capabilities;
  throw new ControlPlaneError({
    plane: displayName,
    operation: `${own ? "rename" : "create"} ${poolNoun} "${name}"`,
    status: 409,
    message: `the name is taken by pool ${taken.id} in organization ${plane.organization}`,
    advice: own
      ? "Choose another name."
      : `Choose another name, or take that pool over with adopt: "${taken.id}"${plane.capabilities.tokens === "born" ? " (its token is known only to whoever made it)" : ""}.`,
  });
}

/**
 * A pool that a lost create left behind. Where the token is born with the pool it was in the lost answer, so such a pool
 * is useless: it is removed. Elsewhere it is taken as it is and brought to the declared settings.
 */
async function recover(plane: ControlPlane, inputs: Inputs, isLeftOver: (pool: Pool) => boolean) {
  const pools = await plane.listPools({ fresh: true });
  const left = pools.filter((pool) => pool.name === inputs.name && isLeftOver(pool));
  if (plane.capabilities.tokens === "born") {
    for (const pool of left) await plane.deletePool(pool.id, { force: false });
    return undefined;
  }
  const [pool] = left;
  return pool && { pool: await plane.updatePool(pool.id, settingsOf(inputs)), initialToken: undefined };
}

/** What the control plane is told. Lists of the scope that are no longer declared are emptied. */
function settingsOf(inputs: Inputs, before?: Inputs): PoolSettings {
  const { name, description, scope, logHosting } = inputs;
  const had = before?.scope?.mode === scope?.mode ? before?.scope : undefined;
  return {
    name,
    description: description ?? "",
    scope: scope && {
      organizationScoped: scope.mode === "organization",
      ...(scope.mode === "listed" && {
        allowedWorkspaces: scope.allowedWorkspaces ?? [],
        allowedProjects: scope.allowedProjects ?? [],
      }),
      ...((scope.excludedWorkspaces || had?.excludedWorkspaces) && {
        excludedWorkspaces: scope.excludedWorkspaces ?? [],
      }),
    },
    logHosting: logHosting && { ...logHosting, externalId: logHosting.externalId ?? "" },
  };
}

/** The declared form of what a pool really is; what the declaration leaves to others is no drift. */
function observedSettings(
  pool: Pool,
  known: Partial<Inputs>,
): Pick<Inputs, "name" | "description" | "scope" | "logHosting"> {
  const description = pool.description || known.description === "" ? (pool.description ?? "") : undefined;
  const scope = observedScope(pool, known.scope);
  return {
    name: pool.name,
    ...(description !== undefined && { description }),
    ...(scope && { scope }),
    ...(pool.logHosting && { logHosting: observedLogHosting(pool.logHosting, known.logHosting) }),
  };
}

function observedScope({ scope }: Pool, known: Inputs["scope"]): Inputs["scope"] {
  if (!scope) return undefined;
  const sameOrder = (actual: readonly string[] = [], declared: readonly string[] = []) =>
    actual.length === declared.length && actual.every((id) => declared.includes(id))
      ? [...declared]
      : [...actual];
  const list = (key: "allowedWorkspaces" | "allowedProjects" | "excludedWorkspaces") => {
    const value = sameOrder(scope[key], known?.[key]);
    return value.length > 0 || known?.[key] ? { [key]: value } : {};
  };
  if (scope.organizationScoped) {
    return {
      mode: "organization",
      ...(known && !known.excludedWorkspaces ? {} : list("excludedWorkspaces")),
    };
  }
  if (known?.mode === "listed") {
    return { mode: "listed", ...list("allowedWorkspaces"), ...list("allowedProjects") };
  }
  return { mode: "assigned" };
}

function observedLogHosting(
  actual: NonNullable<Pool["logHosting"]>,
  known: Inputs["logHosting"],
): Inputs["logHosting"] {
  const { externalId, ...rest } = actual;
  return known && !known.externalId ? rest : { ...rest, externalId };
}

const goneAdvice =
  "Where it was deleted behind Pulumi's back, run `pulumi refresh`: the next `pulumi up` then makes it anew. Where it is there, the credential may not change it.";

function inUseAdvice(plane: ControlPlane, name: string): string {
  const force = plane.capabilities.forceDestroy
    ? " To delete it all the same, and let that work move to the vendor's hosted runners, set forceDestroy: true, run `pulumi up`, then destroy."
    : "";
  return `Pool "${name}" is kept. Take it from everything that uses it first (assignments of this program are destroyed before their pool).${force}`;
}
