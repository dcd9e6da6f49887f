import {
  anyAssignment,
  anyPool,
  byName,
  freeTargets,
  fresh,
  insert,
  type Mutation,
  replace,
} from "./mutation-tools.ts";
import { type AssignmentDeclaration, type DefaultDeclaration, defaultsOf, poolsOf } from "./program.ts";

/** Mutations that neither rename nor move anything: what is declared is added, changed in place or removed. */
export const plainMutations: Readonly<Record<string, Mutation>> = {
  "add a pool"(program, context) {
    const plane = context.random.pick(context.planes) ?? "pulumi-cloud";
    if (poolsOf(program).filter((pool) => pool.plane === plane).length >= 3) return undefined;
    const name = context.newName(`pool-${plane.slice(0, 1)}`);
    return insert(program, { type: "pool", key: name, plane, name, aliases: [] }, context);
  },

  "describe a pool"(program, { random }) {
    const pool = random.pick(poolsOf(program).filter(({ plane }) => plane !== "hcp-terraform"));
    return pool && replace(program, pool, { ...pool, description: `described ${random.between(1, 99)}` });
  },

  "remove a pool that nothing uses"(program, { random }) {
    const used = new Set(program.flatMap((declaration) => ("pool" in declaration ? [declaration.pool] : [])));
    const pool = random.pick(poolsOf(program).filter(({ key }) => !used.has(key)));
    return pool && replace(program, pool);
  },

  "add a single assignment"(program, context) {
    const plane = context.random.pick(context.planes) ?? "pulumi-cloud";
    const target = context.random.pick(freeTargets(program, plane, context));
    const pool = anyPool(program, plane, context);
    if (!target || !pool) return undefined;
    return insert(program, fresh("single", plane, pool, [byName(target, context)], context), context);
  },

  "add a set"(program, context) {
    const { random } = context;
    const plane = random.pick(context.planes) ?? "pulumi-cloud";
    const found = random.some(freeTargets(program, plane, context), random.between(1, 4));
    const pool = anyPool(program, plane, context);
    if (found.length === 0 || !pool) return undefined;
    const members = found.map((target) => byName(target, context));
    return insert(program, fresh("set", plane, pool, members, context), context);
  },

  "add a target to a set"(program, context) {
    const set = anyAssignment(program, context, ({ type }) => type === "set");
    const target = set && context.random.pick(freeTargets(program, set.plane, context));
    return target && replace(program, set, { ...set, members: [...set.members, byName(target, context)] });
  },

  "take a target from a set"(program, context) {
    const set = anyAssignment(program, context, ({ members }) => members.length > 1);
    const leaving = set && context.random.pick(set.members);
    return set && replace(program, set, { ...set, members: set.members.filter((one) => one !== leaving) });
  },

  "remove an assignment"(program, context) {
    const assignment = anyAssignment(program, context);
    return assignment && replace(program, assignment);
  },

  "add a default"(program, context) {
    const plane = context.random.pick(context.planes.filter((each) => each !== "env-zero"));
    if (!plane || context.side !== "first") return undefined;
    const pool = anyPool(program, plane, context);
    if (!pool) return undefined;
    const name = context.newName(`default-${plane.slice(0, 1)}`);
    const made: DefaultDeclaration = {
      type: "default",
      key: name,
      plane,
      name,
      aliases: [],
      pool,
    };
    return insert(program, made, context);
  },

  "remove a default"(program, { random }) {
    const found = random.pick(defaultsOf(program));
    return found && replace(program, found);
  },

  "re-order"(program, { random }) {
    return program.length > 1 ? random.shuffled(program) : undefined;
  },

  "change the pool of a default"(program, context) {
    const found = context.random.pick(defaultsOf(program));
    const pool = found && anyPool(program, found.plane, context);
    return pool && pool !== found.pool ? replace(program, found, { ...found, pool }) : undefined;
  },

  "change the pool of a single assignment"(program, context) {
    const found = anyAssignment(program, context, ({ type }) => type === "single");
    const pool = found && anyPool(program, found.plane, context);
    return pool && pool !== found.pool ? replace(program, found, { ...found, pool }) : undefined;
  },

  "toggle deleteBeforeReplace"(program, context) {
    const found = anyAssignment(program, context);
    const { deleteBeforeReplace, ...rest } = found ?? {};
    return (
      found &&
      replace(program, found, {
        ...(rest as AssignmentDeclaration),
        deleteBeforeReplace: !deleteBeforeReplace,
      })
    );
  },

  "remove everything": (program) => (program.length > 0 ? [] : undefined),
};
