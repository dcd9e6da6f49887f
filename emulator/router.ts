import findMyWay, { type HTTPMethod } from "find-my-way";
import type { Plane } from "./exchange";
import type { BoundOperation, BoundPlane } from "./plane-profile";

/** Where a request goes. */
export interface Route {
  operation: BoundOperation;
  params: Record<string, string>;
}

/** Paths under this belong to agents whose real calls are unpublished; the plane's name follows. */
export const ownAgentPrefix = "/_emulator/agents/";

/**
 * The plane that a path belongs to: `/api/v2` and `/.well-known` are HCP Terraform's, the rest of `/api/` is Pulumi
 * Cloud's, anything else env zero's. The three vendors' paths never overlap.
 */
export function planeOf(path: string): Plane {
  if (path.startsWith(ownAgentPrefix)) {
    return path.startsWith(`${ownAgentPrefix}hcp-terraform`) ? "hcp-terraform" : "env-zero";
  }
  if (path === "/api/v2" || path.startsWith("/api/v2/") || path.startsWith("/.well-known/"))
    return "hcp-terraform";
  return path.startsWith("/api/") ? "pulumi-cloud" : "env-zero";
}

/** Finds the operation for a method and path, over all planes. */
export class Router {
  #tree = findMyWay({ maxParamLength: 1_000, ignoreTrailingSlash: true });

  constructor(planes: readonly BoundPlane[]) {
    for (const operation of planes.flatMap(({ operations }) => operations)) {
      this.#tree.on(operation.method, operation.path, () => {}, operation);
    }
  }

  find(method: string, path: string): Route | undefined {
    const found = this.#tree.find(method as HTTPMethod, path);
    if (found === null) return undefined;
    const params = Object.fromEntries(Object.entries(found.params).map(([key, value]) => [key, value ?? ""]));
    return { operation: found.store as BoundOperation, params };
  }
}
