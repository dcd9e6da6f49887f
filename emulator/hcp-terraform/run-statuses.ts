/** States that a run doesn't leave any more (runs API, "Run States"). */
export const finalStatuses = new Set([
  "policy_soft_failed",
  "planned_and_finished",
  "planned_and_saved",
  "applied",
  "discarded",
  "errored",
  "canceled",
  "force_canceled",
]);
/** States in which a run can be discarded. */
export const discardableStatuses = new Set([
  "planned",
  "planned_and_saved",
  "cost_estimated",
  "policy_checked",
  "policy_override",
  "post_plan_completed",
]);
/** States in which a run waits for a machine. */
export const queuedStatuses = new Set(["pending", "plan_queued", "apply_queued", "queuing", "queuing_apply"]);
/** States in which a machine works on a run. */
export const runningStatuses = new Set(["planning", "applying"]);

/** True for a run that a machine works on or is about to. */
export function isActive(status: string): boolean {
  // A pending run waits for the one before it, and meets the workspace as it is by then.
  return runningStatuses.has(status) || (queuedStatuses.has(status) && status !== "pending");
}
