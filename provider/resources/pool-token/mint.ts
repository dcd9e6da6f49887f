import type { ControlPlane, CreatedToken, Token, Tokens } from "../../control-planes/control-plane";
import { ControlPlaneError } from "../../control-planes/http/error";
import { describePlane } from "../../control-planes/planes";
import { createOnce } from "../create-once/create-once";
import type { LifecycleContext } from "../framework/lifecycle";

/** Makes a token, exactly once. */
export function mint(
  plane: ControlPlane,
  poolId: string,
  description: string,
  context: LifecycleContext,
): Promise<CreatedToken> {
  const tokens = tokensOf(plane);
  const making = createOnce<Token, CreatedToken>(
    {
      key: [plane.kind, plane.url, plane.organization, "token", poolId, description].join(" "),
      prepare: () => requireFreeSlot(plane, tokens, poolId),
      create: (mark) => tokens.create(poolId, marked(description, mark)),
      find: async (marks) => {
        const ours = marks.map((mark) => marked(description, mark));
        const existing = await tokens.list(poolId, { fresh: true });
        return existing.filter((token) => ours.includes(token.description));
      },
      // The value was in the answer that got lost: such a token serves nobody.
      remove: async ({ id }) => void (await tokens.delete(poolId, id)),
    },
    context,
  );
  return making.catch((error: unknown) => {
    const operation = `create token "${description}" for pool ${poolId}`;
    throw error instanceof ControlPlaneError ? error.with({ operation }) : error;
  });
}

/** A description without the mark that {@link mint} puts behind it. */
export function withoutMark(description: string): string {
  return description.replace(/ #[0-9a-f]{6}$/, "");
}

/** The tokens of a control plane that makes them one by one. */
export function tokensOf({ tokens, displayName }: ControlPlane): Tokens {
  if (tokens) return tokens;
  throw new TypeError(`${displayName} has no tokens besides those that are issued with pools`);
}

function marked(description: string, mark: string): string {
  return `${description} #${mark}`;
}

async function requireFreeSlot(plane: ControlPlane, tokens: Tokens, poolId: string): Promise<void> {
  const slots = describePlane(plane.kind).capabilities.tokenSlots ?? Number.POSITIVE_INFINITY;
  if (slots === Number.POSITIVE_INFINITY) return;
  const existing = await tokens.list(poolId, { fresh: true });
  if (existing.length < slots) return;
  const taken = existing.map(({ id, description }) => `"${description}" (${id})`).join(" and ");
  throw new ControlPlaneError({
    plane: plane.displayName,
    operation: "create another token",
    status: 409,
    message: `a pool has at most ${slots} tokens at a time, and there are ${taken}`,
    advice:
      "Revoke one that is no longer in use; to replace a token there must be a free slot for the new one.",
  });
}
