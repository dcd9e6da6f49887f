import type { ControlPlaneKind } from "./kinds";

/** What a pool can be assigned to, in the words of the control planes. */
export const targetKinds = ["stack", "insightsAccount", "policyGroup", "project", "workspace"] as const;

/** One of {@link targetKinds}. */
export type TargetKind = (typeof targetKinds)[number];

/** What one control plane can and cannot do. Lifecycles and documentation read it; nothing else decides by name. */
export interface Capabilities {
  readonly displayName: string;
  /** What the vendor calls a runner pool. */
  readonly poolNoun: string;
  readonly poolDescription: boolean;
  /** Characters a pool name may have, with the words for an error; absent where the vendor states no rule. */
  readonly poolName?: { readonly pattern: RegExp; readonly words: string };
  readonly poolScope: boolean;
  readonly logHosting: boolean;
  /** A pool may be deleted while in use, which moves its work to the vendor's own runners. */
  readonly forceDestroy: boolean;
  /** `born`: exactly one, made with the pool. A number: that many at a time. */
  readonly tokens: "born" | number;
  readonly targets: readonly TargetKind[];
  readonly defaultPool: "settable" | "readable";
  /** Where an unassigned target's work goes can be chosen: back to the inherited setting, or to hosted runners. */
  readonly explicitHosted: boolean;
  readonly agentOidc: boolean;
  readonly liveAgents: "listed" | "none";
  /** Whether the work that waits for a pool can be asked for. */
  readonly demand: "listed" | "none";
  /** Environment variables that carry the credential. */
  readonly credentialVariables: string;
}

/** The one table of what the control planes can do (sources: the vendors' API references and providers). */
export const capabilities: Readonly<Record<ControlPlaneKind, Capabilities>> = {
  "pulumi-cloud": {
    displayName: "Pulumi Cloud",
    poolNoun: "agent pool",
    poolDescription: true,
    poolScope: false,
    logHosting: false,
    forceDestroy: true,
    tokens: "born",
    targets: ["stack", "insightsAccount", "policyGroup"],
    defaultPool: "settable",
    explicitHosted: false,
    agentOidc: true,
    liveAgents: "listed",
    demand: "listed",
    credentialVariables: "PULUMI_ACCESS_TOKEN",
  },
  "env-zero": {
    displayName: "env zero",
    poolNoun: "agent pool",
    poolDescription: true,
    poolScope: false,
    logHosting: true,
    forceDestroy: false,
    tokens: 2,
    targets: ["project"],
    defaultPool: "readable",
    explicitHosted: false,
    agentOidc: false,
    liveAgents: "none",
    demand: "none",
    credentialVariables: "ENV0_API_KEY and ENV0_API_SECRET",
  },
  "hcp-terraform": {
    displayName: "HCP Terraform",
    poolNoun: "agent pool",
    poolDescription: false,
    poolName: { pattern: /^[A-Za-z0-9_-]+$/, words: "letters, digits, hyphens and underscores" },
    poolScope: true,
    logHosting: false,
    forceDestroy: false,
    tokens: Number.POSITIVE_INFINITY,
    targets: ["workspace", "project"],
    defaultPool: "settable",
    explicitHosted: true,
    agentOidc: false,
    liveAgents: "listed",
    demand: "listed",
    credentialVariables: "TFE_TOKEN",
  },
};
