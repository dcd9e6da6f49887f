import type { ControlPlane, PoolChange } from "../../control-planes/control-plane";
import { hasStatus, messageOf } from "../../control-planes/http/error";
import { describePlane } from "../../control-planes/planes";
import { type InputsOf, inputsWithDefaults, type StateOf } from "../framework/definition";
import { type Lifecycle, type LifecycleContext, PartialFailure } from "../framework/lifecycle";
import { makeId, requireId } from "../ids";
import { accessKey, nameKey, organizationText, poolKey } from "../ownership/claim-keys";
import type { Claim } from "../ownership/claims";
import { connectPinned } from "../ownership/service-pin";
import { noSuchPool } from "../pool-reference";
import { describeAdoption } from "./adoption";
import { createPool } from "./create";
import { runnerPool } from "./definition";
import { deletePool } from "./delete";
import { takeName } from "./names";
import { runnerPoolRules } from "./rules";
import { inDeclaredWords, withScopeIds } from "./scope-names";
import { observedSettings, settingsChange, shownName, withAssigned, withoutRepetitions } from "./settings";

type Inputs = InputsOf<typeof runnerPool>;
type State = StateOf<typeof runnerPool>;

/** Lifecycle of `RunnerPool`. */
export const runnerPoolLifecycle: Lifecycle<Inputs, State> = {
  definition: runnerPool,

  rules: runnerPoolRules,

  normalize(inputs, previous) {
    const { poolScope } = describePlane(inputs.controlPlane.kind).capabilities;
    // A new pool is open to what is assigned to it and to nothing else; what was taken over keeps the scope that it has.
    const isMade = previous ? previous["scope"] !== undefined : !inputs.adopt;
    const scope =
      withoutRepetitions(inputs.scope) ?? (poolScope && isMade ? { mode: "assigned" as const } : undefined);
    return { ...inputs, ...(scope && { scope }) };
  },

  claims(inputs, context, state) {
    const { connections, subject, urn } = context;
    const { kind } = inputs.controlPlane;
    const organization = organizationText(context, inputs.controlPlane);
    const url = connections.urlOf(inputs.controlPlane);
    const adopted = adoptedBy(inputs);
    const poolId = state?.poolId ?? adopted;
    return [
      {
        owner: subject,
        urn,
        ...(poolId && { pool: poolKey({ kind, url }, poolId) }),
        manages: inputs.scope?.mode === "assigned" ? "access" : "pool",
        exclusive: true,
        forceDestroy: inputs.forceDestroy,
        ...(inputs.name && { poolName: wordsFor(inputs.name, organization) }),
        declared: [
          ...(inputs.name ? [wordsFor(shownName(inputs), organization)] : []),
          ...(adopted ? [`pool ${adopted} of ${organization}`] : []),
        ],
        resolve: async () => {
          if (!poolId) return [];
          const pool = poolKey({ kind, url }, poolId);
          const plane = connections.connect(inputs.controlPlane);
          const { scope } = await withScopeIds(plane, inputs, { strict: false });
          const { allowedWorkspaces = [], allowedProjects = [] } = scope ?? {};
          return [
            ...(adopted ? [poolKey({ kind, url }, adopted)] : []),
            ...(inputs.name ? [nameKey(pool, shownName(inputs))] : []),
            ...[...allowedWorkspaces, ...allowedProjects].map((id) => accessKey(pool, id)),
          ];
        },
      },
    ];
  },

  holds: ({ poolId }) => [{ poolId }],

  async replaces({ poolId }, inputs) {
    const adopted = adoptedBy(inputs);
    return adopted !== undefined && adopted !== poolId ? ["adopt"] : [];
  },

  async plan(inputs, state, context) {
    const adopted = adoptedBy(inputs);
    if (state) return [];
    const plane = context.connections.connect(inputs.controlPlane);
    if (!adopted) {
      await announceTakenName(plane, shownName(inputs), context);
      await withScopeIds(plane, inputs);
      return [];
    }
    const pool = await plane.pools.find(adopted);
    if (!pool) {
      context.warn(
        `${context.subject}: ${noSuchPool(plane, adopted, await plane.pools.list())}. The deployment fails: check the id in adopt.`,
      );
      return [];
    }
    const wanted = await withScopeIds(plane, inputs);
    const observed = observedSettings(pool, undefined);
    const change = settingsChange({ ...observed, ...wanted }, observed);
    const all = await withAssigned(plane, adopted, change, inputs);
    return [`adopts pool "${pool.name}" (${adopted}) and ${describeAdoption(pool, all)}`];
  },

  async create(inputs, context) {
    const plane = context.connections.connect(inputs.controlPlane);
    const adopted = adoptedBy(inputs);
    if (adopted) return adopt(plane, inputs, adopted, context);
    const { pool, initialToken } = await createPool(plane, await withScopeIds(plane, inputs), context);
    const state: State = {
      ...inputs,
      poolId: pool.id,
      serviceUrl: plane.url,
      ...(initialToken && { initialToken }),
    };
    return { id: makeId(inputs.controlPlane, pool.id), state };
  },

  async read(id, known, context) {
    const parsed = requireId(id, "<poolId>", 1);
    const controlPlane = known.controlPlane ?? { kind: parsed.kind, organization: parsed.organization };
    const plane = connectPinned(context, { ...known, controlPlane });
    const poolId = parsed.rest.join("/");
    // A list that was read a moment ago may be older than the pool.
    const pool = (await plane.pools.find(poolId)) ?? (await plane.pools.find(poolId, { fresh: true }));
    if (!pool) {
      await plane.pools.confirmGone(poolId);
      return undefined;
    }
    const { description, scope, logHosting, ...rest } = inputsWithDefaults(runnerPool, {
      ...known,
      controlPlane,
    });
    const declared = await withScopeIds(
      plane,
      { ...rest, description, scope, logHosting },
      { strict: false },
    );
    const observed = observedSettings(pool, known.controlPlane ? declared : undefined);
    const seen = await inDeclaredWords(plane, observed.scope, scope);
    const inputs: Inputs = { ...rest, ...observed, ...(seen && { scope: seen }) };
    const { initialToken } = known;
    return {
      id,
      inputs,
      state: { ...inputs, poolId, serviceUrl: plane.url, ...(initialToken && { initialToken }) },
    };
  },

  async update(_id, state, inputs, context) {
    const { poolId, initialToken } = state;
    const plane = connectPinned(context, state);
    const wanted = await withScopeIds(plane, inputs);
    const before = await withScopeIds(plane, state, { strict: false });
    const change = await withAssigned(plane, poolId, settingsChange(wanted, before), inputs);
    await apply(plane, poolId, change, context).catch((error: unknown) => {
      throw hasStatus(error, 404) ? error.withAdvice(goneAdvice) : error;
    });
    return { ...inputs, poolId, serviceUrl: plane.url, ...(initialToken && { initialToken }) };
  },

  async delete(_id, state, context) {
    const plane = connectPinned(context, state);
    const { forceDestroy } = successorOf(state, context) ?? state;
    const name = shownName(state) || state.poolId;
    await deletePool(plane, { poolId: state.poolId, name, forceDestroy: forceDestroy ?? false }, context);
  },
};

