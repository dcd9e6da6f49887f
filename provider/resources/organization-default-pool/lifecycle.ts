import { capabilities } from "../../control-planes/capabilities";
import type { InputsOf, StateOf } from "../definition";
import { makeId, requireId } from "../ids";
import type { Lifecycle } from "../lifecycle";
import { canonicalPool, poolIdOf, poolRules, requirePool } from "../pool-reference";
import { organizationDefaultPool } from "../stack-pool-assignment/definition";

type Inputs = InputsOf<typeof organizationDefaultPool>;
type State = StateOf<typeof organizationDefaultPool>;

/** Lifecycle of `OrganizationDefaultPool`: owns the one setting of the organization that names its default pool. */
export const organizationDefaultPoolLifecycle: Lifecycle<Inputs, State> = {
  definition: organizationDefaultPool,

  rules({ controlPlane, pool }) {
    const failures = poolRules(controlPlane, pool);
    if (controlPlane?.kind && capabilities[controlPlane.kind].defaultPool !== "settable") {
      failures.push({
        property: "controlPlane.kind",
        reason: `the API of ${capabilities[controlPlane.kind].displayName} cannot set an organization's default pool: ask the vendor's support, or assign the pool to each project with StackPoolAssignments`,
      });
    }
    return failures;
  },

  normalize: (inputs) => ({ ...inputs, pool: canonicalPool(inputs.controlPlane, inputs.pool) }),

  async create(inputs, { connections }) {
    const plane = connections.connect(inputs.controlPlane);
    const poolId = poolIdOf(inputs.pool);
    await requirePool(plane, poolId);
    await plane.setDefaultPool(poolId);
    return { id: makeId(inputs.controlPlane, "default-pool"), state: { ...inputs, poolId } };
  },

  async read(id, known, { connections }) {
    const { kind, organization } = requireId(id, "default-pool", 1);
    const controlPlane = known.controlPlane ?? { kind, organization };
    const poolId = await connections.connect(controlPlane).findDefaultPool();
    if (!poolId) return undefined;
    const same = known.pool !== undefined && poolIdOf(known.pool) === poolId;
    const inputs = {
      controlPlane,
      pool: same && known.pool ? known.pool : canonicalPool(controlPlane, poolId),
    };
    return { id, inputs, state: { ...inputs, poolId } };
  },

  async update(_id, state, inputs, { connections }) {
    const poolId = poolIdOf(inputs.pool);
    if (poolId !== state.poolId) {
      const plane = connections.connect(inputs.controlPlane);
      await requirePool(plane, poolId);
      await plane.setDefaultPool(poolId);
    }
    return { ...inputs, poolId };
  },

  async delete(_id, { controlPlane, poolId }, { connections, warn }) {
    const plane = connections.connect(controlPlane);
    if ((await plane.findDefaultPool()) !== poolId) return;
    await plane.setDefaultPool(undefined);
    warn(
      `organization ${plane.organization} has no default runner pool any more: work without an assignment now runs on the vendor's hosted runners.`,
    );
  },
};
