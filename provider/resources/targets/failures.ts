import type { Target } from "../../control-planes/control-plane";
import { ControlPlaneError, messageOf } from "../../control-planes/http/error";
import { listOfTargets } from "./targets";

/** How many targets of a group are named. */
const mostNamed = 5;

/** How many reasons are told: an engine takes no message of any length. */
const mostReasons = 10;

/** What failed, once for each reason: the first message in full, then how many others failed likewise, the first of them by name; and of the first ten reasons. */
export function describeFailures(failed: readonly Failed[]): string[] {
  const groups = [...Map.groupBy(failed, reasonOf).values()];
  const told = groups.slice(0, mostReasons).map(describeGroup);
  const rest = groups.slice(mostReasons).flat();
  if (rest.length === 0) return told;
  return [...told, `${countOf(rest)} for other reasons: ${namesOf(rest)}.`];
}

type Failed = { readonly item: Target; readonly error: unknown };

function describeGroup([first, ...others]: readonly Failed[]): string {
  const message = messageOf(first?.error);
  return others.length === 0
    ? message
    : `${message} ${countOf(others)} for the same reason: ${namesOf(others)}.`;
}

function countOf({ length }: readonly Failed[]): string {
  return length === 1 ? "Another target failed" : `${length} other targets failed`;
}

function namesOf(failed: readonly Failed[]): string {
  return listOfTargets(
    failed.map(({ item }) => item),
    mostNamed,
  );
}

/** Ids and times that a message may have for each request. What is shorter may be a part of a name. */
const passing = /(?=[a-f:.-]*\d)[\da-f:.-]{8,}/gi;

/** What is the same in failures of one kind: nothing that names the target or the request. */
function reasonOf({ item, error }: Failed): string {
  const text =
    error instanceof ControlPlaneError
      ? [error.status, error.vendorMessage, error.advice].join(" ")
      : messageOf(error);
  return [item.id, item.name].reduce((rest, name) => rest.replaceAll(name, "\0"), text).replace(passing, "0");
}
