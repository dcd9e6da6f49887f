import type { ControlPlane, Token, Tokens } from "../../control-planes/control-plane";
import { ControlPlaneError } from "../../control-planes/http/error";
import type { StateOf } from "../framework/definition";
import type { LifecycleContext } from "../framework/lifecycle";
import { poolKey } from "../ownership/claim-keys";
import type { WhenInUse } from "../ownership/claims";
import type { poolToken } from "./definition";
import { tokensOf } from "./mint";

/** What the state of a token tells of how it may be revoked. */
type Revoked = Pick<StateOf<typeof poolToken>, "tokenId" | "whenInUse" | "declaredAs"> & {
  readonly poolId: string;
};

/** A token that was used within this time counts as in use. Milliseconds. */
const recently = 5 * 60_000;

/** With `wait`: time without use after which a token is revoked, time between two looks, and the longest wait. Milliseconds. */
const restTime = 60_000;
const lookInterval = 5_000;
const longestWait = 15 * 60_000;

/**
 * Revokes a token. While the deployment keeps its pool, one that an agent has just used lives, unless told otherwise:
 * agents that hold it exit, and their jobs fail. Where the whole deployment is destroyed nobody is asked.
 */
export async function revokeToken(
  plane: ControlPlane,
  { poolId, tokenId, whenInUse: own, declaredAs }: Revoked,
  context: LifecycleContext,
): Promise<void> {
  const tokens = tokensOf(plane);
  const { claims, subject, urn } = context;
  if (claims.declaresPool(poolKey(plane, poolId))) {
    // The program may have changed its mind since the state was written. What it says of other tokens is not about this one.
    const successor = claims.ofOwner({ owner: subject, urn: urn ?? declaredAs });
    const whenInUse = (successor ? successor.whenInUse : own) ?? "refuse";
    const outcome = await requireUnusedOrGone(plane, tokens, { poolId, tokenId, whenInUse }, context);
    if (outcome === "gone") return;
  }
  if (!(await tokens.delete(poolId, tokenId))) await tokens.confirmGone(poolId, tokenId);
}

/** @throws Error as long as an agent uses the token, or where nobody can tell. */
async function requireUnusedOrGone(
  plane: ControlPlane,
  tokens: Tokens,
  { poolId, tokenId, whenInUse }: { poolId: string; tokenId: string; whenInUse: WhenInUse },
  { progress, clock, cancelled }: LifecycleContext,
): Promise<"unused" | "gone"> {
  if (whenInUse === "revoke") return "unused";
  const begun = clock.now();
  for (;;) {
    const token = await look(tokens, poolId, tokenId);
    if (!token) return "gone";
    const { lastUsedAt } = token;
    const unusedFor = lastUsedAt ? clock.now() - Date.parse(lastUsedAt) : Number.POSITIVE_INFINITY;
    if (unusedFor >= (whenInUse === "wait" ? restTime : recently)) return "unused";
    const seconds = Math.max(0, Math.round(unusedFor / 1000));
    if (whenInUse === "refuse" || clock.now() - begun >= longestWait) {
      throw new Error(
        `${plane.displayName}: token ${tokenId} of pool ${poolId} was not revoked: an agent used it ${seconds} seconds ago${whenInUse === "wait" ? `, after ${longestWait / 60_000} minutes of waiting` : ""}. An agent whose token is revoked exits, and its running job fails. Move the agents to another token and run pulumi up again five minutes later, or set whenInUse to ${whenInUse === "wait" ? "" : '"wait" or '}"revoke".`,
      );
    }
    progress(
      `token ${tokenId} was used ${seconds} s ago; it is revoked once it was not used for ${restTime / 1000} s`,
    );
    if (!(await clock.pause(lookInterval, cancelled))) {
      throw new Error(
        `${plane.displayName}: token ${tokenId} of pool ${poolId} was not revoked: the deployment was cancelled while it waited for agents to leave it.`,
      );
    }
  }
}

/**
 * The token as it is now; undefined: it is surely gone.
 * @throws ControlPlaneError where the plane answers 404 although the token may still be there: then nobody knows who uses it.
 */
async function look(tokens: Tokens, poolId: string, tokenId: string): Promise<Token | undefined> {
  const token = await tokens.find(poolId, tokenId, { fresh: true });
  if (token) return token;
  try {
    await tokens.confirmGone(poolId, tokenId);
    return undefined;
  } catch (error) {
    const operation = `see whether an agent uses token ${tokenId} of pool ${poolId}, which was therefore not revoked`;
    throw error instanceof ControlPlaneError ? error.with({ operation }) : error;
  }
}
