import { type Group, keyOf, type PlaneKind, type Target, type TargetKind, targets } from "./organization.ts";

/** What every declared resource has. Its key stays when its name in the program changes. */
interface Declared {
  readonly key: string;
  readonly plane: PlaneKind;
  /** Name in the program. */
  readonly name: string;
  /** Names that it had before, given to the engine as aliases. */
  readonly aliases: readonly string[];
  readonly deleteBeforeReplace?: boolean;
}

/** A `RunnerPool`; its name on the control plane is its name in the program. */
export interface PoolDeclaration extends Declared {
  readonly type: "pool";
  readonly description?: string;
}

/** A target by its name, or by the control plane's id of it. */
export interface NamedMember {
  readonly kind: TargetKind;
  readonly name: string;
  readonly by: "name" | "id";
}

/** One member of what is assigned: a target, or all targets of a group by a pattern. */
export type Member = NamedMember | { readonly kind: TargetKind; readonly pattern: Group };

/** What stands for the stranger's pool that everybody may use, given by its id. */
export const sharedPool = "shared";

/** What refers to a pool: by the key of a declaration, or {@link sharedPool}. */
interface UsesPool extends Declared {
  readonly pool: string;
}

/** A `StackPoolAssignment` (one member) or `StackPoolAssignments`. */
export interface AssignmentDeclaration extends UsesPool {
  readonly type: "single" | "set";
  readonly members: readonly Member[];
  /** Whether its pool is its parent in the program. */
  readonly isChild?: boolean;
}

/** An `OrganizationDefaultPool`. */
export interface DefaultDeclaration extends UsesPool {
  readonly type: "default";
}

/** One resource of a program. */
export type Declaration = PoolDeclaration | AssignmentDeclaration | DefaultDeclaration;

/** A program: its resources in the order in which it declares them. */
export type Program = readonly Declaration[];

/** The pools of a program. */
export function poolsOf(program: Program): PoolDeclaration[] {
  return program.filter((declaration) => declaration.type === "pool");
}

/** The assignments of a program. */
export function assignmentsOf(program: Program): AssignmentDeclaration[] {
  return program.filter(
    (declaration): declaration is AssignmentDeclaration =>
      declaration.type === "single" || declaration.type === "set",
  );
}

/** The organization defaults of a program. */
export function defaultsOf(program: Program): DefaultDeclaration[] {
  return program.filter((declaration) => declaration.type === "default");
}

/** The targets that members stand for. */
export function targetsOf(plane: PlaneKind, members: readonly Member[]): Target[] {
  return targets.filter(
    (target) =>
      target.plane === plane &&
      members.some(
        (member) =>
          member.kind === target.kind &&
          ("pattern" in member ? member.pattern === target.group : member.name === target.name),
      ),
  );
}

/** Who holds each target of a program, by the target's key. */
export function holdersOf(program: Program): Map<string, AssignmentDeclaration[]> {
  const holders = new Map<string, AssignmentDeclaration[]>();
  for (const assignment of assignmentsOf(program)) {
    for (const target of targetsOf(assignment.plane, assignment.members)) {
      holders.set(keyOf(target), [...(holders.get(keyOf(target)) ?? []), assignment]);
    }
  }
  return holders;
}

/** Whether the engine takes both for one resource, the first one as it was before. */
export function isSameResource(before: Declaration, now: Declaration): boolean {
  const isSameType = before.type === now.type && before.plane === now.plane;
  return isSameType && isChild(before) === isChild(now) && [now.name, ...now.aliases].includes(before.name);
}

function isChild(declaration: Declaration): boolean {
  return "isChild" in declaration && declaration.isChild === true && declaration.pool !== sharedPool;
}

/** What is wrong with a program by itself; undefined where nothing is. */
export function faultOf(program: Program): string | undefined {
  const names = program.flatMap(({ name, aliases }) => [name, ...aliases]);
  if (new Set(names).size < names.length) return "two resources have one name";
  const pools = new Map(poolsOf(program).map((pool) => [pool.key, pool]));
  for (const declaration of program) {
    if (declaration.type === "pool" || declaration.pool === sharedPool) continue;
    if (pools.get(declaration.pool)?.plane !== declaration.plane) return `${declaration.name} has no pool`;
  }
  for (const { type, name, members } of assignmentsOf(program)) {
    if (members.length === 0 || (type === "single" && members.length > 1)) return `${name} has wrong members`;
  }
  const defaults = defaultsOf(program).map(({ plane }) => plane);
  if (new Set(defaults).size < defaults.length) return "a plane has two defaults";
  const torn = [...holdersOf(program)].find(
    ([, holders]) => new Set(holders.map(({ pool }) => pool)).size > 1,
  );
  return torn && `${torn[0]} is declared for two pools`;
}
