import { z } from "zod";
import type { Credential } from "./credentials";
import { digestOf, newHcpTerraformId, newUuid } from "./identifiers";
import { newStack } from "./pulumi-cloud/stacks";
import type { EmulatorState } from "./state";

const credentialFields = z.strictObject({
  plane: z.enum(["pulumi-cloud", "hcp-terraform", "env-zero"]),
  /** The token; for env zero `<key id>:<key secret>`. */
  value: z.string().min(1),
  kind: z.enum(["admin", "member", "read-only", "organization-token", "team-token"]),
  /** Login of the user, or name of the token. Default: the kind. */
  login: z.string().min(1).optional(),
  /** Names of organizations, for env zero their ids. */
  organizations: z.array(z.string().min(1)),
  /** Pulumi Cloud: requests about agent pools answer with this status, whatever the kind would allow. */
  agentPools: z.union([z.literal(403), z.literal(404)]).optional(),
});

const credentialSchema = credentialFields.refine(
  ({ plane, agentPools }) => plane === "pulumi-cloud" || agentPools === undefined,
  { path: ["agentPools"], message: "is for credentials of Pulumi Cloud" },
);

const policyGroup = z.strictObject({
  name: z.string().min(1),
  entityType: z.enum(["stacks", "accounts"]).optional(),
  mode: z.enum(["audit", "preventative"]).optional(),
});

/** What an emulator starts with, or gets added later. Existing things of the same name are left alone. */
export const seedSchema = z.strictObject({
  credentials: z.array(credentialSchema).optional(),
  pulumiCloud: z
    .array(
      z.strictObject({
        organization: z.string().min(1),
        /** As `project/stack`. */
        stacks: z.array(z.string().regex(/^[^/]+\/[^/]+$/)).optional(),
        insightsAccounts: z.array(z.string().min(1)).optional(),
        /** Default true; false makes requests about cloud accounts answer 402. */
        insights: z.boolean().optional(),
        /** A bare name is that of a group of stacks in mode `audit`, whose policies are evaluated in a pool. */
        policyGroups: z.array(z.union([z.string().min(1), policyGroup])).optional(),
      }),
    )
    .optional(),
  hcpTerraform: z
    .array(
      z.strictObject({
        organization: z.string().min(1),
        /** Besides "Default Project", which every organization has. */
        projects: z.array(z.string().min(1)).optional(),
        workspaces: z
          .array(z.strictObject({ name: z.string().min(1), project: z.string().min(1).optional() }))
          .optional(),
      }),
    )
    .optional(),
  envZero: z
    .array(
      z.strictObject({
        organizationId: z.string().min(1),
        organization: z.string().min(1),
        projects: z.array(z.strictObject({ id: z.string().min(1), name: z.string().min(1) })).optional(),
      }),
    )
    .optional(),
});

/** What an emulator starts with, or gets added later. */
export type Seed = z.input<typeof seedSchema>;

/** A credential to add. */
export type SeedCredential = z.input<typeof credentialSchema>;

export { credentialSchema };

/** Adds what a seed names to a state. */
export function plant(state: EmulatorState, seed: Seed): void {
  for (const credential of seed.credentials ?? []) addCredential(state, credential);
  for (const entry of seed.pulumiCloud ?? []) plantPulumiCloud(state, entry);
  for (const entry of seed.hcpTerraform ?? []) plantHcpTerraform(state, entry);
  for (const entry of seed.envZero ?? []) plantEnvZero(state, entry);
}

/** Adds one credential; returns its id. A credential with the same value is replaced. */
export function addCredential(state: EmulatorState, { value, login, ...credential }: SeedCredential): string {
  const digest = digestOf(value);
  const id = `credential-${newUuid().slice(0, 8)}`;
  state.credentials = state.credentials.filter(
    (known) => known.plane !== credential.plane || known.digest !== digest,
  );
  state.credentials.push({ ...credential, id, login: login ?? credential.kind, digest } satisfies Credential);
  return id;
}

