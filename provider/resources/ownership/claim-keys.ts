import type { ControlPlaneAddress } from "../../control-planes/connect";
import type { ControlPlane } from "../../control-planes/control-plane";
import { describePlane } from "../../control-planes/planes";
import type { LifecycleContext } from "../framework/lifecycle";

/** Identity of an organization on a service, the same under all names that the user may give it. */
export async function organizationKey(plane: ControlPlane): Promise<string> {
  return [plane.kind, plane.url, await plane.organizationId()].join(" ");
}

/** Identity of a service; the keys of its things contain it as words. */
export function serviceKey({ kind, url }: Pick<ControlPlane, "kind" | "url">): string {
  return `${kind} ${url}`;
}

/** Whether a key is that of a thing of the service. @param service as `serviceKey` gives it. */
export function isKeyOfService(key: string, service: string): boolean {
  return ` ${key} `.includes(` ${service} `);
}

/** Identity of a pool, known without a request: pools have ids of the vendor's. */
export function poolKey({ kind, url }: Pick<ControlPlane, "kind" | "url">, poolId: string): string {
  return `pool ${kind} ${url} ${poolId}`;
}

/** Whether a key is that of a pool with this id, on any service of that kind. */
export function isPoolKey(key: string, kind: string, poolId: string): boolean {
  return key.startsWith(`pool ${kind} `) && poolIdIn(key) === poolId;
}

/** The id in the key of a pool. */
export function poolIdIn(key: string): string {
  return key.slice(key.lastIndexOf(" ") + 1);
}

/** Identity of an assignable thing. */
export function targetKey(
  { kind, url }: Pick<ControlPlane, "kind" | "url">,
  organization: string,
  target: { kind: string; id: string },
): string {
  return `target ${kind} ${url} ${organization} ${target.kind} ${target.id}`;
}

/** Identity of an entry in a pool's list of targets. */
export function accessKey(pool: string, targetId: string): string {
  return `access ${pool} ${targetId}`;
}

/** Identity of the setting that names an organization's default pool. */
export async function defaultPoolKey(plane: ControlPlane): Promise<string> {
  return `default pool ${await organizationKey(plane)}`;
}

/** Identity of the fact that a pool has a name. @param pool as `poolKey` gives it. */
export function nameKey(pool: string, name: string): string {
  return `name ${pool} ${name}`;
}

/** An organization in words, which differ where the organization does. */
export function organizationText(
  { connections }: LifecycleContext,
  controlPlane: ControlPlaneAddress,
): string {
  const { displayName } = describePlane(controlPlane.kind);
  return `${displayName} organization ${controlPlane.organization} (${connections.urlOf(controlPlane)})`;
}
