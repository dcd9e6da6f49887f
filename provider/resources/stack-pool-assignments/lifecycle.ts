import { type TargetKind, targetKinds } from "../../control-planes/capabilities";
import type { ControlPlane, Target } from "../../control-planes/control-plane";
import type { Failure } from "../check";
import type { InputsOf, StateOf } from "../definition";
import { makeId, requireId } from "../ids";
import { inParallel } from "../in-parallel";
import { type Lifecycle, PartialFailure } from "../lifecycle";
import { canonicalPool, poolIdOf, poolRules, requirePool } from "../pool-reference";
import { stackPoolAssignments } from "../stack-pool-assignment/definition";
import {
  fallbackRules,
  kindRules,
  pluralOf,
  stackRules,
  stackWithoutOrganization,
  targetFromText,
  targetText,
} from "../targets";

type Inputs = InputsOf<typeof stackPoolAssignments>;
type State = StateOf<typeof stackPoolAssignments>;

/** Lifecycle of `StackPoolAssignments`: keeps a set of targets at one pool by the difference to what it did before. */
export const stackPoolAssignmentsLifecycle: Lifecycle<Inputs, State> = {
  definition: stackPoolAssignments,

  rules(inputs, { isUnknown }) {
    const { controlPlane, targets } = inputs;
    const failures = [
      ...poolRules(controlPlane, inputs.pool),
      ...fallbackRules(controlPlane?.kind, inputs.onDestroy),
    ];
    if (!targets) return failures;
    const declared = declaredTargets(targets);
    if (declared.length === 0 && !isUnknown("targets")) {
      failures.push({ property: "targets", reason: "names no target: give at least one name or pattern" });
    }
    const kinds = [...new Set(declared.map((target) => target.kind))];
    failures.push(...kindRules(controlPlane?.kind, kinds, (kind) => `targets.${pluralOf[kind]}`));
    return [...failures, ...stackNameRules(controlPlane?.organization, targets.stacks)];
  },

  normalize(inputs) {
    const { stacks } = inputs.targets;
    return {
      ...inputs,
      pool: canonicalPool(inputs.controlPlane, inputs.pool),
      targets: { ...inputs.targets, ...(stacks && { stacks: stacks.map(stackWithoutOrganization) }) },
    };
  },

  async outdated(state, inputs, { connections }) {
    const wanted = await expand(connections.connect(inputs.controlPlane), inputs);
    return wanted.map(targetText).join("\n") !== state.assigned.join("\n");
  },

  async create(inputs, { connections }) {
    const plane = connections.connect(inputs.controlPlane);
    const poolId = poolIdOf(inputs.pool);
    await requirePool(plane, poolId);
    const id = makeId(inputs.controlPlane, "assignments", poolId);
    const nothing: State = { ...inputs, poolId, assigned: [], accessGranted: [] };
    return { id, state: await converge(id, plane, nothing, inputs) };
  },

  async read(id, known, { connections }) {
    const { kind, organization, rest } = requireId(id, "assignments/<poolId>", 2);
    const controlPlane = known.controlPlane ?? { kind, organization };
    const plane = connections.connect(controlPlane);
    const poolId = known.poolId ?? rest[1] ?? "";
    const candidates = known.assigned?.map(targetFromText) ?? (await everyTarget(plane));
    const found = await inParallel(candidates, (target) => plane.findAssignment(target));
    const held = candidates.filter(
      (_, index) => found[index]?.poolId === poolId && found[index]?.access !== "none",
    );
    if (held.length === 0) await plane.verifyAccess();
    if (held.length === 0 && !known.targets) return undefined;
    const inputs: Inputs = {
      controlPlane,
      pool: known.pool ?? canonicalPool(controlPlane, poolId),
      targets: known.targets ?? listByKind(held),
      onDestroy: known.onDestroy ?? "inherit",
    };
    const assigned = held.map(targetText).sort();
    const accessGranted = candidates
      .filter((target, index) => held.includes(target) && found[index]?.access === "list")
      .map(targetText)
      .sort();
    return { id, inputs, state: { ...inputs, poolId, assigned, accessGranted } };
  },

  async update(id, state, inputs, { connections }) {
    return converge(id, connections.connect(inputs.controlPlane), state, inputs);
  },

  async delete(_id, state, { connections }) {
    await release(connections.connect(state.controlPlane), state, state.assigned.map(targetFromText));
  },
};

