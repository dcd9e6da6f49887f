import type { ControlPlane } from "../../control-planes/control-plane";
import { describePlane } from "../../control-planes/planes";
import { type InputsOf, inputsWithDefaults, type StateOf } from "../framework/definition";
import type { Lifecycle, LifecycleContext } from "../framework/lifecycle";
import { makeId, requireId } from "../ids";
import { poolKey } from "../ownership/claim-keys";
import { connectPinned } from "../ownership/service-pin";
import { canonicalPool, poolIdOf } from "../pool-reference";
import { poolToken } from "./definition";
import { mint, tokensOf, withoutMark } from "./mint";
import { revokeToken } from "./revoke";
import { tokenRules } from "./rules";

type Inputs = InputsOf<typeof poolToken>;
type State = StateOf<typeof poolToken>;

/** Id of the token that is issued with a pool and has none of its own. */
const initialTokenId = "initial";

/** Lifecycle of `PoolToken`. A value is only ever read from the answer to a create, and never minted anywhere else. */
export const poolTokenLifecycle: Lifecycle<Inputs, State> = {
  definition: poolToken,

  isWithoutDrift: true,

  rules: tokenRules,

  normalize: (inputs) => ({ ...inputs, pool: canonicalPool(inputs.controlPlane, inputs.pool) }),

  claims(inputs, { connections, subject, urn }) {
    const { kind } = inputs.controlPlane;
    const pool = poolKey({ kind, url: connections.urlOf(inputs.controlPlane) }, poolIdOf(inputs.pool));
    const isIssued = !describePlane(kind).parts.tokens;
    return [
      {
        owner: subject,
        urn,
        pool,
        whenInUse: inputs.whenInUse,
        // Where a pool has one token, one resource surfaces it.
        ...(isIssued && { exclusive: true }),
        declared: isIssued ? [`the token that is issued with pool ${poolIdOf(inputs.pool)}`] : [],
        resolve: async () => [],
      },
    ];
  },

  async create(inputs, context) {
    const poolId = poolIdOf(inputs.pool);
    const plane = context.connections.connect(inputs.controlPlane);
    const made = { serviceUrl: plane.url, declaredAs: identityOf(context) };
    if (!plane.tokens) {
      return {
        id: makeId(inputs.controlPlane, poolId, initialTokenId),
        state: { ...inputs, tokenId: initialTokenId, value: inputs.initialToken, ...made },
      };
    }
    const token = await mint(plane, poolId, inputs.description, context);
    const state: State = {
      ...inputs,
      tokenId: token.id,
      value: token.value,
      ...made,
      ...(token.createdAt && { createdAt: token.createdAt }),
    };
    return { id: makeId(inputs.controlPlane, poolId, token.id), state };
  },

  async read(id, known, context) {
    const { kind, organization, rest } = requireId(id, "<poolId>/<tokenId>", 2);
    const [poolId = "", tokenId = ""] = rest;
    const controlPlane = known.controlPlane ?? { kind, organization };
    const plane = connectPinned(context, { ...known, controlPlane });
    const found = await findToken(plane, poolId, tokenId);
    if (!found) return undefined;
    const inputs = inputsWithDefaults(poolToken, {
      ...known,
      controlPlane,
      pool: known.pool ?? canonicalPool(controlPlane, poolId),
      // What a token is for cannot change, so what is declared is no drift.
      description: known.description ?? withoutMark(found.description ?? initialTokenId),
    });
    const { value, declaredAs } = known;
    const createdAt = known.createdAt ?? found.createdAt;
    return {
      id,
      inputs,
      state: {
        ...inputs,
        tokenId,
        serviceUrl: plane.url,
        ...(value && { value }),
        ...(createdAt && { createdAt }),
        ...(declaredAs && { declaredAs }),
      },
    };
  },

  async update(_id, state, inputs, context) {
    const { tokenId, value, createdAt } = state;
    return {
      ...inputs,
      tokenId,
      value: tokenId === initialTokenId ? inputs.initialToken : value,
      serviceUrl: connectPinned(context, state).url,
      declaredAs: identityOf(context),
      ...(createdAt && { createdAt }),
    };
  },

  async delete(_id, state, context) {
    const plane = connectPinned(context, state);
    // The token that is issued with a pool ends with it.
    if (state.tokenId === initialTokenId) return;
    await revokeToken(plane, { ...state, poolId: poolIdOf(state.pool) }, context);
  },
};

/** By this a token that is to be revoked is known as the resource's. */
function identityOf({ urn, subject }: LifecycleContext): string {
  return urn ?? subject;
}

/** What is known of a token; one that is issued with its pool lives as long as the pool. Undefined: it is surely gone. */
async function findToken(
  plane: ControlPlane,
  poolId: string,
  tokenId: string,
): Promise<{ description?: string; createdAt?: string | undefined } | undefined> {
  if (plane.tokens) {
    const token = await tokensOf(plane).find(poolId, tokenId);
    if (!token) await tokensOf(plane).confirmGone(poolId, tokenId);
    return token;
  }
  if (tokenId !== initialTokenId) return undefined;
  const pool = await plane.pools.find(poolId);
  if (!pool) await plane.pools.confirmGone(poolId);
  return pool && {};
}
