import { lifecycles } from "../provider/resources";
import type { ResourceDefinition } from "../provider/resources/definition";

/** Every custom resource of the package: those that have a lifecycle. */
export const resourceDefinitions: readonly ResourceDefinition[] = Object.values(lifecycles).map(
  ({ definition }) => definition,
);
