import type { Pool, PoolChange } from "../../control-planes/control-plane";

/** What an adoption changes of a pool, in words for a preview: who loses access by it, too. */
export function describeAdoption(pool: Pool, change: PoolChange): string {
  const { name, description, scope, logHosting } = change;
  const changes = [
    ...(name === undefined ? [] : [`its name to "${name}"`]),
    ...(description === undefined ? [] : ["its description"]),
    ...(scope === undefined ? [] : [`its scope${shutOut(pool, scope)}`]),
    ...(logHosting === undefined ? [] : ["its log hosting"]),
  ];
  return changes.length > 0 ? `changes ${changes.join(", ")}` : "changes nothing of it";
}

function shutOut({ scope: before }: Pool, scope: NonNullable<PoolChange["scope"]>): string {
  const { organizationScoped, allowedWorkspaces = [], allowedProjects = [] } = scope;
  if (organizationScoped !== false || !before) return "";
  const stays = `${count(allowedWorkspaces, "workspace")} and ${count(allowedProjects, "project")}`;
  if (before.organizationScoped) return ` (until now every workspace may use it, from then on ${stays})`;
  const lost = [
    ...(before.allowedWorkspaces ?? []).filter((id) => !allowedWorkspaces.includes(id)),
    ...(before.allowedProjects ?? []).filter((id) => !allowedProjects.includes(id)),
  ];
  return lost.length > 0 ? ` (${lost.join(", ")} may use it no longer)` : "";
}

function count(items: readonly unknown[], what: string): string {
  return `${items.length} ${what}${items.length === 1 ? "" : "s"}`;
}
