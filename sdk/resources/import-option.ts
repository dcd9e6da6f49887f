import * as pulumi from "@pulumi/pulumi";

/** What to do in place of an import, by the name of the resource. @param id that was given, in the form of this package's ids or any other. */
const instead: Readonly<Record<string, (id: string) => string>> = {
  RunnerPool: (id) => `Use adopt: "${id.split("/").at(-1)}"`,
  PoolToken: () =>
    "A token that exists cannot be taken over either, since its value is shown once: leave out the option import, and revoke the old token when the agents have moved",
  StackPoolAssignment: () =>
    "Leave out the option import: a target that has the pool already is taken over as it is",
  StackPoolAssignments: () =>
    "Leave out the option import: targets that have the pool already are taken over as they are",
  OrganizationDefaultPool: () =>
    "Leave out the option import: a default that is this pool already is taken over as it is",
};

/**
 * Refuses the option `import`: the engine asks a dynamic provider to read what is imported without saying which provider
 * it is, and ends with "code must be a string, not undefined".
 * @throws {@link pulumi.RunError} naming the resource and what to do instead.
 */
export function refuseImport(type: string, name: string, id: string): never {
  const advice = instead[type]?.(id);
  throw new pulumi.RunError(
    `${type} "${name}" cannot be imported in TypeScript. ${
      advice === undefined
        ? "There is nothing to import: leave out the option import."
        : `${advice}, or import with the plugin (README, Adopting and importing).`
    }`,
  );
}
