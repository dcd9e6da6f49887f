import { z } from "zod";
import type { ControlPlaneAddress } from "../../control-planes/connect";
import type { ControlPlane } from "../../control-planes/control-plane";
import { describePlane } from "../../control-planes/planes";
import type { LifecycleContext } from "../framework/lifecycle";

/** Outputs of every resource that lives on a control plane. */
export const pinnedOutputs = {
  serviceUrl: z
    .string()
    .optional()
    .describe(
      "Base URL of the service that the resource was made on. While configuration or environment name another one, operations on the resource are refused.",
    )
    .meta({ stable: true }),
};

/** What state says about where a resource lives. */
export interface Pinned {
  readonly controlPlane: ControlPlaneAddress;
  /** Absent in states of versions that did not keep it. */
  readonly serviceUrl?: string | undefined;
}

/**
 * The control plane that a resource of the state lives on.
 * @throws Error where environment or configuration name another service than the one that it was made on: its pool or
 * token would be looked for in the wrong place and count as gone.
 */
export function connectPinned({ connections }: LifecycleContext, pinned: Pinned): ControlPlane {
  requireSameService(connections.urlOf(pinned.controlPlane), pinned);
  return connections.connect(pinned.controlPlane);
}

/** @throws Error as {@link connectPinned}. It connects to nothing. */
export function requirePinned({ connections }: LifecycleContext, pinned: Pinned): void {
  requireSameService(connections.urlOf(pinned.controlPlane), pinned);
}

function requireSameService(url: string, { controlPlane, serviceUrl }: Pinned): void {
  if (serviceUrl === undefined || serviceUrl === url) return;
  const { displayName, service } = describePlane(controlPlane.kind);
  throw new Error(
    `${displayName}: this resource was made on ${serviceUrl}, but environment or configuration now name ${url}. Nothing was looked up or changed. Set ${service.urlSources} back to ${serviceUrl}. To move the resource to ${url}, write that as controlPlane.url in the program besides: a new one is made there, and the old one is deleted on ${serviceUrl}.`,
  );
}
