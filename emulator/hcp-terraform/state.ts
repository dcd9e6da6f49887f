import type { HcpTerraformAgentTimeouts } from "../agent-timeouts";
import type { JsonObject } from "../exchange";
import type { Work } from "../work";

/** Where runs happen: HashiCorp's machines, the user's own machine, or an agent pool. */
export type ExecutionMode = "remote" | "local" | "agent";

/** The two settings that a workspace inherits from its project and a project from its organization. */
export interface ExecutionSettings {
  executionMode: ExecutionMode;
  agentPoolId?: string;
}

/** Execution settings together with which of them are the target's own. */
export interface OverwritingSettings extends ExecutionSettings {
  overwrites: { executionMode: boolean; agentPool: boolean };
}

/** An organization of HCP Terraform. */
export interface HcpTerraformOrganization {
  name: string;
  externalId: string;
  createdAt: string;
  defaults: ExecutionSettings;
  defaultProjectId: string;
  /** Other attributes that clients write and read back. */
  attributes: JsonObject;
}

/** A project. */
export interface HcpTerraformProject {
  id: string;
  organization: string;
  name: string;
  createdAt: string;
  settings: OverwritingSettings;
  attributes: JsonObject;
  tagBindings: TagBinding[];
}

/** A workspace. */
export interface HcpTerraformWorkspace {
  id: string;
  organization: string;
  projectId: string;
  name: string;
  createdAt: string;
  updatedAt: string;
  settings: OverwritingSettings;
  attributes: JsonObject;
  tagNames: string[];
  tagBindings: TagBinding[];
  remoteStateConsumerIds: string[];
}

/** A key-value tag of a workspace or project. */
export interface TagBinding {
  key: string;
  value: string;
}

/** An agent pool with its tokens and agents. */
export interface HcpTerraformAgentPool {
  id: string;
  organization: string;
  name: string;
  createdAt: string;
  organizationScoped: boolean;
  allowedWorkspaceIds: string[];
  allowedProjectIds: string[];
  excludedWorkspaceIds: string[];
  tokens: HcpTerraformAgentToken[];
  agents: HcpTerraformAgent[];
}

/** An agent token. Its value is not kept, only its digest. */
export interface HcpTerraformAgentToken {
  id: string;
  description: string;
  createdAt: string;
  lastUsedAt: string | null;
  createdBy: string;
  digest: string;
}

/** An agent as the pool shows it. */
export interface HcpTerraformAgent {
  id: string;
  name: string | null;
  status: "idle" | "busy" | "unknown" | "errored" | "exited";
  ipAddress: string;
  lastPingAt: string;
  createdAt: string;
  /** It joined with a token, so that its silence counts; absent for those that the admin API puts there. */
  hasRegistered?: true;
  /** The first member's holds for all agents of the pool. */
  architecture?: string;
  /** Operations that it takes; absent means all. */
  accept?: string[];
}

/** A run: one piece of queued, running or finished work. */
export interface HcpTerraformRun {
  id: string;
  workspaceId: string;
  status: string;
  planOnly: boolean;
  isDestroy: boolean;
  source: string;
  createdAt: string;
  work: Work;
}

/** Everything that the HCP Terraform plane knows. */
export interface HcpTerraformState {
  organizations: HcpTerraformOrganization[];
  projects: HcpTerraformProject[];
  workspaces: HcpTerraformWorkspace[];
  agentPools: HcpTerraformAgentPool[];
  runs: HcpTerraformRun[];
  /**
   * An update of a pool that leaves out `organization-scoped` sets it to true. The documentation of agent pools names
   * that default for updates as for creation; go-tfe leaves the attribute out and its users keep their scope.
   */
  updateResetsOmittedScope: boolean;
  agentTimeouts: HcpTerraformAgentTimeouts;
}
