import * as pulumi from "@pulumi/pulumi";
import type { ControlPlaneArgs } from "./generated/resources";

/** A pool that brings its control plane: a `RunnerPool`, or what `getRunnerPool` and `getRunnerPools` find. */
export interface PoolWithControlPlane {
  readonly id: pulumi.Input<string>;
  readonly controlPlane: pulumi.Input<ControlPlaneArgs>;
}

/**
 * What a program passes as `pool`: the pool itself, or its id. Only the pool itself tells the URL of its control plane,
 * where it has one of its own.
 */
export type PoolInput = pulumi.Input<string> | PoolWithControlPlane;

const givenControlPlanes = new WeakMap<object, pulumi.Input<ControlPlaneArgs>>();

/** Notes the control plane that a program gives a pool. */
export function noteControlPlane(
  pool: object,
  controlPlane: pulumi.Input<ControlPlaneArgs> | undefined,
): void {
  if (controlPlane !== undefined) givenControlPlanes.set(pool, controlPlane);
}

/**
 * The id that stands for a pool; everything else is handed through. Unlike other outputs the id is known in previews of a
 * pool that exists.
 */
export function poolInput(pool: PoolInput): pulumi.Input<string> {
  return isPool(pool) ? pool.id : pool;
}

/**
 * The control plane that is given, else the one that the pool brings; undefined: the provider takes it from the pool's id.
 * What was given to the pool is preferred to the pool's output, which would make one more property depend on the pool:
 * with `deleteBeforeReplace` the engine replaces what depends on a pool by a property that replaces.
 */
export function controlPlaneInput({
  controlPlane,
  pool,
}: {
  readonly controlPlane?: pulumi.Input<ControlPlaneArgs> | undefined;
  readonly pool?: PoolInput | undefined;
}): pulumi.Input<ControlPlaneArgs> | undefined {
  if (controlPlane !== undefined || !isPool(pool)) return controlPlane;
  return givenControlPlanes.get(pool) ?? pool.controlPlane;
}

/** Whether it is the pool itself. What becomes known later is an id. */
export function isPool(pool: PoolInput | undefined): pool is PoolWithControlPlane {
  return (
    typeof pool === "object" &&
    pool !== null &&
    !pulumi.Output.isInstance(pool) &&
    !(pool instanceof Promise) &&
    "id" in pool
  );
}
