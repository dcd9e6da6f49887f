import { describePlane } from "../../control-planes/planes";
import type { InputsOf } from "../framework/definition";
import type { CheckContext } from "../framework/lifecycle";
import type { Violation } from "../framework/violation";
import { generationRules } from "../generation";
import { poolRules } from "../pool-reference";
import type { poolToken } from "./definition";

type Inputs = InputsOf<typeof poolToken>;

/** What a token can be on which control plane. */
export function tokenRules(inputs: Partial<Inputs>, context: CheckContext): Violation[] {
  const kind = inputs.controlPlane?.kind;
  const common = poolRules(inputs.controlPlane, inputs.pool);
  if (!kind) return common;
  const { displayName, parts } = describePlane(kind);
  return [
    ...common,
    ...(parts.tokens
      ? mintedTokenRules(inputs, displayName, context)
      : issuedTokenRules(inputs, displayName, context)),
  ];
}

function mintedTokenRules(
  { initialToken, generation }: Partial<Inputs>,
  displayName: string,
  context: CheckContext,
) {
  if (initialToken === undefined) return generationRules(generation, context);
  return [
    {
      property: "initialToken",
      reason: `on ${displayName} a token is made, and none is issued with the pool: leave it out`,
    },
  ];
}

/** Pools whose one token is issued with them have no second, and cannot change it. */
function issuedTokenRules(
  { initialToken, generation }: Partial<Inputs>,
  displayName: string,
  { isUnknown, previous, rotation }: CheckContext,
): Violation[] {
  const waysOut = "for another token raise the generation of the RunnerPool, or let agents log in with OIDC";
  if (rotation && !previous) {
    return [
      {
        property: "controlPlane",
        reason: `${displayName} cannot have the RotatingPoolToken that makes this token, since a pool has exactly one, issued with it: use PoolToken; ${waysOut}`,
      },
    ];
  }
  // A token that was imported has no value, and can have none.
  if (initialToken === undefined && !isUnknown("initialToken") && !previous) {
    return [
      {
        property: "initialToken",
        reason: `is required on ${displayName}, where a pool has exactly one token, issued with it: pass the pool's initialToken (a pool that was adopted or imported has none); ${waysOut}`,
      },
    ];
  }
  if ((generation ?? 1) > 1) {
    return [
      {
        property: "generation",
        reason: `${displayName} cannot rotate a pool's token, since a pool has exactly one, issued with it: ${waysOut}`,
      },
    ];
  }
  return [];
}
