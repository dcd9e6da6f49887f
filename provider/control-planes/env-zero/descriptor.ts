import { definePlane } from "../descriptor";
import { ProjectAssignments } from "./assignments";
import { OrganizationDefaultPool } from "./default-pool";
import { displayName } from "./dialect";
import { AgentPools } from "./pools";
import { projectTarget } from "./projects";
import { secretShapes } from "./secret-shapes";
import { service, settings } from "./service";
import { openSession } from "./session";
import { PoolSecrets } from "./tokens";

/** env zero: REST API. It shows no single agents and no queue. */
export const envZero = definePlane({
  kind: "env-zero",
  displayName,
  capabilities: {
    poolNoun: "agent pool",
    poolDescription: true,
    poolScope: false,
    logHosting: true,
    forceDestroy: false,
    tokenSlots: 2,
    defaultPool: "readable",
    organizationHasId: true,
    explicitHosted: false,
    agentOidc: false,
  },
  targets: { project: projectTarget },
  settings,
  secretShapes,
  service,
  open: openSession,
  parts: {
    pools: (session) => new AgentPools(session),
    tokens: (session) => new PoolSecrets(session),
    assignments: (session) => new ProjectAssignments(session),
    defaultPool: (session) => new OrganizationDefaultPool(session),
    organizationId: (session) => session.organization.id(),
  },
});
