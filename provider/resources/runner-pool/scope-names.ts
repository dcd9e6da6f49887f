import type { ControlPlane } from "../../control-planes/control-plane";
import { describeTarget } from "../../control-planes/target-words";
import type { InputsOf } from "../framework/definition";
import { inParallel } from "../targets/in-parallel";
import type { runnerPool } from "./definition";

type Scope = InputsOf<typeof runnerPool>["scope"];

/** The lists of a scope, and what they are lists of. */
const lists = [
  ["allowedWorkspaces", "workspace"],
  ["allowedProjects", "project"],
  ["excludedWorkspaces", "workspace"],
] as const;

/**
 * A scope as the control plane has it: with ids in place of names.
 * @param options.strict false: what does not exist stays as it is written. Default: true.
 * @throws Error that names what does not exist.
 */
export async function withScopeIds<Settings extends { scope?: Scope | undefined }>(
  plane: ControlPlane,
  settings: Settings,
  { strict = true } = {},
): Promise<Settings> {
  const { scope } = settings;
  if (!scope) return settings;
  const known = await idsOf(plane, scope, strict);
  return { ...settings, scope: mapped(scope, (_list, kind, text) => [known.get(`${kind} ${text}`) ?? text]) };
}

/**
 * A scope that was observed, in the words of the declaration: what is declared by name is shown by name, and what is
 * declared twice, by name and by id, is shown twice.
 */
export async function inDeclaredWords(plane: ControlPlane, observed: Scope, declared: Scope): Promise<Scope> {
  if (!observed || !declared) return observed;
  const ids = await idsOf(plane, declared, false);
  return mapped(observed, (list, kind, id) => {
    const words = declared[list]?.filter((text) => (ids.get(`${kind} ${text}`) ?? text) === id) ?? [];
    return words.length > 0 ? words : [id];
  });
}

type List = (typeof lists)[number][0];

function mapped(
  scope: NonNullable<Scope>,
  words: (list: List, kind: string, text: string) => readonly string[],
): Scope {
  const changed = lists.flatMap(([list, kind]) => {
    const texts = scope[list];
    return texts ? [[list, [...new Set(texts.flatMap((text) => words(list, kind, text)))]]] : [];
  });
  return { ...scope, ...Object.fromEntries(changed) };
}

/** The ids of what a scope names, by kind and name. Ids cost no request. */
async function idsOf(
  plane: ControlPlane,
  scope: NonNullable<Scope>,
  strict: boolean,
): Promise<Map<string, string>> {
  const named = lists.flatMap(([list, kind]) =>
    (scope[list] ?? []).filter((text) => !isId(kind, text)).map((name) => ({ kind, name, list })),
  );
  const found = await inParallel(named, async ({ kind, name, list }) => {
    const target = await plane.assignments.find({ kind, name });
    if (!target && strict) {
      throw new Error(
        `${plane.displayName}: scope.${list} names ${describeTarget({ kind, name })}, which organization ${plane.organization} does not have, or the credential may not see it. Check its name.`,
      );
    }
    return target ? [[`${kind} ${name}`, target.id] as const] : [];
  });
  return new Map(found.flat());
}

/** HCP Terraform's form of ids. (API: examples of "Workspaces" and "Projects".) */
function isId(kind: "workspace" | "project", text: string): boolean {
  return (kind === "workspace" ? /^ws-[A-Za-z0-9]{16}$/ : /^prj-[A-Za-z0-9]{16}$/).test(text);
}
