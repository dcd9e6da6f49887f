import { definePlane } from "../descriptor";
import { PoolAgents } from "./agents";
import { TargetAssignments } from "./assignments";
import { OrganizationDefaultPool } from "./default-pool";
import { RunDemand } from "./demand";
import { displayName } from "./dialect";
import { AgentPools } from "./pools";
import { secretShapes } from "./secret-shapes";
import { service, settings } from "./service";
import { openSession } from "./session";
import { workspaceTag } from "./tag-filter";
import { AgentTokens } from "./tokens";

/** HCP Terraform and Terraform Enterprise, API v2. */
export const hcpTerraform = definePlane({
  kind: "hcp-terraform",
  displayName,
  capabilities: {
    poolNoun: "agent pool",
    poolDescription: false,
    poolName: { pattern: /^[A-Za-z0-9_-]+$/, words: "letters, digits, hyphens and underscores" },
    poolScope: true,
    logHosting: false,
    forceDestroy: false,
    defaultPool: "settable",
    organizationHasId: false,
    explicitHosted: true,
    agentOidc: false,
  },
  targets: {
    workspace: {
      plural: "workspaces",
      description: "a workspace, by its name or its id (`ws-…`).",
      name: { pattern: /^[A-Za-z0-9_-]+$/, words: "letters, digits, hyphens and underscores" },
      filters: ["tag", "project"],
      tag: workspaceTag,
    },
    project: {
      plural: "projects",
      description: "a project, whose workspaces inherit its pool, by its name or its id (`prj-…`).",
      name: {
        pattern: /^[A-Za-z0-9_-]+(?: +[A-Za-z0-9_-]+)*$/,
        words: "letters, digits, hyphens, underscores, and spaces between them",
      },
      filters: [],
    },
  },
  settings,
  secretShapes,
  service,
  open: openSession,
  parts: {
    pools: ({ api, organization, poolDocuments }) => new AgentPools(api, organization, poolDocuments),
    tokens: ({ api, poolDocuments }) => new AgentTokens(api, poolDocuments),
    assignments: (session) => new TargetAssignments(session),
    defaultPool: (session) => new OrganizationDefaultPool(session),
    agents: ({ api }) => new PoolAgents(api),
    demand: (session) => new RunDemand(session),
    organizationId: async ({ organization }) => organization.identity,
  },
});