/** Assigns what is wanted and missing, gives back what is no longer wanted. Keeps count of what succeeded. */
async function converge(id: string, plane: ControlPlane, state: State, inputs: Inputs): Promise<State> {
  const wanted = await expand(plane, inputs);
  const assigned = new Set(state.assigned);
  const granted = new Set(state.accessGranted);
  const failures: string[] = [];
  const attempt = async (target: Target, act: (text: string) => Promise<void>) => {
    try {
      await act(targetText(target));
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  };

  const missing = wanted.filter((target) => !assigned.has(targetText(target)));
  await inParallel(missing, (target) =>
    attempt(target, async (text) => {
      const { accessGranted } = await plane.assign(target, state.poolId);
      assigned.add(text);
      if (accessGranted) granted.add(text);
    }),
  );
  const kept = new Set(wanted.map(targetText));
  const surplus = state.assigned.filter((text) => !kept.has(text)).map(targetFromText);
  await inParallel(surplus, (target) =>
    attempt(target, async (text) => {
      await release(plane, { ...state, onDestroy: inputs.onDestroy }, [target]);
      assigned.delete(text);
      granted.delete(text);
    }),
  );

  const reached: State = {
    ...inputs,
    poolId: state.poolId,
    assigned: [...assigned].sort(),
    accessGranted: [...granted].sort(),
  };
  if (failures.length === 0) return reached;
  // With nothing done there is nothing to keep: the failure of a create is then a plain one.
  if (assigned.size === 0 && state.assigned.length === 0) throw new Error(failures.join("\n"));
  throw new PartialFailure(id, reached, failures);
}

async function release(plane: ControlPlane, state: State, targets: readonly Target[]): Promise<void> {
  await inParallel(targets, (target) =>
    plane.unassign(target, state.poolId, {
      fallback: state.onDestroy,
      revokeAccess: state.accessGranted.includes(targetText(target)),
    }),
  );
}

/** The concrete targets that names and patterns stand for now, sorted, each once. */
async function expand(plane: ControlPlane, { targets }: Inputs): Promise<Target[]> {
  const found = new Map<string, Target>();
  for (const declared of declaredTargets(targets)) {
    const matching = declared.name.includes("*")
      ? (await plane.listTargets(declared.kind)).filter(({ name }) => patternOf(declared.name).test(name))
      : [declared];
    for (const target of matching) found.set(targetText(target), target);
  }
  return [...found.keys()].sort().map((text) => targetFromText(text));
}

async function everyTarget(plane: ControlPlane): Promise<Target[]> {
  const lists = await Promise.all(plane.capabilities.targets.map((kind) => plane.listTargets(kind)));
  return lists.flat();
}

function declaredTargets(targets: Inputs["targets"]): Target[] {
  const lists = targets as Readonly<Record<string, readonly string[] | undefined>>;
  return targetKinds.flatMap((kind) => (lists[pluralOf[kind]] ?? []).map((name) => ({ kind, name })));
}

function listByKind(targets: readonly Target[]): Inputs["targets"] {
  const lists: Record<string, string[]> = {};
  for (const { kind, name } of targets) {
    const plural = pluralOf[kind as TargetKind];
    lists[plural] = [...(lists[plural] ?? []), name].sort();
  }
  return lists as Inputs["targets"];
}

function stackNameRules(organization: string | undefined, stacks: readonly string[] = []): Failure[] {
  return stacks.flatMap((name, index) => {
    const property = `targets.stacks[${index}]`;
    const parts = name.split("/").length;
    return parts === 2 || parts === 3
      ? stackRules(organization, name, property)
      : [{ property, reason: `"${name}" must be project/stack, where either may hold *` }];
  });
}

function patternOf(pattern: string): RegExp {
  const literals = pattern.split("*").map((text) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${literals.join("[^/]*")}$`);
}
