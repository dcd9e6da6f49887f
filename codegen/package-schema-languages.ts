/**
 * Names of the SDKs that Pulumi generates from the schema. TypeScript programs have the npm package itself, so its
 * generated counterpart must not share its name.
 */
export const packageLanguages = {
  nodejs: { packageName: "pulumi-runner-pools-plugin", respectSchemaVersion: true },
  python: {
    packageName: "pulumi_runner_pools",
    pyproject: { enabled: true },
    respectSchemaVersion: true,
  },
  go: { generateResourceContainerTypes: false, respectSchemaVersion: true },
  csharp: {
    rootNamespace: "Pulumi",
    namespaces: { "runner-pools": "RunnerPools" },
    respectSchemaVersion: true,
  },
  java: { basePackage: "com.pulumi" },
} as const;
