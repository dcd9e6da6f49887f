import type * as pulumi from "@pulumi/pulumi";
import { agents } from "../agents/agents";
import type { AgentOidcArgs, FleetAgentArgs } from "../resources/generated/components";
import type { ControlPlaneArgs } from "../resources/generated/resources";
import type { ArgumentProblem } from "./check-known";

/** Arguments that every fleet has. */
export interface FleetLoginArgs {
  /** Absent: the pool names it. */
  readonly controlPlane?: pulumi.Input<ControlPlaneArgs> | undefined;
  readonly token?: pulumi.Input<string | undefined> | undefined;
  readonly oidc?: AgentOidcArgs | undefined;
  readonly agent: FleetAgentArgs;
}

const settingsKeys = [
  ["pulumi-cloud", "pulumiCloud"],
  ["hcp-terraform", "hcpTerraform"],
  ["env-zero", "envZero"],
] as const;

/** What does not fit together, on any platform. */
export function agentProblems({ controlPlane, token, oidc, agent }: FleetLoginArgs): ArgumentProblem[] {
  const { kind, version } = agent;
  const { title, capabilities } = agents[kind];
  const unsupported = agents[kind].unsupported?.(version);
  const plane =
    controlPlane !== undefined && "kind" in controlPlane && typeof controlPlane.kind === "string"
      ? controlPlane.kind
      : kind;
  const problems: [wrong: boolean, propertyPath: string, reason: string][] = [
    [plane !== kind, "agent.kind", otherPlane(kind, plane)],
    [
      token !== undefined && oidc !== undefined,
      "token",
      "there is `oidc` too: agents log in with one of the two",
    ],
    [
      token === undefined && oidc === undefined,
      "token",
      `is missing: give a pool token${capabilities.oidc ? ", or `oidc`" : ""}`,
    ],
    [
      oidc !== undefined && !capabilities.oidc,
      "oidc",
      `${title} has no OIDC login: give it a \`token\`. Only Pulumi's agent has one.`,
    ],
    [
      isMovingTag(version) && !agent.allowUnpinned,
      "agent.version",
      `\`${version}\` changes by itself: name a release, or accept that with \`allowUnpinned: true\``,
    ],
    [
      unsupported !== undefined,
      "agent.version",
      `${title} ${version} cannot be run by a fleet: ${unsupported}`,
    ],
    [
      agent.image !== undefined && /(:[^/]*|@.*)$/.test(agent.image),
      "agent.image",
      "must be a repository only: the tag goes into `version`, the digest into `digest`",
    ],
    [
      kind === "env-zero" && agent.envZero === undefined,
      "agent.envZero",
      "is missing: env zero's agent needs its `stateEncryptionKey`",
    ],
    [
      kind === "hcp-terraform" && agent.forwardEnvironment !== undefined,
      "agent.forwardEnvironment",
      "jobs of tfc-agent see the agent's whole environment anyway: leave it out",
    ],
    ...settingsKeys.map(([other, key]): [boolean, string, string] => [
      other !== kind && agent[key] !== undefined,
      `agent.${key}`,
      `is for another agent: this fleet runs ${title}`,
    ]),
  ];
  return [
    ...problems.filter(([wrong]) => wrong).map(([, propertyPath, reason]) => ({ propertyPath, reason })),
    ...environmentProblems(agent),
  ];
}

function environmentProblems({ kind, environment = {} }: FleetAgentArgs): ArgumentProblem[] {
  const { title, ownEnvironment } = agents[kind];
  return ownEnvironment
    .filter((name) => name in environment)
    .map((name) => ({
      propertyPath: `agent.environment.${name}`,
      reason: `is for the fleet to set, from its own arguments: ${title} would follow this instead`,
    }));
}

/** Why an agent does not fit a control plane. */
export function otherPlane(kind: FleetAgentArgs["kind"], plane: string): string {
  return `${agents[kind].title} serves pools of ${kind} only, and controlPlane.kind is ${plane}`;
}

/** The image with tag and digest. */
export function imageReference({ kind, image, version, digest }: FleetAgentArgs): string {
  const vendors = agents[kind].image;
  // In a registry of the user's own, tags are the user's.
  const reference = image ? `${image}:${version}` : `${vendors.repository}:${vendors.tag(version)}`;
  return `${reference}${digest === undefined ? "" : `@${digest}`}`;
}

/** Whether a tag means another image from time to time: `latest`, also of one processor (`latest-amd64`). */
export function isMovingTag(tag: string): boolean {
  return /^latest(-|$)/.test(tag);
}
