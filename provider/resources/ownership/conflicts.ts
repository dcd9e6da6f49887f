import type { LifecycleContext } from "../framework/lifecycle";
import { poolIdIn } from "./claim-keys";
import type { Claim } from "./claims";

/**
 * Why claims cannot hold beside those of other resources, one sentence for each.
 * @param asks whether the control plane may be asked, for names and ids of one thing. Default: true.
 */
export async function conflictsOf(
  claims: readonly Claim[],
  context: LifecycleContext,
  { asks = true } = {},
): Promise<string[]> {
  return (await Promise.all(claims.map((claim) => conflictOf(claim, context, asks)))).flat();
}

async function conflictOf(claim: Claim, { claims }: LifecycleContext, asks: boolean): Promise<string[]> {
  const open = claims.conflictWith(claim);
  const other = open?.claim ?? (asks ? await claims.hiddenConflictWith(claim) : undefined);
  if (!other) return [];
  const thing = open?.thing ?? "the same target (by another name, by its id, or by a pattern)";
  const pools =
    other.pool && claim.pool && other.pool !== claim.pool
      ? `, for ${poolText(other.pool)}; this resource declares it for ${poolText(claim.pool)}`
      : "";
  return [
    `${other.owner} of this program also declares ${thing}${pools}. Only one of the two can apply: remove one${open ? "" : ", or exclude the target where a pattern or tag selects it"}.`,
  ];
}

function poolText(pool: string): string {
  return `pool ${poolIdIn(pool)}`;
}
