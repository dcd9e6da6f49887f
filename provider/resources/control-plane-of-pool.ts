import type { z } from "zod";
import type { ControlPlaneAddress } from "../control-planes/connect";
import { describePlane } from "../control-planes/planes";
import type { Checked } from "./framework/check";
import { metaOf } from "./framework/definition";
import type { LifecycleContext, Properties } from "./framework/lifecycle";
import { containsUnknown, unknownValue } from "./framework/unknown";
import type { Violation } from "./framework/violation";
import { parseId } from "./ids";
import { poolKey } from "./ownership/claim-keys";
import { poolIdOf } from "./pool-reference";

/** Whether the inputs of that shape may leave `controlPlane` to their pool. */
export function isLeftToPool(shape: z.ZodObject["shape"]): boolean {
  const schema = shape["controlPlane"] as z.ZodType | undefined;
  return schema !== undefined && metaOf(schema)["defaultsToPool"] === true;
}

/**
 * Inputs with the control plane that the id of their pool names, where they have none of their own. As long as the pool
 * is not known, its control plane is that of the last deployment: a pool that is replaced stays where it was, unless it
 * says otherwise, and a preview must not show a replacement for what is only not known yet.
 * @param previous inputs of the last deployment; absent for a resource that is new.
 */
export function withControlPlaneOfPool(
  shape: z.ZodObject["shape"],
  inputs: Properties,
  previous?: Properties,
): Properties {
  const { controlPlane, pool } = inputs;
  if (controlPlane !== undefined || !isLeftToPool(shape)) return inputs;
  if (containsUnknown(pool)) {
    return { ...inputs, controlPlane: previous?.["controlPlane"] ?? unknownValue };
  }
  const named = typeof pool === "string" ? parseId(pool) : undefined;
  if (!named) return inputs;
  return { ...inputs, controlPlane: { kind: named.kind, organization: named.organization } };
}

/** Why a control plane is needed although it may be left to the pool. */
export function missingControlPlane({ pool }: Properties): string {
  return typeof pool === "string"
    ? `is required here: "${pool}" is the control plane's own id of a pool, which does not tell the organization. Give the pool by the id of its RunnerPool, <control plane>/<organization>/${pool}, or give controlPlane too`
    : "is required where no pool is given, whose id would name it";
}

/** What is known of a check besides the inputs. */
interface Circumstances {
  /** Inputs of the last deployment; absent for a resource that is new. */
  readonly previous: Properties | undefined;
  /** The program gives no `controlPlane`. */
  readonly isLeftOut: boolean;
  /** False: the service that is configured is not known yet. */
  readonly isReachable: boolean;
}

/**
 * Where the pool of the inputs is: the id of a pool names no URL, so it is looked for on the service that is configured,
 * unless it is known to be on another one.
 */
export function placeOf(
  shape: z.ZodObject["shape"],
  inputs: Properties,
  context: Pick<LifecycleContext, "connections" | "claims">,
  circumstances: Circumstances,
): Checked {
  const isKnown = !containsUnknown(inputs["controlPlane"]) && !containsUnknown(inputs["pool"]);
  if (!isLeftToPool(shape) || !isKnown) return { inputs, violations: [] };
  const violations = circumstances.isReachable ? serviceRules(inputs, context, circumstances) : [];
  if (violations.length > 0 || !circumstances.isLeftOut) return { inputs, violations };
  return { inputs: inFormerWords(inputs, context, circumstances), violations: [] };
}

/**
 * The control plane of a pool's id, in the words of the last deployment where it is the same: `controlPlane` may be taken
 * out of a program, and nothing changes.
 */
function inFormerWords(
  inputs: Properties,
  { connections }: Pick<LifecycleContext, "connections">,
  { previous, isReachable }: Circumstances,
): Properties {
  const now = inputs["controlPlane"] as ControlPlaneAddress;
  const before = previous?.["controlPlane"] as ControlPlaneAddress | undefined;
  if (!before || before.kind !== now.kind) return inputs;
  const isSameOrganization =
    before.organization === now.organization || poolIn(inputs) === poolIn(previous ?? {});
  const isSameService = () => !isReachable || connections.urlOf(before) === connections.urlOf(now);
  return isSameOrganization && isSameService() ? { ...inputs, controlPlane: before } : inputs;
}

/** A pool that is known to be on another service would count as gone on this one, or be another pool. */
function serviceRules(
  inputs: Properties,
  { connections, claims }: Pick<LifecycleContext, "connections" | "claims">,
  { previous, isLeftOut }: Circumstances,
): Violation[] {
  const address = inputs["controlPlane"] as ControlPlaneAddress;
  const pool = poolIn(inputs) ?? "";
  const url = connections.urlOf(address);
  const managers = claims.managersOf(address.kind, pool);
  const isThere = managers.some(({ key }) => key === poolKey({ kind: address.kind, url }, pool));
  const [manager] = managers;
  if (manager && !isThere) {
    return [
      {
        property: "controlPlane",
        reason: `${manager.owner} has the pool at ${urlIn(manager.key)}. ${remedy(address, url, isLeftOut)}`,
      },
    ];
  }
  const before = previous?.["controlPlane"] as ControlPlaneAddress | undefined;
  const isSamePool = before?.kind === address.kind && poolIn(previous ?? {}) === pool;
  if (!isLeftOut || !isSamePool || before.url === undefined || connections.urlOf(before) === url) return [];
  return [
    {
      property: "controlPlane",
      reason: `the last deployment found the pool at ${before.url}. ${remedy(address, url, isLeftOut)}`,
    },
  ];
}

function remedy({ kind }: ControlPlaneAddress, url: string, isLeftOut: boolean): string {
  const { displayName, service } = describePlane(kind);
  return isLeftOut
    ? `The id of a pool does not tell the URL, so without controlPlane it would be looked for at ${url}: give the controlPlane of the RunnerPool here too, or name that URL for all of ${displayName} (${service.urlSources})`
    : `controlPlane names ${url}: both must be the same. Give the controlPlane of the RunnerPool here too`;
}

/** The vendor's id of the pool. */
function poolIn({ pool }: Properties): string | undefined {
  return typeof pool === "string" ? poolIdOf(pool) : undefined;
}

/** The URL in a key as {@link poolKey} gives it. */
function urlIn(key: string): string | undefined {
  return key.split(" ").at(2);
}
