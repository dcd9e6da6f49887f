import { z } from "zod";
import type { Settings } from "./credentials";

const url = (description: string) =>
  z
    .url({ protocol: /^https?$/, error: "must be an http or https URL" })
    .optional()
    .describe(description);
const secret = (description: string) => z.string().optional().describe(description).meta({ secret: true });

/**
 * Configuration of a provider, in stack configuration as `runner-pools:<key>`. Environment variables are looked up by the
 * provider itself and named in no schema: an SDK would copy their values into state.
 */
export const providerConfiguration = z.strictObject({
  pulumiAccessToken: secret(
    "Access token for Pulumi Cloud. Default: `PULUMI_ACCESS_TOKEN`, then the login that `pulumi login` stored.",
  ),
  pulumiUrl: url(
    "Base URL of a self-hosted Pulumi Cloud. Default: `PULUMI_BACKEND_URL` or `PULUMI_API` where it is an http URL, then that of the stored login, then Pulumi Cloud.",
  ),
  tfeToken: secret(
    "API token for HCP Terraform: that of a user or of a team that may manage agent pools. Default: `TFE_TOKEN`, `TF_TOKEN_<host>`, then the login that `terraform login` stored.",
  ),
  tfeUrl: url(
    "Base URL of Terraform Enterprise or of a region. Default: `TFE_ADDRESS`, `TFE_HOSTNAME`, then HCP Terraform.",
  ),
  env0ApiKey: secret("API key id for env zero. Default: `ENV0_API_KEY`."),
  env0ApiSecret: secret("API key secret for env zero. Default: `ENV0_API_SECRET`."),
  env0Url: url("Base URL of env zero's API. Default: `ENV0_API_ENDPOINT`, then the public API."),
} satisfies Record<keyof Settings, z.ZodType>);
