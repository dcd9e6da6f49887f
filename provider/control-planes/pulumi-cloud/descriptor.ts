import { definePlane } from "../descriptor";
import { PoolAgents } from "./agents";
import { PoolAssignments } from "./assignments";
import { OrganizationDefaultPool } from "./default-pool";
import { DeploymentDemand } from "./demand";
import { displayName } from "./dialect";
import { insightsAccountTarget } from "./insights-accounts";
import { policyGroupTarget } from "./policy-groups";
import { AgentPools } from "./pools";
import { secretShapes } from "./secret-shapes";
import { service, settings } from "./service";
import { openSession } from "./session";
import { stackTarget } from "./stacks";

/** Pulumi Cloud, or a self-hosted Pulumi Cloud: REST API. */
export const pulumiCloud = definePlane({
  kind: "pulumi-cloud",
  displayName,
  capabilities: {
    poolNoun: "agent pool",
    poolDescription: true,
    poolScope: false,
    logHosting: false,
    forceDestroy: true,
    defaultPool: "settable",
    organizationHasId: false,
    explicitHosted: false,
    agentOidc: true,
  },
  targets: {
    stack: stackTarget,
    insightsAccount: insightsAccountTarget,
    policyGroup: policyGroupTarget,
  },
  settings,
  secretShapes,
  service,
  open: openSession,
  parts: {
    pools: (session) => new AgentPools(session),
    assignments: (session) => new PoolAssignments(session),
    defaultPool: (session) => new OrganizationDefaultPool(session),
    agents: (session) => new PoolAgents(session),
    demand: (session) => new DeploymentDemand(session),
  },
});
