import * as pulumi from "@pulumi/pulumi";
import { planesWithInitialTokens } from "./generated/control-planes";
import { PoolToken as GeneratedPoolToken, type PoolTokenArgs, RunnerPool } from "./generated/resources";
import { controlPlaneInput } from "./pool-input";

/**
 * A static token with which agents join a pool. On Pulumi Cloud it surfaces the one token that is issued with the pool;
 * elsewhere it makes one. `value` is a secret.
 *
 * @example
 * ```ts
 * const token = new PoolToken("builders", { pool });
 * export const value = token.value; // shown as [secret]
 * ```
 */
export class PoolToken extends GeneratedPoolToken {
  /** @param args `description` defaults to the name of the resource; `initialToken` to that of a `RunnerPool` passed as `pool`. */
  constructor(name: string, args: PoolTokenArgs, options: pulumi.CustomResourceOptions = {}) {
    const isNew = options.id === undefined;
    const initialToken = args?.initialToken ?? (isNew ? initialTokenFor(args) : undefined);
    super(name, initialToken === undefined ? args : { ...args, initialToken }, options);
  }
}

/**
 * The pool's own token, where the plane issues one. Elsewhere the pool's
 * output must not even be looked at: one that is absent counts as unknown in previews, and would look like a change.
 */
function initialTokenFor(args: PoolTokenArgs): pulumi.Output<string | undefined> | undefined {
  const { pool } = args;
  if (!(pool instanceof RunnerPool)) return undefined;
  const controlPlane = controlPlaneInput(args) ?? pool.controlPlane;
  return pulumi.output(controlPlane).apply(({ kind }): pulumi.Output<string | undefined> => {
    if (!planesWithInitialTokens.includes(kind)) return pulumi.output(undefined);
    return pool.initialToken;
  });
}
