import type { ComponentResource, ComponentResourceOptions, Inputs } from "@pulumi/pulumi";
import { RotatingPoolToken } from "../../sdk/resources/rotating-pool-token";
import { type ComponentDefinition, rotatingPoolToken } from "../schema/components";
import { typeToken } from "./type-token";

/** A component as programs in any language construct it. */
export interface ServedComponent {
  readonly definition: ComponentDefinition;
  construct(name: string, inputs: Inputs, options: ComponentResourceOptions): ComponentResource;
}

/** Every component, by its type token. */
export const components: ReadonlyMap<string, ServedComponent> = new Map([
  [
    typeToken(rotatingPoolToken.name),
    {
      definition: rotatingPoolToken,
      construct: (name, inputs, options) =>
        new RotatingPoolToken(name, inputs as ConstructorParameters<typeof RotatingPoolToken>[1], options),
    },
  ],
] satisfies [string, ServedComponent][]);
