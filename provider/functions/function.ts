import type { z } from "zod";
import type { ControlPlane } from "../control-planes/control-plane";
import type { Violation } from "../resources/framework/violation";
import type { FunctionDefinition } from "./definitions";

/** Something that can be asked of a control plane, told apart from how Pulumi is spoken to and from HTTP. */
export interface PoolFunction<Definition extends FunctionDefinition = FunctionDefinition> {
  readonly definition: Definition;
  /** Rules that need more than one argument, or the control plane's abilities. */
  rules?(args: z.output<Definition["inputs"]>): Violation[];
  call(plane: ControlPlane, args: z.output<Definition["inputs"]>): Promise<z.output<Definition["outputs"]>>;
}
