import type { Emulator } from "../../emulator/index.ts";

/** Names of the pools that things have by a setting of their own, for example `{ "stack network/prod": "builders" }`. */
export function assignmentsIn({ admin }: Emulator): Record<string, string> {
  const { pulumiCloud, envZero, hcpTerraform } = admin.snapshot();
  const rows: [key: string, pool: string | undefined][] = [
    ...pulumiCloud.organizations.flatMap(({ name: organization, agentPools, ...rest }) => {
      const nameOf = (id: unknown) => nameIn(agentPools, id);
      const place = organization === "acme" ? "" : `${organization} `;
      return [
        [`${place}default`, nameOf(rest.defaultAgentPoolId)] as const,
        ...rest.stacks.map(
          ({ project, name, settings }) =>
            [`${place}stack ${project}/${name}`, nameOf(settings?.["agentPoolID"])] as const,
        ),
        ...rest.insightsAccounts.map(
          ({ name, agentPoolId }) => [`${place}insights account ${name}`, nameOf(agentPoolId)] as const,
        ),
        ...rest.policyGroups.map(
          ({ name, agentPoolId }) => [`${place}policy group ${name}`, nameOf(agentPoolId)] as const,
        ),
      ].map(([key, pool]) => [key, pool] as [string, string | undefined]);
    }),
    ...envZero.projects.map(
      ({ name, agentId }) => [`project ${name}`, nameIn(envZero.agents, agentId)] as [string, string],
    ),
    ...hcpTerraform.workspaces.map(
      ({ name, settings }) =>
        [
          `workspace ${name}`,
          settings.overwrites.agentPool ? nameIn(hcpTerraform.agentPools, settings.agentPoolId) : undefined,
        ] as [string, string | undefined],
    ),
  ];
  return Object.fromEntries(rows.filter((row): row is [string, string] => row[1] !== undefined));
}

/** Names of the workspaces in the lists of HCP Terraform's pools, by pool. */
export function accessIn({ admin }: Emulator): Record<string, string[]> {
  const { agentPools, workspaces } = admin.snapshot().hcpTerraform;
  return Object.fromEntries(
    agentPools.map(({ name, allowedWorkspaceIds }) => [
      name,
      allowedWorkspaceIds.map((id) => nameIn(workspaces, id) ?? id).sort(),
    ]),
  );
}

/** Names of all pools of all planes, sorted. */
export function poolsIn({ admin }: Emulator): string[] {
  const { pulumiCloud, envZero, hcpTerraform } = admin.snapshot();
  return [
    ...pulumiCloud.organizations.flatMap(({ agentPools }) => agentPools),
    ...envZero.agents,
    ...hcpTerraform.agentPools,
  ]
    .map(({ name }) => name)
    .sort();
}

/** Requests that changed something, as `METHOD path`. */
export function writesTo({ admin }: Emulator): string[] {
  return admin
    .journal()
    .filter(({ method, status }) => method !== "GET" && (status ?? 500) < 400)
    .map(({ method, path }) => `${method} ${path}`);
}

function nameIn(things: readonly { id: string; name: string }[], id: unknown): string | undefined {
  if (typeof id !== "string") return undefined;
  return things.find((thing) => thing.id === id)?.name ?? id;
}
