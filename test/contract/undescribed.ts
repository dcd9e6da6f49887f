import type { Plane } from "../../emulator/exchange.ts";

/** Something that exists although the description that we have doesn't know it. */
interface Undescribed {
  plane: Plane;
  /** `METHOD /path`, `*` stands for one part of the path. */
  routes: string[];
  reason: string;
}

/** Operations that no description has, each with the source that knows it. */
export const undescribed: Undescribed[] = [
  {
    plane: "hcp-terraform",
    routes: ["GET /.well-known/terraform.json"],
    reason: "Terraform's remote service discovery protocol, outside the API proper",
  },
  {
    plane: "hcp-terraform",
    routes: [
      "GET /api/v2/ping",
      "GET /api/v2/organizations/*/capacity",
      "GET /api/v2/organizations/*/entitlement-set",
      "GET /api/v2/organizations/*/runs/queue",
    ],
    reason: "called by go-tfe 1.109 (tfe.go, organization.go); the description is a beta and incomplete",
  },
  {
    plane: "hcp-terraform",
    routes: [
      "GET /api/v2/workspaces/*/tag-bindings",
      "PATCH /api/v2/workspaces/*/tag-bindings",
      "GET /api/v2/projects/*/tag-bindings",
      "PATCH /api/v2/projects/*/tag-bindings",
    ],
    reason:
      "go-tfe 1.109 (workspace.go, project.go) calls them here, the description has them under relationships/",
  },
  {
    plane: "env-zero",
    routes: [
      "POST /agents",
      "GET /agents/*",
      "PATCH /agents/*",
      "DELETE /agents/*",
      "GET /agents/*/secrets",
      "POST /agents/*/secrets",
      "DELETE /agents/*/secrets/*",
    ],
    reason:
      "self-service agents came in 2026 (terraform-provider-env0, client/agent.go); the description is of 2022",
  },
  {
    plane: "env-zero",
    routes: ["GET /api-keys/oidc-sub"],
    reason:
      "read by the provider's data source of the organization (terraform-provider-env0, client/api_key.go)",
  },
  {
    plane: "env-zero",
    routes: ["POST /projects/*/move"],
    reason: "sub-projects are younger than the description (terraform-provider-env0, client/project.go)",
  },
  {
    plane: "pulumi-cloud",
    routes: [
      "GET /api/background-activities/token",
      "POST /api/background-activities/configuration",
      "POST /api/background-activities/worker/lease/acquire",
      "POST /api/agent-workflows/deployment",
      "POST /api/agent-workflows/*/check",
      "GET /api/workflow/jobs/*",
      "POST /api/workflow/jobs/*/heartbeat",
      "PATCH /api/workflow/jobs/*/*/status",
      "POST /api/workflow/jobs/*/*/logs",
    ],
    reason:
      "seen on the wire of the workflow agent 2.2.0 by viniciusmiguel/HappyPumi; the description leaves them out",
  },
  {
    plane: "hcp-terraform",
    routes: ownAgentRoutes("hcp-terraform"),
    reason: "the emulator's own, for a stand-in agent: what tfc-agent calls is unpublished",
  },
  {
    plane: "env-zero",
    routes: ownAgentRoutes("env-zero"),
    reason: "the emulator's own, for a stand-in agent: what env zero's agent calls is unpublished",
  },
];

/** True for a request to an operation of the table above. */
export function isUndescribed(plane: Plane, method: string, path: string): boolean {
  const request = `${method} ${path}`;
  return undescribed.some(
    (entry) => entry.plane === plane && entry.routes.some((route) => routePattern(route).test(request)),
  );
}

function ownAgentRoutes(plane: Plane): string[] {
  const base = `POST /_emulator/agents/${plane}`;
  const job = `${base}/*/jobs/*`;
  return [base, `${base}/*/poll`, `${base}/*/exit`, `${job}/heartbeat`, `${job}/finish`];
}

function routePattern(route: string): RegExp {
  return new RegExp(`^${route.replace(/[.]/g, "\\.").replace(/\*/g, "[^/]+")}$`);
}
