import type { PulumiCloudAgentTimeouts } from "../agent-timeouts";
import type { JsonObject } from "../exchange";
import type { Work } from "../work";

/** A pool of workflow runners. The value of its one token is not kept, only its digest. */
export interface PulumiAgentPool {
  id: string;
  name: string;
  description: string;
  /** Unix seconds, as the API description says. */
  created: number;
  tokenDigest: string;
  agents: PulumiAgent[];
}

/** A runner as the pool shows it. */
export interface PulumiAgent {
  hostname: string;
  ip: string;
  pid: string;
  platform: string;
  version: string;
  /** Unix seconds. */
  lastSeen: number;
  status: "online" | "offline";
  /** ISO 8601: when it last called, so that its silence counts; absent for those that the admin API puts there. */
  calledAt?: string;
}

/** An access token that a runner got for an OIDC token. Its value is not kept, only its digest. */
export interface PulumiRunnerToken {
  digest: string;
  agentPoolId: string;
  issuerId: string;
  /** ISO 8601. */
  expiresAt: string;
}

/** A stack with its tags and deployment settings. */
export interface PulumiStack {
  id: string;
  project: string;
  name: string;
  tags: Record<string, string>;
  /** Absent until something configures deployments. */
  settings?: JsonObject;
  settingsVersion: number;
  paused: boolean;
  /**
   * Pool that deleted settings pointed at. It keeps the pool in use
   * (reported in pulumi/pulumi-pulumiservice issue 378).
   */
  lingeringAgentPoolId?: string;
}

/** Status of a deployment. */
export type PulumiDeploymentStatus =
  | "not-started"
  | "accepted"
  | "running"
  | "failed"
  | "succeeded"
  | "skipped";

/** Operation that a deployment runs. */
export type PulumiOperation =
  | "update"
  | "preview"
  | "destroy"
  | "refresh"
  | "detect-drift"
  | "remediate-drift";

/** A deployment: one piece of queued, running or finished work. */
export interface PulumiDeployment {
  id: string;
  project: string;
  stack: string;
  version: number;
  status: PulumiDeploymentStatus;
  operation: PulumiOperation;
  /** Pool that it was made for; undefined means that the stack's settings and the organization decide. */
  agentPoolId?: string;
  /** Whether the stack's settings apply to it. */
  inheritsSettings: boolean;
  /** Image that it was made with; undefined means the stack's. */
  image?: string;
  work: Work;
  /** How its runner knows it, once it has one. */
  job?: { id: string; runId: string; tokenDigest: string; steps: string[] };
  /** ISO 8601. */
  created: string;
  modified: string;
  requestedBy: string;
}

/** A cloud account of Pulumi Insights. */
export interface PulumiInsightsAccount {
  id: string;
  name: string;
  provider: string;
  environment: string;
  providerConfig?: JsonObject;
  agentPoolId?: string;
  scheduledScanEnabled: boolean;
}

/** A policy group. */
export interface PulumiPolicyGroup {
  name: string;
  entityType: "stacks" | "accounts";
  mode: "audit" | "preventative";
  isOrgDefault: boolean;
  agentPoolId?: string;
  stacks: { name: string; routingProject: string }[];
  accounts: string[];
}

/** An organization access token. Its value is not kept. */
export interface PulumiOrganizationToken {
  id: string;
  name: string;
  description: string;
  admin: boolean;
  /** ISO 8601. */
  created: string;
  createdBy: string;
  /** Unix seconds; 0 means never. */
  expires: number;
  /** Revoked tokens keep their name taken. */
  deleted: boolean;
}

/** An issuer of OIDC tokens, with the policy that was made for it. */
export interface PulumiOidcIssuer {
  id: string;
  name: string;
  url: string;
  /** ISO 8601. */
  created: string;
  modified: string;
  thumbprints: string[];
  /** Nobody gave thumbprints, so the first certificate that the issuer shows is taken. */
  trustsFirstCertificate?: true;
  /** Seconds. */
  maxExpiration?: number;
  jwks?: JsonObject;
  policy: { id: string; version: number; created: string; modified: string; policies: JsonObject[] };
}

/** An organization of Pulumi Cloud. */
export interface PulumiOrganization {
  id: string;
  name: string;
  created: string;
  defaultAgentPoolId?: string;
  paused: boolean;
  /** False: requests about cloud accounts answer 402. */
  hasInsights: boolean;
  /** Ids of the stacks that somebody may see, by login; a login without an entry sees all. */
  stackAccess: Record<string, string[]>;
  agentPools: PulumiAgentPool[];
  stacks: PulumiStack[];
  deployments: PulumiDeployment[];
  insightsAccounts: PulumiInsightsAccount[];
  policyGroups: PulumiPolicyGroup[];
  tokens: PulumiOrganizationToken[];
  oidcIssuers: PulumiOidcIssuer[];
  runnerTokens: PulumiRunnerToken[];
}

/** Everything that the Pulumi Cloud plane knows. */
export interface PulumiCloudState {
  organizations: PulumiOrganization[];
  /** Organization that a user chose as default, by login. */
  defaultOrganizations: Record<string, string>;
  /** Deleting a stack's settings does not release its pool, see {@link PulumiStack}.lingeringAgentPoolId. */
  deletedSettingsKeepPoolInUse: boolean;
  agentTimeouts: PulumiCloudAgentTimeouts;
}
