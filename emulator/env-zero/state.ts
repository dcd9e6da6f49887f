import type { EnvZeroAgentTimeouts } from "../agent-timeouts";
import type { Json } from "../exchange";
import type { Work } from "../work";

/** An organization of env zero. */
export interface EnvZeroOrganization {
  id: string;
  name: string;
  createdAt: string;
  /** Agent that unassigned projects use: an agent's id, or `ENV0_DEFAULT` for env zero's own runners. */
  defaultAgent: string;
}

/** An agent pool; env zero calls it an agent. */
export interface EnvZeroAgent {
  id: string;
  organizationId: string;
  /** Key of a pool that is older than self-service: assignments show it in place of the id. Absent: the id is the key. */
  agentKey?: string;
  /** Such a pool of which lists show the key and nothing else. Its id here is the key. */
  isListedByKeyAlone?: true;
  name: string;
  description: string;
  createdBy: string;
  logs: Json;
  secrets: EnvZeroAgentSecret[];
  /** What monitoring shows; env zero has no list of single agents. */
  status: "ACTIVE" | "INACTIVE" | "DEGRADED";
  version?: string;
  /** Containers that joined with a secret. No API of env zero shows them. */
  instances: EnvZeroInstance[];
}

/** One running agent of a pool. */
export interface EnvZeroInstance {
  id: string;
  /** Host name. */
  name: string;
  lastSeenAt: string;
}

/** A secret with which agents join a pool. Its value is not kept, only its digest. */
export interface EnvZeroAgentSecret {
  id: string;
  description: string;
  createdAt: string;
  createdBy: string;
  digest: string;
}

/** A project. */
export interface EnvZeroProject {
  id: string;
  organizationId: string;
  name: string;
  description: string;
  parentProjectId?: string;
  tags: string[];
  isArchived: boolean;
  createdAt: string;
  updatedAt: string;
  createdBy: string;
  /** Agent that the project is assigned to; absent means the organization's default. */
  agentId?: string;
}

/** An environment, as far as queued work needs one. */
export interface EnvZeroEnvironment {
  id: string;
  projectId: string;
  name: string;
  deployments: EnvZeroDeployment[];
}

/** A deployment of an environment. */
export interface EnvZeroDeployment {
  id: string;
  type: string;
  status: "QUEUED" | "IN_PROGRESS" | "WAITING_FOR_USER" | "SUCCESS" | "FAILURE" | "CANCELLED";
  startedAt: string;
  work: Work;
}

/** Everything that the env zero plane knows. */
export interface EnvZeroState {
  organizations: EnvZeroOrganization[];
  agents: EnvZeroAgent[];
  projects: EnvZeroProject[];
  environments: EnvZeroEnvironment[];
  agentTimeouts: EnvZeroAgentTimeouts;
}
