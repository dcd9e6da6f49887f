import { groupsOf, type PlaneKind, type Side, type Target, targets } from "./organization.ts";
import {
  type AssignmentDeclaration,
  assignmentsOf,
  type Declaration,
  holdersOf,
  type Member,
  type NamedMember,
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
export function replace(program: Program, old: Declaration, ...now: Declaration[]): Program {
  return program.flatMap((declaration) => (declaration.key === old.key ? now : [declaration]));
}

/** Puts a resource somewhere in the order. */
export function insert(program: Program, declaration: Declaration, { random }: MutationContext): Program {
  const place = random.between(0, program.length);
  return [...program.slice(0, place), declaration, ...program.slice(place)];
}

/** A target as a member, on HCP Terraform sometimes by its id. */
export function byName({ kind, name }: Target, { random }: MutationContext): NamedMember {
  const by =
    (kind === "workspace" || (kind === "project" && name.endsWith("-project"))) && random.chance(0.3);
  return { kind, name, by: by ? "id" : "name" };
}

/** Whether a member is no pattern. */
export function isNamed(member: Member): member is NamedMember {
  return "name" in member;
}

/** The targets of an assignment, each as a member of its own. */
export function membersOf(assignment: AssignmentDeclaration, context: MutationContext): NamedMember[] {
  return targetsOf(assignment.plane, assignment.members).map((target) => byName(target, context));
}

/** What the deployment may declare and does not. */
export function freeTargets(program: Program, plane: PlaneKind, { side }: MutationContext): Target[] {
  const holders = holdersOf(program);
  const mine: readonly string[] = groupsOf[side];
  return targets.filter(
    (target) =>
      target.plane === plane &&
      mine.includes(target.group) &&
      !holders.has(`${plane} ${target.kind} ${target.name}`),
  );
}

/** The key of a pool for an assignment; undefined where there is none. */
export function anyPool(
  program: Program,
  plane: PlaneKind,
  { random, sharesPools }: MutationContext,
): string | undefined {
  const own = random.pick(poolsOf(program).filter((pool) => pool.plane === plane))?.key;
  return sharesPools && (own === undefined || random.chance(0.15)) ? sharedPool : own;
}

/** A new assignment. */
export function fresh(
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

/** An assignment that matches. */
export function anyAssignment(
  program: Program,
  { random }: MutationContext,
  matches: (assignment: AssignmentDeclaration) => boolean = () => true,
): AssignmentDeclaration | undefined {
  return random.pick(assignmentsOf(program).filter(matches));
}

/** Two assignments on one plane that match. */
export function twoAssignments(
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
