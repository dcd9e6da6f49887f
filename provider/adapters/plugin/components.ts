import type { ComponentResource, ComponentResourceOptions, Inputs } from "@pulumi/pulumi";
import type { DockerFleetArgs } from "../../../sdk/resources/generated/components";
import { RotatingPoolToken } from "../../../sdk/resources/rotating-pool-token";
import { dockerFleet } from "../../components/docker-fleet";
import { type ComponentDefinition, rotatingPoolToken } from "../../components/index";
import { typeToken } from "../../type-token";

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
  [
    typeToken(dockerFleet.name),
    {
      definition: dockerFleet,
      construct: (name, inputs, options) => {
        // Loaded on first use: whoever has no such fleet need not have Docker's SDK.
        const { DockerFleet } =
          require("../../../sdk/fleets/docker") as typeof import("../../../sdk/fleets/docker");
        return new DockerFleet(name, inputs as DockerFleetArgs, options);
      },
    },
  ],
] satisfies [string, ServedComponent][]);
