import { z } from "zod";
import { controlPlaneKinds } from "../control-planes/planes";

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
        "Base URL of a self-hosted or regional service, without a path. Default: from stack configuration (`runner-pools:pulumiCloudUrl`, `hcpTerraformUrl`, `envZeroUrl`), else from the environment (`PULUMI_BACKEND_URL` or `PULUMI_API`, `TFE_ADDRESS` or `TFE_HOSTNAME`, `ENV0_API_ENDPOINT`), else the vendor's public service.",
      ),
  })
  .describe(
    "The organization that the resource belongs to. Credentials are not an argument: they come from secret stack configuration, the environment or a stored login.",
  )
  .meta({ typeName: "ControlPlane" });

/** Credentials in a URL would end in state and messages, and a path is added by us. */
function isBare(url: string): boolean {
  if (!URL.canParse(url)) return true;
  const { username, password, pathname, search, hash } = new URL(url);
  return [username, password, search, hash].every((part) => part === "") && pathname === "/";
}

/** {@link controlPlane} of what has a pool, whose id names it. */
export const controlPlaneOfPool = controlPlane
  .describe(
    "The organization that the pool belongs to. Where `pool` is a `RunnerPool` (TypeScript) or the id of one, it may be left out: that names it. An id does not tell the URL of a service that is not the configured one; there, pass the `controlPlane` of the `RunnerPool`.",
  )
  .meta({ defaultsToPool: true });

/** Reference to a runner pool, by the id of a `RunnerPool` or by the vendor's own id. */
export const poolReference = z
  .string()
  .min(1, "must not be empty")
  .describe(
    "The runner pool: the `id` of a `RunnerPool`, or the control plane's own id of a pool that was made elsewhere, which takes `controlPlane` besides.",
  )
  .meta({ reference: "RunnerPool" });

/** What a released target uses afterwards. */
export const onDestroy = z
  .enum(["inherit", "hosted"], { error: "must be inherit or hosted" })
  .default("inherit")
  .describe(
    "What a target uses once its assignment ends. `inherit`: the pool of its project or organization, and the vendor's hosted runners where neither has one. `hosted`, on HCP Terraform only: the vendor's runners, whatever its project or organization has.",
  )
  .meta({ typeName: "Fallback" });

/** Whether an assignment takes a target from a pool of somebody else. */
export const overwrite = z
  .boolean()
  .default(false)
  .describe(
    "Whether a target may be taken from a pool that this program does not manage. With `false` the assignment of such a target fails with the names of both pools. A target that has this pool already is taken over as it is, in both cases.",
  );

/** How long a change of a target's pool waits for the target's running work. */
export const activeWorkTimeoutSeconds = z
  .int("must be a whole number of seconds")
  .min(0, "must be at least 0")
  .default(900)
  .describe(
    "HCP Terraform only: how long to wait, in seconds, for a run that is under way in a workspace before the workspace's pool is changed or taken away. The vendor says that a planned run fails when the execution mode changes. When the time is over the change is refused; 0 refuses it at once.",
  );

/** The vendor's id of the pool, as an output. */
export const poolId = z.string().describe("The control plane's own id of the pool.");

/** What happens to a token that is revoked while agents use it. */
export const whenInUse = z
  .enum(["refuse", "wait", "revoke"], { error: "must be refuse, wait or revoke" })
  .optional()
  .describe(
    "HCP Terraform only, which tells when a token was last used: what happens when a token that an agent used in the last five minutes is to be revoked while the program keeps its pool. `refuse`: the deployment fails and the token stays valid. `wait`: the deployment waits until no agent has used it for one minute and then revokes it; if that does not happen within 15 minutes, the deployment fails and the token stays valid. Choose this where the fleet moves to the new token in the same deployment. `revoke`: it is revoked at once; tfc-agents that hold it exit, and their jobs fail. Default: `refuse`.",
  )
  .meta({ typeName: "TokenInUse" });
