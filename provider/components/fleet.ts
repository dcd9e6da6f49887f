import { z } from "zod";
import type { ControlPlaneKind } from "../control-planes/planes";

/** The vendors' agents, by the names of the control planes that they serve. */
const agentKinds = [
  "pulumi-cloud",
  "env-zero",
  "hcp-terraform",
] as const satisfies readonly ControlPlaneKind[];

/** Text that must not be empty. */
const text = () => z.string().min(1, "must not be empty");

/** Certificates as PEM. What is given by mistake is mostly the path of a file. */
export const certificatesText = () =>
  z
    .string()
    .regex(
      /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END /,
      "must be PEM text that begins with -----BEGIN CERTIFICATE-----: give what the file contains, not its path",
    );

/** The tag of an image. */
export const imageTag = () =>
  z
    .string()
    .regex(
      /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/,
      "must be the tag of an image, like 1.30.2; a digest goes into `digest`",
    );

/** Pins an image besides its tag. */
export const imageDigest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, "must look like sha256:<64 hexadecimal digits>")
  .optional()
  .describe("Digest of the image. With it a tag that was moved cannot bring another image.")
  .meta({ plain: true });

/** Which agent a fleet runs, and how. The argument that every fleet has. */
export const fleetAgent = z
  .strictObject({
    kind: z
      .enum(agentKinds, { error: `must be one of ${agentKinds.join(", ")}` })
      .describe(
        "The control plane that the agent serves, which must be that of the pool: `pulumi-cloud` (Pulumi's customer-managed workflow agent), `env-zero` or `hcp-terraform` (HashiCorp's tfc-agent).",
      )
      .meta({ typeName: "AgentKind", plain: true }),
    version: imageTag()
      .describe(
        "Release of the agent: pin one. It is the tag of the image; for Pulumi's agent `2.3.0` means `v2.3.0`, too. `latest` is refused without `allowUnpinned`. env zero's agent: 4.2.0 or later.",
      )
      .meta({ plain: true }),
    digest: imageDigest,
    image: text()
      .optional()
      .describe(
        "Repository of the image without tag, for example in a registry of your own. Hosts must be able to pull it without a login, or have it. Default: the vendor's.",
      )
      .meta({ plain: true }),
    allowUnpinned: z
      .boolean()
      .optional()
      .describe(
        "Accepts `latest` (and `latest-amd64`) as version: whatever the tag means at the moment runs on the fleet. Default: false.",
      )
      .meta({ plain: true }),
    environment: z
      .record(z.string(), z.string())
      .optional()
      .describe(
        "More environment variables of the agent's process. Not for secrets, and not for what the fleet sets itself.",
      ),
    forwardEnvironment: z
      .array(text())
      .optional()
      .describe(
        "Names of the agent's environment variables that jobs may see too. Without it none (Pulumi, env zero). Not with tfc-agent, whose jobs see all of them.",
      ),
    proxy: z
      .strictObject({
        https: text().optional().describe("`HTTPS_PROXY` of the agent."),
        http: text().optional().describe("`HTTP_PROXY` of the agent."),
        noProxy: z
          .array(text())
          .optional()
          .describe("`NO_PROXY` of the agent: hosts that are reached directly."),
      })
      .optional()
      .describe("Proxies through which the agent reaches the control plane.")
      .meta({ typeName: "AgentProxy" }),
    certificateAuthorities: certificatesText()
      .optional()
      .describe("Certificate authorities, PEM, that the agent trusts besides those of its image."),
    pulumiCloud: z
      .strictObject({
        workflowTypes: z
          .array(
            z
              .enum(["deployment", "insights_scan", "policy_evaluation"])
              .describe("A kind of work of Pulumi Cloud.")
              .meta({ typeName: "WorkflowType" }),
          )
          .optional()
          .describe("Kinds of work that the agents take. Default: all."),
        pullJobImages: z
          .boolean()
          .optional()
          .describe(
            "Whether a job's image is pulled even if the host has it. Default: true, the agent's own.",
          ),
        pollingIntervalSeconds: z
          .int("must be a whole number of seconds")
          .min(1, "must be at least 1")
          .optional()
          .describe("How often agents ask for work, in seconds. Default: 60, the agent's own."),
      })
      .optional()
      .describe("Settings of Pulumi's agent.")
      .meta({ typeName: "PulumiCloudAgentSettings" }),
    hcpTerraform: z
      .strictObject({
        accept: z
          .array(text())
          .optional()
          .describe(
            "Kinds of operations that the agents take, for example `plan`. Default: the agent's own.",
          ),
        logLevel: z
          .enum(["debug", "info", "warn", "error"])
          .optional()
          .describe("How much agents log. Default: `info`. There is no `trace`: it may contain secrets.")
          .meta({ typeName: "HcpTerraformAgentLogLevel" }),
        single: z
          .boolean()
          .optional()
          .describe(
            "Whether an agent ends after one job and starts anew. On Docker it does so in the same container: what a job left in its home is still there. Default: false.",
          ),
      })
      .optional()
      .describe("Settings of tfc-agent.")
      .meta({ typeName: "HcpTerraformAgentSettings" }),
    envZero: z
      .strictObject({
        stateEncryptionKey: text()
          .describe(
            "Key, base64, with which agents encrypt state that env zero keeps. Losing it loses that state.",
          )
          .meta({ secret: true }),
      })
      .optional()
      .describe("Settings of env zero's agent, which needs them.")
      .meta({ typeName: "EnvZeroAgentSettings" }),
  })
  .describe("Which agent runs, and how.")
  .meta({ typeName: "FleetAgent", plain: "shape" });

/** Login without a static secret. */
export const fleetOidc = z
  .strictObject({
    tokenFile: z
      .string()
      .regex(/^\/.+\/[^/]+$/, "must be an absolute path below a folder")
      .describe(
        "File on the host that holds an OIDC token at all times: something on the host renews it. Its whole folder is visible to the agent, so that a renewed file is too. The agent is root without capabilities: the file must be root's, or readable to all.",
      ),
    expirationSeconds: z
      .int("must be a whole number of seconds")
      .min(1, "must be at least 1")
      .optional()
      .describe("How long a login lasts, in seconds. Default: the issuer's."),
  })
  .describe("How agents log in with OIDC. Pulumi's agent only.")
  .meta({ typeName: "AgentOidc", plain: "shape" });

/** The secret with which agents join the pool. */
export const fleetToken = text()
  .optional()
  .describe("The pool token with which agents join the pool. Either this or `oidc`.")
  // The value of a PoolToken is absent where somebody else made the token.
  .meta({ secret: true, absent: true });

/** Seconds of grace for jobs. */
export const drainTimeoutSeconds = z
  .int("must be a whole number of seconds")
  .min(0, "must not be below zero")
  .default(3600)
  .describe(
    "The longest job that must survive, in seconds: an agent that is to go takes no more work and has this long to finish what it has.",
  )
  .meta({ plain: true });
