import type { Seed } from "../../emulator/index.ts";
import { defaultSeed, emulatorIds } from "../../emulator/index.ts";

/** The control planes, as programs name them. */
export const planes = ["pulumi-cloud", "env-zero", "hcp-terraform"] as const;

/** One of {@link planes}. */
export type PlaneKind = (typeof planes)[number];

/** What a pool is assigned to, as programs name it. */
export type TargetKind = "stack" | "insightsAccount" | "policyGroup" | "project" | "workspace";

/** Something in the organization that can be sent to a pool. Its group says who may declare it. */
export interface Target {
  readonly plane: PlaneKind;
  readonly kind: TargetKind;
  readonly name: string;
  readonly group: Group;
}

/** Targets of `app` and `db` belong to the first deployment, those of `net` to the second, `ops` to neither. */
export const groups = ["app", "db", "net", "ops"] as const;

/** One of {@link groups}. */
export type Group = (typeof groups)[number];

/** The two deployments, and what each may declare. */
export const groupsOf = { first: ["app", "db"], second: ["net"] } as const satisfies Record<
  string,
  readonly Group[]
>;

/** Which deployment. */
export type Side = keyof typeof groupsOf;

const sizes: Readonly<Record<Group, number>> = { app: 4, db: 4, net: 4, ops: 3 };

/** Everything in the organization that can be sent to a pool. */
export const targets: readonly Target[] = groups.flatMap((group) => {
  const numbers = Array.from({ length: sizes[group] }, (_, index) => index + 1);
  const of = (plane: PlaneKind, kind: TargetKind, name: string): Target => ({ plane, kind, name, group });
  return [
    ...numbers.map((number) => of("pulumi-cloud", "stack", `${group}/s${number}`)),
    of("pulumi-cloud", "insightsAccount", `${group}-insights`),
    of("pulumi-cloud", "policyGroup", `${group}-policies`),
    ...numbers.map((number) => of("env-zero", "project", `${group}-${number}`)),
    ...numbers.map((number) => of("hcp-terraform", "workspace", `${group}-${number}`)),
    of("hcp-terraform", "project", `${group}-project`),
  ];
});

/** Kinds of which a group has enough for a pattern. */
export const patternKinds: Readonly<Record<PlaneKind, TargetKind>> = {
  "pulumi-cloud": "stack",
  "env-zero": "project",
  "hcp-terraform": "workspace",
};

/** The pattern for all targets of a group. */
export function patternOf(plane: PlaneKind, group: Group): string {
  return plane === "pulumi-cloud" ? `${group}/*` : `${group}-*`;
}

/** One text for each target. */
export function keyOf({ plane, kind, name }: Pick<Target, "plane" | "kind" | "name">): string {
  return `${plane} ${kind} ${name}`;
}

const names = (plane: PlaneKind, kind: TargetKind) =>
  targets.filter((target) => target.plane === plane && target.kind === kind).map(({ name }) => name);

/** The organization as the emulator starts with it. HCP projects have no workspaces, so that none inherits their pool. */
export const organizationSeed: Seed = {
  ...(defaultSeed.credentials && { credentials: defaultSeed.credentials }),
  pulumiCloud: [
    {
      organization: emulatorIds.organization,
      stacks: names("pulumi-cloud", "stack"),
      insightsAccounts: names("pulumi-cloud", "insightsAccount"),
      policyGroups: names("pulumi-cloud", "policyGroup"),
    },
  ],
  envZero: [
    {
      organizationId: emulatorIds.envZeroOrganizationId,
      organization: emulatorIds.organization,
      projects: names("env-zero", "project").map((name) => ({ id: name, name })),
    },
  ],
  hcpTerraform: [
    {
      organization: emulatorIds.organization,
      projects: names("hcp-terraform", "project"),
      workspaces: names("hcp-terraform", "workspace").map((name) => ({ name })),
    },
  ],
};
