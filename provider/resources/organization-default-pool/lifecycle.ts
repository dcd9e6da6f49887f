import type { ControlPlane } from "../../control-planes/control-plane";
import { describePlane } from "../../control-planes/planes";
import { type InputsOf, inputsWithDefaults, type StateOf } from "../framework/definition";
import type { Lifecycle, LifecycleContext } from "../framework/lifecycle";
import { makeId, requireId } from "../ids";
import { defaultPoolKey, organizationText, poolKey } from "../ownership/claim-keys";
import { connectPinned } from "../ownership/service-pin";
import { canonicalPool, describePool, poolIdOf, poolRules, requirePool } from "../pool-reference";
import { defaultAtRest } from "../targets/active-work";
import { organizationDefaultPool } from "./definition";

type Inputs = InputsOf<typeof organizationDefaultPool>;
type State = StateOf<typeof organizationDefaultPool>;

/** Lifecycle of `OrganizationDefaultPool`: owns the one setting of the organization that names its default pool. */
export const organizationDefaultPoolLifecycle: Lifecycle<Inputs, State> = {
  definition: organizationDefaultPool,

  rules({ controlPlane, pool }) {
    const violations = poolRules(controlPlane, pool);
    const plane = controlPlane?.kind && describePlane(controlPlane.kind);
    if (plane && plane.capabilities.defaultPool !== "settable") {
      violations.push({
        property: "controlPlane.kind",
        reason: `the API of ${plane.displayName} cannot set an organization's default pool: ask the vendor's support, or assign the pool to each project with StackPoolAssignments`,
      });
    }
    return violations;
  },

  normalize: (inputs) => ({ ...inputs, pool: canonicalPool(inputs.controlPlane, inputs.pool) }),

  claims(inputs, context) {
    const { connections, subject, urn } = context;
    const { kind } = inputs.controlPlane;
    const url = connections.urlOf(inputs.controlPlane);
    return [
      {
        owner: subject,
        urn,
        pool: poolKey({ kind, url }, poolIdOf(inputs.pool)),
        declared: [`the default pool of ${organizationText(context, inputs.controlPlane)}`],
        resolve: async () => [await defaultPoolKey(connections.connect(inputs.controlPlane))],
      },
    ];
  },

  async plan(inputs, state, context) {
    const poolId = poolIdOf(inputs.pool);
    if (state && poolIdOf(state.pool) === poolId) return [];
    const plane = context.connections.connect(inputs.controlPlane);
    if (!state && (await announcedOther(plane, poolId, inputs, context))) return [];
    return [`makes ${await describePool(plane, poolId)} the default of organization ${plane.organization}`];
  },

  async foresee(known, context) {
    await announcedOther(context.connections.connect(known.controlPlane), undefined, known, context);
    return [];
  },

  async create(inputs, context) {
    const plane = context.connections.connect(inputs.controlPlane);
    const poolId = poolIdOf(inputs.pool);
    await setDefault(plane, poolId, inputs, [], context);
    return {
      id: makeId(inputs.controlPlane, "default-pool"),
      state: { ...inputs, poolId, serviceUrl: plane.url },
    };
  },

  async read(id, known, context) {
    const { kind, organization } = requireId(id, "default-pool", 1);
    const controlPlane = known.controlPlane ?? { kind, organization };
    const plane = connectPinned(context, { ...known, controlPlane });
    const current = await plane.defaultPool.find();
    if (!current) return undefined;
    const same = known.pool !== undefined && poolIdOf(known.pool) === current;
    const inputs = inputsWithDefaults(organizationDefaultPool, {
      ...known,
      controlPlane,
      pool: same ? known.pool : canonicalPool(controlPlane, current),
    });
    // The pool that we set stays known: only while it is the default a delete may take it away.
    return { id, inputs, state: { ...inputs, poolId: known.poolId ?? current, serviceUrl: plane.url } };
  },

  async update(_id, state, inputs, context) {
    const plane = connectPinned(context, state);
    const poolId = poolIdOf(inputs.pool);
    // After a refresh the default that is there can be another one than the one that we set.
    const isThere = poolId === state.poolId && poolId === poolIdOf(state.pool);
    if (!isThere) await setDefault(plane, poolId, inputs, [state.poolId, poolIdOf(state.pool)], context);
    return { ...inputs, poolId, serviceUrl: plane.url };
  },

  async delete(_id, state, context) {
    const plane = connectPinned(context, state);
    const key = await defaultPoolKey(plane);
    const { activeWorkTimeoutSeconds } = inputsWithDefaults(organizationDefaultPool, state);
    const { releases, things } = context.claims;
    const release = (work: () => Promise<void>) =>
      releases.of(poolKey(plane, state.poolId), () => things.exclusively(key, 0, work));
    await release(async () => {
      const isToLeave = async () =>
        (await plane.defaultPool.find({ fresh: true })) === state.poolId &&
        (await context.claims.on(key)).length === 0;
      if (!(await isToLeave())) return;
      await defaultAtRest(plane, activeWorkTimeoutSeconds, context);
      if (!(await isToLeave())) return;
      await plane.defaultPool.set?.(undefined);
      context.warn(
        `${plane.displayName}: organization ${plane.organization} has no default runner pool any more: work without an assignment now runs on the vendor's hosted runners.`,
      );
    });
  },
};

/** Whether the default is a pool that may not be ours to replace; if so, that has been said. */
async function announcedOther(
  plane: ControlPlane,
  poolId: string | undefined,
  { overwrite = false }: Partial<Inputs>,
  { claims, inform, subject }: LifecycleContext,
): Promise<boolean> {
  const current = await plane.defaultPool.find();
  if (current === undefined || current === poolId || overwrite || claims.isOwnPool(poolKey(plane, current)))
    return false;
  inform(
    `${subject}: the default of organization ${plane.organization} is ${await describePool(plane, current)} at present. Unless this program manages that pool, the deployment fails; to change the default, set overwrite: true.`,
  );
  return true;
}

/**
 * Sets the default; one that is somebody else's pool is theirs.
 * @param former pools that the default may be taken from: the one that we set, and the one that a refresh has shown.
 */
async function setDefault(
  plane: ControlPlane,
  poolId: string,
  { overwrite, activeWorkTimeoutSeconds }: Inputs,
  former: readonly string[],
  context: LifecycleContext,
): Promise<void> {
  const { claims, cancelled } = context;
  await requirePool(plane, poolId);
  const key = await defaultPoolKey(plane);
  const isSet = async () => {
    const current = await plane.defaultPool.find({ fresh: true });
    if (current === undefined || current === poolId) return current === poolId;
    const theirs = poolKey(plane, current);
    if (former.includes(current) || overwrite || claims.isOwnPool(theirs)) return false;
    await claims.registration.quiet(cancelled);
    if (claims.isOwnPool(theirs)) return false;
    throw new Error(
      `${plane.displayName}: the default of organization ${plane.organization} is ${await describePool(plane, current)}, which this program does not manage, and was not changed to ${await describePool(plane, poolId)}. To change it, set overwrite: true.`,
    );
  };
  await claims.things.exclusively(key, 0, async () => {
    if (await isSet()) return;
    await defaultAtRest(plane, activeWorkTimeoutSeconds, context);
    if (await isSet()) return;
    await plane.defaultPool.set?.(poolId);
  });
}
