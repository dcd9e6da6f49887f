import type { z } from "zod";
import type { ControlPlane, Pool } from "../control-planes/control-plane";
import { describePlane } from "../control-planes/planes";
import { makeId } from "../resources/ids";
import type { getRunnerPool } from "./definitions";

/** A pool as functions show it. */
export type PoolSummary = z.output<typeof getRunnerPool.outputs>;

/** @param defaultPoolId the organization's default pool, if it has one. */
export function summaryOf(plane: ControlPlane, pool: Pool, defaultPoolId: string | undefined): PoolSummary {
  const { id, name, description, createdAt } = pool;
  return {
    id: makeId(plane, id),
    poolId: id,
    name,
    ...(describePlane(plane.kind).capabilities.poolDescription && { description: description ?? "" }),
    ...(createdAt && { createdAt }),
    isDefault: id === defaultPoolId,
  };
}
