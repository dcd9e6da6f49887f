import * as pulumi from "@pulumi/pulumi";
import { typeToken } from "../../provider/type-token";
import { type ArgumentProblem, refuse } from "../fleets/check-known";
import type { RotatingPoolTokenArgs } from "./generated/components";
import { planesWithInitialTokens } from "./generated/control-planes";
import type { PoolTokenArgs } from "./generated/resources";
import { controlPlaneInput, poolInput } from "./pool-input";
import { PoolToken } from "./pool-token";

/**
 * A pool token that can be replaced without a gap: the tokens of this generation and of the one before are both valid.
 *
 * @example
 * ```ts
 * const token = new RotatingPoolToken("builders", { pool, generation: 2 });
 * export const value = token.value; // shown as [secret]
 * ```
 */
export class RotatingPoolToken extends pulumi.ComponentResource {
  /** The control plane's id of the token of this generation. */
  readonly tokenId: pulumi.Output<string>;
  /** The token of this generation, a secret. */
  readonly value: pulumi.Output<string>;
  /** The token of the generation before, a secret, which is still valid. */
  readonly previousValue: pulumi.Output<string | undefined>;

  constructor(name: string, args: RotatingPoolTokenArgs, options?: pulumi.ComponentResourceOptions) {
    super(typeToken("RotatingPoolToken"), name, args, options);
    const generation = args.generation ?? 1;
    refuse("RotatingPoolToken", name, [...problemsOfPlane(args), ...problemsOfGeneration(generation)]);
    const current = this.token(name, args, generation, "current");
    // Where the second token cannot be made, the first one must not count as handed over: then the program may go back.
    // Later both exist, and agents that are to leave the oldest token may wait for `previousValue`.
    const dependsOn = generation === 2 ? [current] : [];
    const previous =
      generation > 1 ? this.token(name, args, generation - 1, "previous", dependsOn) : undefined;
    this.tokenId = current.tokenId;
    this.value = pulumi.secret(current.value.apply((value) => value ?? ""));
    this.previousValue = pulumi.secret(previous?.value);
    this.registerOutputs({ tokenId: this.tokenId, value: this.value, previousValue: this.previousValue });
  }

  /**
   * Two slots take turns, so generation g replaces generation g-2 and leaves g-1 alone. The old token goes first: a
   * control plane may have room for two only.
   */
  private token(
    name: string,
    { pool, description, whenInUse, ...rest }: RotatingPoolTokenArgs,
    generation: number,
    part: "current" | "previous",
    dependsOn: PoolToken[] = [],
  ): PoolToken {
    const controlPlane = controlPlaneInput({ pool, ...rest });
    const args: PoolTokenArgs = {
      ...(controlPlane !== undefined && { controlPlane }),
      pool: poolInput(pool),
      description: pulumi.interpolate`${description ?? name} (generation ${generation})`,
      generation,
      ...(whenInUse !== undefined && { whenInUse }),
    };
    return new PoolToken(
      `${name}-${generation % 2 === 0 ? "even" : "odd"}`,
      // A check sees one token only: by its part, now and before, it tells what the rotation's generation does.
      { ...args, ...{ __rotation: part } },
      { parent: this, deleteBeforeReplace: true, dependsOn },
    );
  }
}

/** It says which tokens there are, so it must be right before any of them is checked. */
function problemsOfGeneration(generation: number): ArgumentProblem[] {
  if (Number.isInteger(generation) && generation >= 1) return [];
  return [{ propertyPath: "generation", reason: `must be a whole number of at least 1, not ${generation}` }];
}

/** What is known too late where only the tokens' own checks say it: they name tokens that the program does not. */
function problemsOfPlane({ controlPlane }: RotatingPoolTokenArgs): ArgumentProblem[] {
  const kind = controlPlane && "kind" in controlPlane ? controlPlane.kind : undefined;
  return planesWithInitialTokens.some((plane) => plane === kind)
    ? [
        {
          propertyPath: "controlPlane.kind",
          reason: `${kind} has no rotating tokens, since a pool has exactly one, issued with it: use PoolToken, and for another token raise the generation of the RunnerPool, or let agents log in with OIDC`,
        },
      ]
    : [];
}
