import { capabilities } from "../../control-planes/capabilities";
import type { Failure } from "../check";
import type { InputsOf } from "../definition";
import type { runnerPool } from "./definition";

type Inputs = InputsOf<typeof runnerPool>;

/** What a pool may have on which control plane, and which parts of a scope go together. */
export function runnerPoolRules(inputs: Partial<Inputs>): Failure[] {
  const kind = inputs.controlPlane?.kind;
  if (!kind) return scopeRules(inputs.scope);
  const { displayName, poolName, ...can } = capabilities[kind];
  const failures = scopeRules(inputs.scope);
  const refuse = (property: string, reason: string) => failures.push({ property, reason });

  if (inputs.name !== undefined && poolName && !poolName.pattern.test(inputs.name)) {
    refuse("name", `"${inputs.name}" is no pool name on ${displayName}: use ${poolName.words} only`);
  }
  if (inputs.description !== undefined && !can.poolDescription) {
    refuse("description", `${displayName} has no descriptions of pools: leave it out`);
  }
  if (inputs.scope && !can.poolScope) {
    refuse("scope", `${displayName} has no scopes of pools, only HCP Terraform has: leave it out`);
  }
  if (inputs.logHosting && !can.logHosting) {
    refuse("logHosting", `${displayName} has no log hosting, only env zero has: leave it out`);
  }
  if (inputs.forceDestroy && !can.forceDestroy) {
    refuse(
      "forceDestroy",
      `${displayName} never deletes a pool that is in use, so this has no effect: leave it out and unassign the pool first`,
    );
  }
  return failures;
}

function scopeRules(scope: Inputs["scope"]): Failure[] {
  if (!scope?.mode) return [];
  const failures: Failure[] = [];
  for (const list of ["allowedWorkspaces", "allowedProjects"] as const) {
    if (scope[list] && scope.mode !== "listed") {
      failures.push({ property: `scope.${list}`, reason: 'goes with mode "listed" only' });
    }
  }
  if (scope.excludedWorkspaces && scope.mode !== "organization") {
    failures.push({ property: "scope.excludedWorkspaces", reason: 'goes with mode "organization" only' });
  }
  return failures;
}
