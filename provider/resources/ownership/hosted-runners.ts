import type { ControlPlane, TargetReference } from "../../control-planes/control-plane";
import { messageOf } from "../../control-planes/http/error";
import { describeTarget } from "../../control-planes/target-words";
import type { LifecycleContext } from "../framework/lifecycle";
import { listOfTargets } from "../targets/targets";

/** Work that leaves the private network is a security event: it never happens in silence. */
export function announceHostedRunners(
  plane: ControlPlane,
  targets: readonly TargetReference[],
  { warn }: Pick<LifecycleContext, "warn">,
): void {
  if (targets.length === 0) return;
  warn(
    `${plane.displayName}: ${listOfTargets(targets)} ${targets.length === 1 ? "has" : "have"} no runner pool any more, neither ${targets.length === 1 ? "its" : "their"} own nor an inherited one: ${targets.length === 1 ? "its" : "their"} work now runs on the vendor's hosted runners.`,
  );
}

/** Where it is not known what a target uses from now on, the worst is announced. */
export function announceUnknownRunners(
  plane: ControlPlane,
  target: TargetReference,
  error: unknown,
  { warn }: Pick<LifecycleContext, "warn">,
): void {
  warn(
    `${plane.displayName}: ${describeTarget(target)} may have no runner pool any more, and what it inherits is not known (${messageOf(error)}). Where it inherits none, its work now runs on the vendor's hosted runners.`,
  );
}
