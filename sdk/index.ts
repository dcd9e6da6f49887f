export { type ControlPlaneKind, controlPlaneKinds } from "../provider/control-planes/kinds";
