import { groupsOf, type PlaneKind, patternKinds, type Side, type Target, targets } from "./organization.ts";
import {
  type AssignmentDeclaration,
  assignmentsOf,
  type Declaration,
  type DefaultDeclaration,
  defaultsOf,
  holdersOf,
  type Member,
  type NamedMember,
  type PoolDeclaration,
  type Program,
  poolsOf,
  sharedPool,
  targetsOf,
} from "./program.ts";
import type { Random } from "./random.ts";

/** What a mutation may use. */
export interface MutationContext {
  readonly random: Random;
  readonly side: Side;
  readonly planes: readonly PlaneKind[];
  /** Whether the shared pool may be used. */
  readonly sharesPools: boolean;
  /** A name that no resource has had. */
  readonly newName: (what: string) => string;
}

/** Changes a program; undefined where there is nothing to change so. What comes out may still break a rule. */
export type Mutation = (program: Program, context: MutationContext) => Program | undefined;

/** Where a resource has a place in the order, others that take its place have it too. */
function replace(program: Program, old: Declaration, ...now: Declaration[]): Program {
  return program.flatMap((declaration) => (declaration.key === old.key ? now : [declaration]));
}

/** Puts a resource somewhere in the order. */
function insert(program: Program, declaration: Declaration, { random }: MutationContext): Program {
  const place = random.between(0, program.length);
  return [...program.slice(0, place), declaration, ...program.slice(place)];
}

function byName({ kind, name }: Target, { random }: MutationContext): NamedMember {
  const by =
    (kind === "workspace" || (kind === "project" && name.endsWith("-project"))) && random.chance(0.3);
  return { kind, name, by: by ? "id" : "name" };
}

function isNamed(member: Member): member is NamedMember {
  return "name" in member;
}

function membersOf(assignment: AssignmentDeclaration, context: MutationContext): NamedMember[] {
  return targetsOf(assignment.plane, assignment.members).map((target) => byName(target, context));
}

function freeTargets(program: Program, plane: PlaneKind, { side }: MutationContext): Target[] {
  const holders = holdersOf(program);
  const mine: readonly string[] = groupsOf[side];
  return targets.filter(
    (target) =>
      target.plane === plane &&
      mine.includes(target.group) &&
      !holders.has(`${plane} ${target.kind} ${target.name}`),
  );
}

function anyPool(
  program: Program,
  plane: PlaneKind,
  { random, sharesPools }: MutationContext,
): string | undefined {
  const own = random.pick(poolsOf(program).filter((pool) => pool.plane === plane))?.key;
  return sharesPools && (own === undefined || random.chance(0.15)) ? sharedPool : own;
}

function fresh(
  type: "single" | "set",
  plane: PlaneKind,
  pool: string,
  members: Member[],
  context: MutationContext,
) {
  const { random, newName } = context;
  const name = newName(`${type}-${plane.slice(0, 1)}`);
  const made: AssignmentDeclaration = {
    type,
    key: name,
    plane,
    name,
    aliases: [],
    pool,
    members,
    ...(random.chance(0.15) && { isChild: true }),
    ...(random.chance(0.15) && { deleteBeforeReplace: true }),
  };
  return made;
}

function anyAssignment(
  program: Program,
  { random }: MutationContext,
  matches: (assignment: AssignmentDeclaration) => boolean = () => true,
): AssignmentDeclaration | undefined {
  return random.pick(assignmentsOf(program).filter(matches));
}

function twoAssignments(
  program: Program,
  { random }: MutationContext,
  matches: (one: AssignmentDeclaration, other: AssignmentDeclaration) => boolean,
): [AssignmentDeclaration, AssignmentDeclaration] | undefined {
  const all = random.shuffled(assignmentsOf(program));
  for (const one of all) {
    const other = all.find((each) => each !== one && each.plane === one.plane && matches(one, each));
    if (other) return [one, other];
  }
  return undefined;
}

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

/** All mutations by what they do. */
export const mutations: Readonly<Record<string, Mutation>> = { ...plainMutations, ...movingMutations };