/** A preview tells that a name is taken. Looking for it tells also whether the credential is right. */
async function announceTakenName(
  plane: ControlPlane,
  name: string,
  { claims, inform, subject }: LifecycleContext,
): Promise<void> {
  const taken = (await plane.pools.list()).find((pool) => pool.name === name);
  if (taken && !claims.isOwnPool(poolKey(plane, taken.id))) {
    inform(
      `${subject}: the name "${name}" is taken by pool ${taken.id} at present. Unless this program gives that pool up, the deployment fails: choose another name, or take it over with adopt: "${taken.id}".`,
    );
  }
}

/** Changes a pool, where there is anything to change. */
async function apply(plane: ControlPlane, poolId: string, change: PoolChange, context: LifecycleContext) {
  const send = () => plane.pools.update(poolId, change);
  if (change.name !== undefined) await takeName(plane, change.name, poolId, context, send);
  else if (Object.keys(change).length > 0) await send();
}

/**
 * The claim of what takes a deleted pool's place. A pool that was replaced and could not be deleted keeps its old settings
 * in state, and only there: so what the program says now is what counts. Where the adapter does not know the resource of
 * a pool that is deleted, it is found by its name.
 */
function successorOf(state: State, context: LifecycleContext): Claim | undefined {
  const { claims, subject, urn } = context;
  const { name, controlPlane } = state;
  const byName =
    name === undefined
      ? undefined
      : claims.ofPoolNamed(wordsFor(name, organizationText(context, controlPlane)));
  return claims.ofOwner({ owner: subject, urn }) ?? byName;
}

function wordsFor(name: string, organization: string): string {
  return `the pool name "${name}" in ${organization}`;
}

/** The pool that is taken over. From the second generation on a pool is made. */
function adoptedBy({ adopt, generation }: Pick<Inputs, "adopt" | "generation">): string | undefined {
  return generation > 1 ? undefined : adopt;
}

/** Takes over a pool that exists, and changes what is declared. Its token was shown to whoever made it. */
async function adopt(plane: ControlPlane, inputs: Inputs, poolId: string, context: LifecycleContext) {
  const pool = await plane.pools.find(poolId, { fresh: true });
  if (!pool) {
    throw new Error(
      `${plane.displayName}: cannot adopt pool ${poolId}: ${noSuchPool(plane, poolId, await plane.pools.list())}. Set adopt to one of these ids; if the pool is not among them, check controlPlane.organization and the permissions of the credential.`,
    );
  }
  const id = makeId(inputs.controlPlane, poolId);
  const observed = observedSettings(pool, undefined);
  const state: State = { ...inputs, poolId, serviceUrl: plane.url };
  try {
    const declared = { ...observed, ...(await withScopeIds(plane, inputs)) };
    const change = await withAssigned(plane, poolId, settingsChange(declared, observed), inputs);
    await apply(plane, poolId, change, context);
  } catch (error) {
    // Taken over, but not yet as declared: state must say what is there, so that the next update changes it.
    const found: State = { ...state, ...observedSettings(pool, inputs) };
    throw new PartialFailure(id, found, [messageOf(error)]);
  }
  return { id, state };
}

const goneAdvice =
  "Where it was deleted behind Pulumi's back, run `pulumi refresh`: the next `pulumi up` then makes it anew. Where it is there, the credential may not change it.";
