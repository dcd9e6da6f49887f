import type { ComponentResource, ComponentResourceOptions, Inputs } from "@pulumi/pulumi";

/** Makes a component from what a program in any language passes. */
export type ComponentConstructor = (
  name: string,
  inputs: Inputs,
  options: ComponentResourceOptions,
) => ComponentResource;

/** Every component, by its type token. */
export const components: Readonly<Record<string, ComponentConstructor>> = {};
