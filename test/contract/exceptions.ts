import type { Plane } from "../../emulator/exchange.ts";

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
    operations: ["UpdateAccount"],
    what: /^request$/,
    problem: /must have required property 'environment'/,
    reason:
      "the operation's own text makes all fields optional and updates only those provided; its schema does not",
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
