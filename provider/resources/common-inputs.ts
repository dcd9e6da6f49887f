import { z } from "zod";
import { controlPlaneKinds } from "../control-planes/kinds";

/** Which organization on which control plane; the argument that every resource has. */
export const controlPlane = z
  .strictObject({
    kind: z
      .enum(controlPlaneKinds, { error: `must be one of ${controlPlaneKinds.join(", ")}` })
      .describe(
        "The control plane: `pulumi-cloud`, `env-zero` or `hcp-terraform` (which includes Terraform Enterprise).",
      )
      .meta({ typeName: "ControlPlaneKind" }),
    organization: z
      .string()
      .min(1, "must not be empty")
      .regex(
        /^[^/\s]+$/,
        "must be the organization's name (for env zero its name or id), without slashes or spaces",
      )
      .describe("Name of the organization; for env zero its name or its id."),
    url: z
      .url({ protocol: /^https?$/, error: "must be an http or https URL" })
      .refine((url) => isBare(url), "must be a base URL without credentials, path or query")
      .optional()
      .describe(
        "Base URL of a self-hosted or regional service, without a path. Default: from the environment (`PULUMI_BACKEND_URL`, `TFE_ADDRESS` or `TFE_HOSTNAME`, `ENV0_API_ENDPOINT`), else the vendor's public service.",
      ),
  })
  .describe(
    "The organization that the resource belongs to. Credentials are no argument: they come from the environment or from secret stack configuration.",
  )
  .meta({ typeName: "ControlPlane" });

/** Credentials in a URL would end in state and messages, and a path is added by us. */
function isBare(url: string): boolean {
  if (!URL.canParse(url)) return true;
  const { username, password, pathname, search, hash } = new URL(url);
  return [username, password, search, hash].every((part) => part === "") && pathname === "/";
}

/** Reference to a runner pool, by the id of a `RunnerPool` or by the vendor's own id. */
export const poolReference = z
  .string()
  .min(1, "must not be empty")
  .describe(
    "The runner pool: the `id` of a `RunnerPool`, or the control plane's own id of a pool that was made elsewhere.",
  )
  .meta({ reference: "RunnerPool" });
