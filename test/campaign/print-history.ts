import { type Action, actionsOf, type Cut, type History, type StrangerAct } from "./history.ts";
import { type Declaration, type Member, type Program, poolsOf, sharedPool } from "./program.ts";
import type { Failure } from "./run-history.ts";

/** A history in words, with where it failed. */
export function printHistory({ steps }: Pick<History, "steps">, failure?: Failure): string {
  const lines = steps.flatMap((step, index) => [
    `step ${index + 1}`,
    ...step.stranger.map(
      ({ act, afterResources }) =>
        `  stranger ${afterResources === undefined ? "before" : `after ${afterResources} resources`}: ${actText(act)}`,
    ),
    ...actionsOf(step).flatMap(([side, action]) => actionLines(side, action)),
    ...(failure?.step === index + 1 ? reasonLines(failure) : []),
  ]);
  if (failure && failure.step > steps.length) lines.push("after the last step", ...reasonLines(failure));
  return lines.join("\n");
}

function reasonLines({ reasons }: Failure): string[] {
  return reasons.map((reason) => `  FAILED ${reason}`);
}

function actionLines(side: string, action: Action): string[] {
  if (action.kind === "refresh") return [`  ${side}: refresh`];
  const cut = action.cut ? `, ${cutText(action.cut)}` : "";
  const changes = action.changes.length > 0 ? ` (${action.changes.join(", ")})` : "";
  return [
    `  ${side}: up${action.refresh ? " --refresh" : ""}${cut}${changes}`,
    ...programLines(action.program),
  ];
}

function cutText(cut: Cut): string {
  if (cut.kind === "cancel") return `cancelled after ${cut.afterResources} resources`;
  return `${cut.fault} after ${cut.afterRequests} requests${cut.times === undefined ? "" : `, ${cut.times} times`}`;
}

function programLines(program: Program): string[] {
  const names = new Map([
    ...poolsOf(program).map(({ key, name }) => [key, name] as const),
    [sharedPool, "(shared)"],
  ]);
  return program.map((declaration) => `    ${declarationText(declaration, names)}`);
}

function declarationText(declaration: Declaration, poolNames: ReadonlyMap<string, string>): string {
  const { type, plane, name, aliases, deleteBeforeReplace } = declaration;
  const options = [
    ...(aliases.length > 0 ? [`formerly ${aliases.join(", ")}`] : []),
    ...(deleteBeforeReplace ? ["deleteBeforeReplace"] : []),
    ...("isChild" in declaration && declaration.isChild ? ["child of its pool"] : []),
    ...("description" in declaration ? [`described as '${declaration.description}'`] : []),
  ];
  const members = "members" in declaration ? ` [${declaration.members.map(memberText).join(", ")}]` : "";
  const pool = "pool" in declaration ? ` -> ${poolNames.get(declaration.pool)}` : "";
  return `${plane} ${type} ${name}${members}${pool}${options.length > 0 ? `, ${options.join(", ")}` : ""}`;
}

function memberText(member: Member): string {
  if ("pattern" in member) return `every ${member.kind} of ${member.pattern}`;
  return `${member.kind} ${member.name}${member.by === "id" ? " by id" : ""}`;
}

function actText(act: StrangerAct): string {
  switch (act.kind) {
    case "take":
    case "release":
    case "share":
      return `${act.kind} ${act.target.plane} ${act.target.kind} ${act.target.name}`;
    case "make-pool":
      return `make pool ${act.name} on ${act.plane}`;
    case "default":
      return `${act.isSet ? "set" : "clear"} the default of ${act.plane}`;
  }
}
