import type { Plane } from "../../emulator/exchange.ts";

/** Something that exists although the description that we have doesn't know it. */
interface Undescribed {
  plane: Plane;
  /** `METHOD /path`, `*` stands for one part of the path. */
  routes: string[];
  reason: string;
}

/** Where the description and what is known of the service differ. */
interface Difference {
  plane: Plane;
  /** Ids as the description has them. */
  operations: string[] | "any";
  /** `request`, `response <status>` or `status <status>`. */
  what: RegExp;
  /** Matched against the JSON pointer of the value and ajv's message with its details. */
  problem: RegExp;
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

/** Known differences, each with the reason to side with reality. */
export const differences: Difference[] = [
  {
    plane: "pulumi-cloud",
    operations: ["GetDeploymentSettings", "PatchDeploymentSettings", "ReplaceDeploymentSettings"],
    what: /^response 200$/,
    problem: /\/(environmentVariables\/[^/]+|password|accessToken|sshPrivateKey|userName)(\/| )/,
    reason:
      "pulumi/pulumi reads ciphertext as text and plain values as bare text (apitype.SecretValue), not as described",
  },
  {
    plane: "pulumi-cloud",
    operations: ["EncryptDeploymentSettingsSecret"],
    what: /^response 200$/,
    problem: /^\/ciphertext must be array/,
    reason: "pulumi/pulumi reads ciphertext as text; the description shows a Go byte slice as an array",
  },
  {
    plane: "pulumi-cloud",
    operations: ["PatchDeploymentSettings"],
    what: /^request$/,
    problem: /must be (string|object) /,
    reason: "merge-patch removes with null, which the operation's own text says and its schema does not",
  },
  {
    plane: "pulumi-cloud",
    operations: ["PatchDeploymentSettings", "ReplaceDeploymentSettings"],
    what: /^request$/,
    problem: /environmentVariables\/[^/]+ must (be object|have required property 'secret')/,
    reason: "pulumi/pulumi writes plain values as bare text and `{isSecret, value}` from version 9 on",
  },
  {
    plane: "pulumi-cloud",
    operations: ["CreateOrgAgentPool", "PatchOrgAgentPool"],
    what: /^request$/,
    problem: /must have required property '(description|name)'/,
    reason: "pulumi-pulumiservice omits an empty description; PATCH is documented to keep what is omitted",
  },
  {
    plane: "pulumi-cloud",
    operations: ["CreateOrgToken"],
    what: /^request$/,
    problem: /must have required property '(expires|admin|description)'/,
    reason: "pulumi-pulumiservice omits them",
  },
  {
    plane: "pulumi-cloud",
    operations: ["FetchRestSpecification"],
    what: /^response 200$/,
    problem: /^\/ must be array/,
    reason: "`pulumi api` reads an OpenAPI document; the description says a byte array",
  },
  {
    plane: "pulumi-cloud",
    operations: ["Token"],
    what: /^request$/,
    problem: /^\/[a-z_]+ must be object/,
    reason: "the operation's own text names its parameters, which are text; its schema has objects",
  },
  {
    plane: "pulumi-cloud",
    operations: ["RegisterOidcIssuer"],
    what: /^(request|response 200)$/,
    problem: /^\/jwks\/keys\/\d+ must have required property/,
    reason: "the schema shows the fields of a Go struct, which travels as the JSON Web Key of RFC 7517",
  },
  {
    plane: "pulumi-cloud",
    operations: ["UpdateAuthPolicy"],
    what: /^(request|response 200)$/,
    problem: /^\/policies\/\d+\/rules\/[^/]+ must be object/,
    reason: "the documentation and Pulumi's own provider write patterns as text",
  },
  {
    plane: "hcp-terraform",
    operations: ["createAgentPool"],
    what: /^status 201$/,
    problem: /^$/,
    reason: "the agents API documentation says 201, the description 200; clients have to take both",
  },
  {
    plane: "hcp-terraform",
    operations: "any",
    what: /^response 20[01]$/,
    problem: /\/relationships\/[a-z-]+\/data must be object/,
    reason: "JSON:API writes null for an empty to-one relationship, as the documentation's examples do",
  },
  {
    plane: "hcp-terraform",
    operations: ["removeWorkspaceTags"],
    what: /^request$/,
    problem: /^\/data\/\d+ must have required property 'id'/,
    reason: "go-tfe names tags by id or by name",
  },
  {
    plane: "hcp-terraform",
    operations: ["createAgentToken"],
    what: /^request$/,
    problem: /^\/data\/type must be equal/,
    reason: "go-tfe writes type agent-tokens, which the service takes",
  },
  {
    plane: "env-zero",
    operations: "any",
    what: /^response 200$/,
    problem: /must NOT have additional properties/,
    reason: "the description is of 2022 and closed; the vendor's provider reads fields that came later",
  },
  {
    plane: "env-zero",
    operations: "any",
    what: /^request$/,
    problem: /must NOT have additional properties \((tags|parentProjectId)\)/,
    reason: "as above: the vendor's provider sends them",
  },
  {
    plane: "env-zero",
    operations: ["findAll", "findDeploymentLogsByEnvironmentId"],
    what: /^response 200$/,
    problem: /must have required property/,
    reason: "emulated only as far as queued work needs: id, status, type and times",
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
