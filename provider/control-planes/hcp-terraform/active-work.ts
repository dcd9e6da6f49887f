import type { AssignedTarget } from "../control-plane";
import { type HcpTerraformApi, pathOf } from "./api";
import type { HcpTerraformSession } from "./session";
import type { FoundTarget } from "./targets";
import { one, runResource } from "./wire";
import type { Workspaces } from "./workspaces";

/**
 * Statuses of a run that has left the pending stage and has not ended. "Changing your workspace's execution mode after a
 * run has already been planned will cause the run to error when it is applied"; the vendor asks to complete all runs that
 * are no longer pending, so those that wait for a person or for an agent count too. (Documentation: "Workspace
 * Settings", execution mode; statuses: API, "Run States".)
 */
const affectedStatuses: readonly string[] = [
  "fetching",
  "fetching_completed",
  "pre_plan_running",
  "pre_plan_completed",
  "pre_plan_awaiting_decision",
  "queuing",
  "plan_queued",
  "planning",
  "planned",
  "tf_policy_checked",
  "tf_policy_override",
  "cost_estimating",
  "cost_estimated",
  "policy_checking",
  "policy_override",
  "policy_checked",
  "post_plan_running",
  "post_plan_completed",
  "post_plan_awaiting_decision",
  "confirmed",
  "pre_apply_running",
  "pre_apply_completed",
  "pre_apply_awaiting_decision",
  "queuing_apply",
  "apply_queued",
  "applying",
  "post_apply_running",
  "post_apply_completed",
];

/**
 * The workspace's current run, if a change of its execution mode or pool would break it: `run run-… is planning`. One
 * that only plans is no current run: it changes nothing and may be run again.
 */
export async function activeWorkOfWorkspace(
  api: HcpTerraformApi,
  { currentRunId }: Pick<AssignedTarget, "currentRunId">,
): Promise<string | undefined> {
  if (currentRunId === undefined) return undefined;
  // Lists of runs allow 30 requests a minute, a single run as many as all else.
  const found = await api.find(
    { operation: `read run ${currentRunId}`, method: "GET", path: pathOf("runs", currentRunId) },
    one(runResource),
  );
  if (!found) return undefined;
  const { status } = found.data.attributes;
  return affectedStatuses.includes(status) ? `run ${currentRunId} is ${status}` : undefined;
}

/**
 * The first run of a workspace that inherits from the project. It costs the list of the project's workspaces with such a
 * current run, and one read for each that inherits until the first run is found.
 */
export async function activeWorkOfProject(
  api: HcpTerraformApi,
  workspaces: Workspaces,
  project: Pick<AssignedTarget, "id">,
): Promise<string | undefined> {
  const running = await workspaces.withCurrentRun(affectedStatuses, project);
  return firstActiveWork(
    api,
    running.filter(({ inherits }) => inherits),
  );
}

/**
 * The first run of a workspace that inherits from the organization: its project does, too. It costs the list of the
 * organization's workspaces with such a current run, the projects, and one read for each that inherits until the first
 * run is found.
 */
export async function activeWorkOfOrganization({
  api,
  workspaces,
  projects,
}: Pick<HcpTerraformSession, "api" | "workspaces" | "projects">): Promise<string | undefined> {
  const running = (await workspaces.withCurrentRun(affectedStatuses)).filter(({ inherits }) => inherits);
  if (running.length === 0) return undefined;
  const inheriting = new Set<string | undefined>(
    (await projects.list({}, { fresh: true })).filter(({ inherits }) => inherits).map(({ id }) => id),
  );
  return firstActiveWork(
    api,
    running.filter(({ projectId }) => inheriting.has(projectId)),
  );
}

async function firstActiveWork(
  api: HcpTerraformApi,
  running: readonly FoundTarget[],
): Promise<string | undefined> {
  for (const workspace of running) {
    const work = await activeWorkOfWorkspace(api, workspace);
    if (work !== undefined) return `${work} in workspace ${workspace.name}`;
  }
  return undefined;
}
