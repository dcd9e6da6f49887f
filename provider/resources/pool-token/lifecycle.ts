import { capabilities } from "../../control-planes/capabilities";
import type { ControlPlane, CreatedToken } from "../../control-planes/control-plane";
import { ControlPlaneError, hasStatus } from "../../control-planes/error";
import type { Circumstances, Failure } from "../check";
import { createOnce } from "../create-once";
import type { InputsOf, StateOf } from "../definition";
import { makeId, requireId } from "../ids";
import type { Lifecycle } from "../lifecycle";
import { canonicalPool, poolIdOf, poolRules } from "../pool-reference";
import { poolToken } from "./definition";

type Inputs = InputsOf<typeof poolToken>;
type State = StateOf<typeof poolToken>;

/** Id of the token that is born with a pool and has none of its own. */
const initialTokenId = "initial";

/** Lifecycle of `PoolToken`. A value is only ever read from the answer to a create, and never minted anywhere else. */
export const poolTokenLifecycle: Lifecycle<Inputs, State> = {
  definition: poolToken,

  rules(inputs, circumstances) {
    return [...poolRules(inputs.controlPlane, inputs.pool), ...slotRules(inputs, circumstances)];
  },

  normalize: (inputs) => ({ ...inputs, pool: canonicalPool(inputs.controlPlane, inputs.pool) }),

  async create(inputs, { connections }) {
    const poolId = poolIdOf(inputs.pool);
    if (capabilities[inputs.controlPlane.kind].tokens === "born") {
      return {
        id: makeId(inputs.controlPlane, poolId, initialTokenId),
        state: { ...inputs, tokenId: initialTokenId, value: inputs.initialToken },
      };
    }
    const token = await mint(connections.connect(inputs.controlPlane), poolId, inputs.description);
    const state: State = {
      ...inputs,
      tokenId: token.id,
      value: token.value,
      ...(token.createdAt && { createdAt: token.createdAt }),
    };
    return { id: makeId(inputs.controlPlane, poolId, token.id), state };
  },

  async read(id, known, { connections }) {
    const { kind, organization, rest } = requireId(id, "<poolId>/<tokenId>", 2);
    const [poolId = "", tokenId = ""] = rest;
    const controlPlane = known.controlPlane ?? { kind, organization };
    const plane = connections.connect(controlPlane);
    const found = await findToken(plane, poolId, tokenId);
    if (!found) {
      await plane.verifyAccess();
      return undefined;
    }
    const { initialToken, value } = known;
    const inputs: Inputs = {
      controlPlane,
      pool: known.pool ?? canonicalPool(controlPlane, poolId),
      description: found.description ?? known.description ?? initialTokenId,
      generation: known.generation ?? 1,
      ...(initialToken && { initialToken }),
    };
    const createdAt = known.createdAt ?? found.createdAt;
    return {
      id,
      inputs,
      state: { ...inputs, tokenId, ...(value && { value }), ...(createdAt && { createdAt }) },
    };
  },

  async update(_id, { tokenId, value, createdAt }, inputs) {
    return {
      ...inputs,
      tokenId,
      value: tokenId === initialTokenId ? inputs.initialToken : value,
      ...(createdAt && { createdAt }),
    };
  },

  async delete(_id, { controlPlane, pool, tokenId }, { connections }) {
    // The token that is born with a pool dies with it.
    if (tokenId === initialTokenId) return;
    await connections.connect(controlPlane).deleteToken(poolIdOf(pool), tokenId);
  },
};

/** Pools whose one token is born with them have no second, and cannot change it. */
function slotRules(inputs: Partial<Inputs>, { isUnknown, exists }: Circumstances): Failure[] {
  const kind = inputs.controlPlane?.kind;
  if (!kind) return [];
  const { displayName, tokens } = capabilities[kind];
  const waysOut =
    "to have another token, replace the pool (a new RunnerPool, to which targets are then assigned) or let agents log in with OIDC";
  if (tokens !== "born") {
    return inputs.initialToken === undefined
      ? []
      : [
          {
            property: "initialToken",
            reason: `only Pulumi Cloud has it: on ${displayName} a token is made, leave it out`,
          },
        ];
  }
  // A token that was imported has no value, and can have none.
  if (inputs.initialToken === undefined && !isUnknown("initialToken") && !exists) {
    return [
      {
        property: "initialToken",
        reason: `is required on ${displayName}, where a pool has exactly one token, born with it: pass the pool's initialToken (a pool that was adopted or imported has none); ${waysOut}`,
      },
    ];
  }
  if ((inputs.generation ?? 1) > 1) {
    return [
      {
        property: "generation",
        reason: `${displayName} cannot rotate a pool's token, since a pool has exactly one, born with it: ${waysOut}`,
      },
    ];
  }
  return [];
}

async function mint(plane: ControlPlane, poolId: string, description: string): Promise<CreatedToken> {
  try {
    return await createOnce({
      key: [plane.kind, plane.url, plane.organization, "token", poolId, description].join(" "),
      existing: async () => freeSlot(plane, poolId),
      create: () => plane.createToken(poolId, description),
      idOf: (token) => token.id,
      recover: async (isLeftOver) => {
        // The value was in the answer that got lost: such a token serves nobody.
        for (const token of await plane.listTokens(poolId, { fresh: true })) {
          if (token.description === description && isLeftOver(token))
            await plane.deleteToken(poolId, token.id);
        }
        return undefined;
      },
    });
  } catch (error) {
    throw hasStatus(error, 401, 403, 404) && plane.kind === "hcp-terraform"
      ? error.withAdvice(
          "HCP Terraform answers 404 where a token may not do this: organization tokens cannot create agent tokens, so use a user token or that of a team that may manage agent pools; and check that the pool exists.",
        )
      : error;
  }
}

/** Ids of the tokens there are, if one more may be made. */
async function freeSlot(plane: ControlPlane, poolId: string): Promise<string[]> {
  const { tokens: slots, displayName } = plane.capabilities;
  let tokens = await plane.listTokens(poolId);
  if (typeof slots === "number" && tokens.length >= slots) {
    tokens = await plane.listTokens(poolId, { fresh: true });
  }
  if (typeof slots === "number" && tokens.length >= slots) {
    const taken = tokens.map(({ id, description }) => `"${description}" (${id})`).join(" and ");
    throw new ControlPlaneError({
      plane: displayName,
      operation: `create another token for pool ${poolId}`,
      status: 409,
      message: `a pool has at most ${slots} tokens at a time, and there are ${taken}`,
      advice:
        "Revoke one that is no longer in use; to replace a token there must be a free slot for the new one.",
    });
  }
  return tokens.map((token) => token.id);
}

/** What is known of a token; a token that is born with its pool lives as long as the pool. */
async function findToken(plane: ControlPlane, poolId: string, tokenId: string) {
  if (plane.capabilities.tokens !== "born") return plane.findToken(poolId, tokenId);
  if (tokenId !== initialTokenId) return undefined;
  const pool = await plane.findPool(poolId);
  return pool && { description: undefined, createdAt: undefined };
}
