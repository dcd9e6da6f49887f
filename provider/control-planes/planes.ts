import type { PlaneDescriptor } from "./descriptor";
import { envZero } from "./env-zero/descriptor";
import { hcpTerraform } from "./hcp-terraform/descriptor";
import { registerSecretShapes } from "./http/redact";
import { pulumiCloud } from "./pulumi-cloud/descriptor";

/** The control planes that this package knows. A new one is a folder with a descriptor, and a line here. */
export const planes = [pulumiCloud, envZero, hcpTerraform] as const;

for (const { secretShapes } of planes) registerSecretShapes(secretShapes);

/** Name of a control plane, for example `pulumi-cloud`. */
export type ControlPlaneKind = (typeof planes)[number]["kind"];

/** Names of all control planes. */
export const controlPlaneKinds = planes.map(({ kind }) => kind) as [ControlPlaneKind, ...ControlPlaneKind[]];

/** The descriptor of a control plane. */
export function describePlane(kind: ControlPlaneKind): PlaneDescriptor {
  return planes.find((plane) => plane.kind === kind) as unknown as PlaneDescriptor;
}
