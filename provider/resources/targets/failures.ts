import type { Target } from "../../control-planes/control-plane";
import { ControlPlaneError, messageOf } from "../../control-planes/http/error";
import { listOfTargets } from "./targets";

/** How many targets of a group are named. */
const mostNamed = 5;

/** What failed, once for each reason: the first message in full, then how many others failed likewise, the first of them by name. */
export function describeFailures(
  failed: readonly { readonly item: Target; readonly error: unknown }[],
): string[] {
  const groups = Map.groupBy(failed, reasonOf);
  return [...groups.values()].map((group) => {
    const [first, ...others] = group;
    const message = messageOf(first?.error);
    if (others.length === 0) return message;
    const names = listOfTargets(
      others.map(({ item }) => item),
      mostNamed,
    );
    return `${message} ${others.length === 1 ? "Another target failed" : `${others.length} other targets failed`} for the same reason: ${names}.`;
  });
}

/** What is the same in failures of one kind: nothing that names the target or the request. */
function reasonOf({ item, error }: { readonly item: Target; readonly error: unknown }): string {
  const text =
    error instanceof ControlPlaneError
      ? [error.status, error.vendorMessage, error.advice].join(" ")
      : messageOf(error);
  return [item.id, item.name].reduce((rest, name) => rest.replaceAll(name, "\0"), text);
}