function plantPulumiCloud(state: EmulatorState, entry: NonNullable<Seed["pulumiCloud"]>[number]): void {
  const { organizations } = state.pulumiCloud;
  const organization = findOrAdd(organizations, ({ name }) => name === entry.organization, {
    id: newUuid(),
    name: entry.organization,
    created: new Date().toISOString(),
    paused: false,
    hasInsights: entry.insights ?? true,
    stackAccess: {},
    agentPools: [],
    stacks: [],
    deployments: [],
    insightsAccounts: [],
    policyGroups: [],
    tokens: [],
    oidcIssuers: [],
    runnerTokens: [],
  });
  for (const path of entry.stacks ?? []) {
    const [project = "", name = ""] = path.split("/");
    findOrAdd(
      organization.stacks,
      (stack) => stack.project === project && stack.name === name,
      newStack(project, name),
    );
  }
  for (const name of entry.insightsAccounts ?? []) {
    findOrAdd(organization.insightsAccounts, (account) => account.name === name, {
      id: newUuid(),
      name,
      provider: "aws",
      environment: `insights/${name}`,
      scheduledScanEnabled: true,
    });
  }
  for (const wanted of entry.policyGroups ?? []) {
    const group = typeof wanted === "string" ? { name: wanted } : wanted;
    const { name, entityType = "stacks", mode = "audit" } = group;
    findOrAdd(organization.policyGroups, (known) => known.name === name, {
      name,
      entityType,
      mode,
      isOrgDefault: name === "default-policy-group",
      stacks: [],
      accounts: [],
    });
  }
}

function plantHcpTerraform(state: EmulatorState, entry: NonNullable<Seed["hcpTerraform"]>[number]): void {
  const { organizations, projects, workspaces } = state.hcpTerraform;
  const createdAt = new Date().toISOString();
  const inherited = {
    executionMode: "remote" as const,
    overwrites: { executionMode: false, agentPool: false },
  };
  const projectNamed = (name: string) =>
    findOrAdd(projects, (known) => known.organization === entry.organization && known.name === name, {
      id: newHcpTerraformId("prj"),
      organization: entry.organization,
      name,
      createdAt,
      settings: structuredClone(inherited),
      attributes: {},
      tagBindings: [],
    });
  const { id: defaultProjectId } = projectNamed("Default Project");
  findOrAdd(organizations, ({ name }) => name === entry.organization, {
    name: entry.organization,
    externalId: newHcpTerraformId("org"),
    createdAt,
    defaults: { executionMode: "remote" },
    defaultProjectId,
    attributes: {},
  });
  for (const name of entry.projects ?? []) projectNamed(name);
  for (const { name, project } of entry.workspaces ?? []) {
    findOrAdd(workspaces, (known) => known.organization === entry.organization && known.name === name, {
      id: newHcpTerraformId("ws"),
      organization: entry.organization,
      projectId: project === undefined ? defaultProjectId : projectNamed(project).id,
      name,
      createdAt,
      updatedAt: createdAt,
      settings: structuredClone(inherited),
      attributes: {},
      tagNames: [],
      tagBindings: [],
      remoteStateConsumerIds: [],
    });
  }
}

function plantEnvZero(state: EmulatorState, entry: NonNullable<Seed["envZero"]>[number]): void {
  const createdAt = new Date().toISOString();
  findOrAdd(state.envZero.organizations, ({ id }) => id === entry.organizationId, {
    id: entry.organizationId,
    name: entry.organization,
    createdAt,
    // GUESS: an organization without a default self-hosted agent shows the name of env zero's own runners.
    defaultAgent: "ENV0_DEFAULT",
  });
  for (const { id, name } of entry.projects ?? []) {
    findOrAdd(state.envZero.projects, (project) => project.id === id, {
      id,
      organizationId: entry.organizationId,
      name,
      description: "",
      tags: [],
      isArchived: false,
      createdAt,
      updatedAt: createdAt,
      createdBy: "admin",
    });
  }
}

function findOrAdd<Item>(items: Item[], matches: (item: Item) => boolean, otherwise: Item): Item {
  const found = items.find(matches);
  if (found !== undefined) return found;
  items.push(otherwise);
  return otherwise;
}
