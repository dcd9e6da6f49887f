import type { HcpRequest } from "./requests";
import type { HcpTerraformState, HcpTerraformWorkspace, TagBinding } from "./state";

/**
 * The filters of the list of workspaces (workspaces API): `search[name]`, `search[wildcard-name]`, `search[tags]`,
 * `search[exclude-tags]`, `filter[project][id]`, `filter[current-run][status]`, `filter[tagged][0][key]` and `[value]`.
 * All that are given must fit.
 */
export function matchesFilters({ state, query }: HcpRequest, workspace: HcpTerraformWorkspace): boolean {
  const projectId = query.get("filter[project][id]");
  const statuses = listed(query, "filter[current-run][status]");
  const excluded = listed(query, "search[exclude-tags]") ?? [];
  const currentRun = state.runs.findLast((run) => run.workspaceId === workspace.id);
  return (
    matchesName(workspace.name, query) &&
    (projectId === null || workspace.projectId === projectId) &&
    (statuses === undefined || statuses.includes(currentRun?.status ?? "")) &&
    // Several tags narrow the list: a workspace must have them all.
    (listed(query, "search[tags]") ?? []).every((name) => workspace.tagNames.includes(name)) &&
    !excluded.some((name) => workspace.tagNames.includes(name)) &&
    matchesBindings(effectiveBindings(state, workspace), query)
  );
}

/** Tag bindings that hold for a workspace: its own, and its project's where it has none of the same key. */
export function effectiveBindings(state: HcpTerraformState, workspace: HcpTerraformWorkspace): TagBinding[] {
  const project = state.projects.find(({ id }) => id === workspace.projectId);
  const own = workspace.tagBindings;
  const inherited = project?.tagBindings.filter(({ key }) => !own.some((binding) => binding.key === key));
  return [...own, ...(inherited ?? [])];
}

/** `search[name]` finds parts of names; `search[wildcard-name]` has `*` at its start, its end or both. */
function matchesName(name: string, query: URLSearchParams): boolean {
  const part = query.get("search[name]");
  if (part !== null && !name.includes(part)) return false;
  const wildcard = query.get("search[wildcard-name]");
  if (wildcard === null) return true;
  const pattern = wildcard.split("*").map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${pattern.join(".*")}$`).test(name);
}

/** A key without a value fits any value. */
function matchesBindings(bindings: readonly TagBinding[], query: URLSearchParams): boolean {
  for (const [name, wantedKey] of query) {
    const index = /^filter\[tagged\]\[(\d+)\]\[key\]$/.exec(name)?.[1];
    if (index === undefined) continue;
    const wantedValue = query.get(`filter[tagged][${index}][value]`);
    const fits = bindings.some(
      ({ key, value }) => key === wantedKey && (wantedValue === null || value === wantedValue),
    );
    if (!fits) return false;
  }
  return true;
}

/** Values of a parameter that separates them by commas; undefined without the parameter. */
function listed(query: URLSearchParams, name: string): string[] | undefined {
  return query
    .get(name)
    ?.split(",")
    .map((value) => value.trim())
    .filter((value) => value !== "");
}
