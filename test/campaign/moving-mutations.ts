import {
  anyAssignment,
  anyPool,
  fresh,
  insert,
  isNamed,
  type Mutation,
  type MutationContext,
  membersOf,
  replace,
  twoAssignments,
} from "./mutation-tools.ts";
import { groupsOf, patternKinds } from "./organization.ts";
import {
  type AssignmentDeclaration,
  type Declaration,
  type Member,
  type PoolDeclaration,
  poolsOf,
  sharedPool,
  targetsOf,
} from "./program.ts";

function renamed<Kind extends Declaration>(old: Kind, keepsAlias: boolean, context: MutationContext): Kind {
  const name = context.newName(`${old.type}-${old.plane.slice(0, 1)}`);
  return { ...old, name, aliases: keepsAlias ? [old.name, ...old.aliases] : [] };
}

/** Mutations after which the same target belongs to another resource, or to the same one under another name. */
export const movingMutations: Readonly<Record<string, Mutation>> = {
  "rename with alias"(program, context) {
    const found = context.random.pick(program);
    return found && replace(program, found, renamed(found, true, context));
  },

  "rename without alias"(program, context) {
    const found = context.random.pick(program.filter(({ type }) => type !== "pool"));
    return found && replace(program, found, renamed(found, false, context));
  },

  "rename a pool without alias"(program, context) {
    const found = context.random.pick(poolsOf(program));
    return found && replace(program, found, renamed(found, false, context));
  },

  "turn a single assignment into a set"(program, context) {
    const single = anyAssignment(program, context, ({ type }) => type === "single");
    return (
      single &&
      replace(program, single, fresh("set", single.plane, single.pool, [...single.members], context))
    );
  },

  "turn a set into single assignments"(program, context) {
    const set = anyAssignment(program, context, ({ type }) => type === "set");
    if (!set) return undefined;
    const singles = membersOf(set, context).map((member) =>
      fresh("single", set.plane, set.pool, [member], context),
    );
    return replace(program, set, ...singles);
  },

  "move a single assignment into a set"(program, context) {
    const found = twoAssignments(
      program,
      context,
      (one, other) => one.type === "single" && other.type === "set",
    );
    if (!found) return undefined;
    const [single, set] = found;
    return replace(replace(program, single), set, { ...set, members: [...set.members, ...single.members] });
  },

  "move a target out of a set"(program, context) {
    const set = anyAssignment(program, context, ({ members }) => members.length > 1);
    const member = set && context.random.pick(set.members.filter(isNamed));
    if (!member) return undefined;
    const left = { ...set, members: set.members.filter((each) => each !== member) };
    const pool = context.random.chance(0.5) ? set.pool : anyPool(program, set.plane, context);
    return insert(
      replace(program, set, left),
      fresh("single", set.plane, pool ?? set.pool, [member], context),
      context,
    );
  },

  "move targets between sets"(program, context) {
    const found = twoAssignments(
      program,
      context,
      (one, other) => one.members.length > 1 && other.type === "set",
    );
    if (!found) return undefined;
    const [from, to] = found;
    const moving = context.random.some(
      from.members.filter(isNamed),
      context.random.between(1, from.members.length - 1),
    );
    const left = { ...from, members: from.members.filter((member) => !moving.some((one) => one === member)) };
    return replace(replace(program, from, left), to, { ...to, members: [...to.members, ...moving] });
  },

  "split a set"(program, context) {
    const set = anyAssignment(
      program,
      context,
      (one) => one.type === "set" && targetsOf(one.plane, one.members).length > 1,
    );
    if (!set) return undefined;
    const members = context.random.shuffled(membersOf(set, context));
    const half = Math.ceil(members.length / 2);
    const other = fresh("set", set.plane, set.pool, members.slice(half), context);
    return replace(program, set, { ...set, members: members.slice(0, half) }, other);
  },

  "merge two sets"(program, context) {
    const found = twoAssignments(
      program,
      context,
      (one, other) => one.type === "set" && other.type === "set",
    );
    if (!found) return undefined;
    const [one, other] = found;
    return replace(replace(program, one), other, { ...other, members: [...other.members, ...one.members] });
  },

  "let a single assignment and a set have one target"(program, context) {
    const set = anyAssignment(program, context, ({ type }) => type === "set");
    const member = set && context.random.pick(membersOf(set, context));
    return member && insert(program, fresh("single", set.plane, set.pool, [member], context), context);
  },

  "change the pool of a set"(program, context) {
    const found = anyAssignment(program, context, ({ type }) => type === "set");
    const pool = found && anyPool(program, found.plane, context);
    return pool && pool !== found.pool ? replace(program, found, { ...found, pool }) : undefined;
  },

  "swap the targets of two single assignments"(program, context) {
    const found = twoAssignments(
      program,
      context,
      (one, other) => one.type === "single" && other.type === "single",
    );
    if (!found) return undefined;
    const [one, other] = found;
    const half = replace(program, one, { ...one, members: other.members });
    return replace(half, other, { ...other, members: one.members });
  },

  "give ids for names, or names for ids"(program, context) {
    const found = anyAssignment(program, context, ({ plane }) => plane === "hcp-terraform");
    const members = found?.members.map((member): Member => {
      return "pattern" in member ? member : { ...member, by: member.by === "id" ? "name" : "id" };
    });
    return (
      members && replace(program, found as Declaration, { ...(found as AssignmentDeclaration), members })
    );
  },

  "name a target twice in a set"(program, context) {
    const found = anyAssignment(
      program,
      context,
      ({ type, plane }) => type === "set" && plane === "hcp-terraform",
    );
    const member = found && context.random.pick(found.members.filter(isNamed));
    if (!found || !member) return undefined;
    const again: Member = { ...member, by: member.by === "id" ? "name" : "id" };
    return replace(program, found, { ...found, members: [...found.members, again] });
  },

  "give a pattern for names"(program, context) {
    const { random, side } = context;
    const set = anyAssignment(program, context, ({ type }) => type === "set");
    const group = random.pick(groupsOf[side]);
    if (!set || !group) return undefined;
    const kind = patternKinds[set.plane];
    const others = set.members.filter(
      (member) => "pattern" in member || member.kind !== kind || random.chance(0.2),
    );
    return replace(program, set, { ...set, members: [...others, { kind, pattern: group }] });
  },

  "give names for a pattern"(program, context) {
    const set = anyAssignment(program, context, ({ members }) =>
      members.some((member) => "pattern" in member),
    );
    return set && replace(program, set, { ...set, members: membersOf(set, context) });
  },

  "give an assignment another parent"(program, context) {
    const found = anyAssignment(program, context, ({ pool }) => pool !== sharedPool);
    return found && replace(program, found, { ...found, isChild: !found.isChild });
  },

  "put a pool in the place of another"(program, context) {
    const old = context.random.pick(poolsOf(program));
    if (!old) return undefined;
    const name = context.newName(`pool-${old.plane.slice(0, 1)}`);
    const now: PoolDeclaration = { type: "pool", key: name, plane: old.plane, name, aliases: [] };
    const moved = program.map((one) =>
      "pool" in one && one.pool === old.key ? { ...one, pool: now.key } : one,
    );
    return replace(moved, old, now);
  },
};
