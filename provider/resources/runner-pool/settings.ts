import { isDeepStrictEqual } from "node:util";
import type {
  ControlPlane,
  Pool,
  PoolChange,
  PoolScope,
  PoolSettings,
} from "../../control-planes/control-plane";
import type { InputsOf } from "../framework/definition";
import type { runnerPool } from "./definition";

type Inputs = InputsOf<typeof runnerPool>;
type Declared = Pick<Inputs, "name" | "description" | "scope" | "logHosting" | "generation">;

/** The name that the control plane shows: pools of later generations carry it, since the one before still has the name. */
export function shownName({ name = "", generation }: Pick<Inputs, "name" | "generation">): string {
  return generation > 1 ? `${name}-g${generation}` : name;
}

/** What a new pool is made with. */
export function newSettings(inputs: Declared): PoolSettings {
  const { description, scope, logHosting } = inputs;
  return {
    name: shownName(inputs),
    description: description ?? "",
    ...(scope && { scope: scopeChange(scope, undefined) }),
    ...(logHosting && { logHosting }),
  };
}

/** What is changed of a pool that exists: what is declared and differs, and what was declared and no longer is. */
export function settingsChange(inputs: Partial<Declared>, before: Partial<Declared>): PoolChange {
  const { name, description, scope, logHosting, generation = 1 } = inputs;
  const nameBefore =
    before.name && shownName({ name: before.name, generation: before.generation ?? generation });
  const nameNow = name && shownName({ name, generation });
  return {
    ...(nameNow && nameNow !== nameBefore && { name: nameNow }),
    ...(description !== before.description && { description: description ?? "" }),
    ...(scope && !isDeepStrictEqual(scope, before.scope) && { scope: scopeChange(scope, before.scope) }),
    ...(!isDeepStrictEqual(logHosting, before.logHosting) && { logHosting: logHosting ?? null }),
  };
}

/**
 * A pool whose scope becomes `assigned` lets in what is assigned to it now; assignments that come later add themselves.
 * Nothing may stay excluded that an assignment lets in.
 */
export async function withAssigned(
  plane: ControlPlane,
  poolId: string,
  change: PoolChange,
  { scope }: Pick<Inputs, "scope">,
): Promise<PoolChange> {
  if (!change.scope || scope?.mode !== "assigned") return change;
  const assigned = (await plane.assignments.listAssigned?.(poolId)) ?? [];
  const idsOf = (kind: string) => assigned.filter((target) => target.kind === kind).map(({ id }) => id);
  return {
    ...change,
    scope: {
      ...change.scope,
      allowedWorkspaces: idsOf("workspace"),
      allowedProjects: idsOf("project"),
      excludedWorkspaces: [],
    },
  };
}

function scopeChange(
  scope: NonNullable<Inputs["scope"]>,
  before: Inputs["scope"],
): Partial<PoolScope> & { organizationScoped: boolean } {
  const { mode, allowedWorkspaces, allowedProjects, excludedWorkspaces } = scope;
  const hadExclusions = before?.excludedWorkspaces !== undefined;
  return {
    organizationScoped: mode === "organization",
    ...(mode === "listed" && {
      allowedWorkspaces: allowedWorkspaces ?? [],
      allowedProjects: allowedProjects ?? [],
    }),
    ...((excludedWorkspaces || hadExclusions) && { excludedWorkspaces: excludedWorkspaces ?? [] }),
  };
}

/** Lists as sets: each id once, in the order that was declared. */
export function withoutRepetitions(scope: Inputs["scope"]): Inputs["scope"] {
  if (!scope) return undefined;
  return Object.fromEntries(
    Object.entries(scope).map(([key, value]) => [key, Array.isArray(value) ? [...new Set(value)] : value]),
  ) as Inputs["scope"];
}

/**
 * The declared form of what a pool really is. What the declaration leaves to others is no drift.
 * @param known what is declared; undefined for an import, which shows everything.
 */
export function observedSettings(
  pool: Pool,
  known: Partial<Inputs> | undefined,
): Pick<Inputs, "name" | "description" | "scope" | "logHosting"> {
  const isDeclared = (key: keyof Inputs) => known === undefined || known[key] !== undefined;
  const description = pool.description || known?.description === "" ? (pool.description ?? "") : undefined;
  const scope = isDeclared("scope") ? observedScope(pool, known?.scope) : undefined;
  const { name, generation = 1 } = known ?? {};
  const isAsDeclared = pool.name === shownName({ name, generation });
  return {
    ...(isDeclared("name") && { name: isAsDeclared ? name : pool.name }),
    ...(isDeclared("description") && description !== undefined && { description }),
    ...(scope && { scope }),
    ...(isDeclared("logHosting") &&
      pool.logHosting && { logHosting: observedLogHosting(pool.logHosting, known?.logHosting) }),
  };
}

function observedScope({ scope }: Pool, known: Inputs["scope"]): Inputs["scope"] {
  if (!scope) return undefined;
  const list = (key: "allowedWorkspaces" | "allowedProjects" | "excludedWorkspaces") => {
    const value = inDeclaredOrder(scope[key], known?.[key]);
    return value.length > 0 || known?.[key] ? { [key]: value } : {};
  };
  if (scope.organizationScoped) {
    const isDeclared = !known || known.excludedWorkspaces !== undefined;
    return { mode: "organization", ...(isDeclared && list("excludedWorkspaces")) };
  }
  if (known?.mode === "listed") {
    return { mode: "listed", ...list("allowedWorkspaces"), ...list("allowedProjects") };
  }
  return { mode: "assigned" };
}

/** The control plane's lists have no order, so the same members are shown as they were declared. */
function inDeclaredOrder(actual: readonly string[] = [], declared: readonly string[] = []): string[] {
  const isSame = actual.length === declared.length && actual.every((id) => declared.includes(id));
  return [...(isSame ? declared : actual)];
}

function observedLogHosting(
  actual: NonNullable<Pool["logHosting"]>,
  known: Inputs["logHosting"],
): Inputs["logHosting"] {
  const { externalId, ...rest } = actual;
  return known && !known.externalId ? rest : { ...rest, ...(externalId && { externalId }) };
}
