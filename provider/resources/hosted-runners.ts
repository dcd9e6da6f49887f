import type { ControlPlane, TargetReference } from "../control-planes/control-plane";
import type { LifecycleContext } from "./lifecycle";
import { listOfTargets } from "./targets";

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
