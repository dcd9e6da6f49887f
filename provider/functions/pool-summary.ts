import type { z } from "zod";
import type { ControlPlaneAddress } from "../control-planes/connect";
import type { Pool } from "../control-planes/control-plane";
import { describePlane } from "../control-planes/planes";
import { makeId } from "../resources/ids";
import type { getRunnerPool } from "./definitions";

/** A pool as functions show it. */
export type PoolSummary = z.output<typeof getRunnerPool.outputs>;

/**
 * @param controlPlane as it was given: with the URL that others need who have only the pool.
 * @param defaultPoolId the organization's default pool, if it has one.
 */
export function summaryOf(
  controlPlane: ControlPlaneAddress,
  pool: Pool,
  defaultPoolId: string | undefined,
): PoolSummary {
  const { id, name, description, createdAt } = pool;
  return {
    id: makeId(controlPlane, id),
    poolId: id,
    controlPlane,
    name,
    ...(describePlane(controlPlane.kind).capabilities.poolDescription && { description: description ?? "" }),
    ...(createdAt && { createdAt }),
    isDefault: id === defaultPoolId,
  };
}
