import { describePlane } from "../../control-planes/planes";
import type { InputsOf } from "../framework/definition";
import type { CheckContext } from "../framework/lifecycle";
import type { Violation } from "../framework/violation";
import { generationRules } from "../generation";
import type { runnerPool } from "./definition";

type Inputs = InputsOf<typeof runnerPool>;

/** What a pool may have on which control plane, and which parts of a scope go together. */
export function runnerPoolRules(inputs: Partial<Inputs>, context: CheckContext): Violation[] {
  const kind = inputs.controlPlane?.kind;
  const violations = [...scopeRules(inputs.scope), ...generationRules(inputs.generation, context)];
  const { previous } = context;
  const isMade = !inputs.adopt || (inputs.generation ?? 1) > 1;
  const needsName =
    isMade && !(previous && previous["name"] === undefined && previous["generation"] === inputs.generation);
  if (inputs.name === undefined && needsName && !context.isUnknown("name") && !context.isUnknown("adopt")) {
    violations.push({ property: "name", reason: "is required where the resource makes a pool: give a name" });
  }
  if (!kind) return violations;
  const { displayName, capabilities: can, parts } = describePlane(kind);
  const refuse = (property: string, reason: string) => violations.push({ property, reason });

  if (inputs.name !== undefined && can.poolName && !can.poolName.pattern.test(inputs.name)) {
    refuse(
      "name",
      `"${inputs.name}" is not a valid pool name on ${displayName}: use only ${can.poolName.words}`,
    );
  }
  if (inputs.description !== undefined && !can.poolDescription) {
    refuse("description", `${displayName} has no descriptions of pools: leave it out`);
  }
  if (inputs.scope && !can.poolScope) {
    refuse("scope", `${displayName} has no scopes of pools: leave it out`);
  }
  if (inputs.logHosting && !can.logHosting) {
    refuse("logHosting", `${displayName} has no log hosting: leave it out`);
  }
  if (inputs.forceDestroy && !can.forceDestroy) {
    refuse(
      "forceDestroy",
      `${displayName} never deletes a pool that is in use, so this has no effect: leave it out and unassign the pool first`,
    );
  }
  if ((inputs.generation ?? 1) > 1 && parts.tokens) {
    refuse(
      "generation",
      `${displayName} makes tokens one by one, so the pool need not be replaced for a new one: raise the generation of the PoolToken or RotatingPoolToken`,
    );
  }
  return violations;
}

function scopeRules(scope: Inputs["scope"]): Violation[] {
  if (!scope?.mode) return [];
  const violations: Violation[] = [];
  for (const list of ["allowedWorkspaces", "allowedProjects"] as const) {
    if (scope[list] && scope.mode !== "listed") {
      violations.push({ property: `scope.${list}`, reason: 'goes with mode "listed" only' });
    }
  }
  if (scope.excludedWorkspaces && scope.mode !== "organization") {
    violations.push({ property: "scope.excludedWorkspaces", reason: 'goes with mode "organization" only' });
  }
  return violations;
}
