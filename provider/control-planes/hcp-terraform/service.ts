import { homedir } from "node:os";
import { join } from "node:path";
import { firstGiven, isSameService, secretSetting, textAt, urlSetting } from "../credentials/sources";
import type { OfferedCredential, ServiceDescription, Sources } from "../descriptor";

/** Stack configuration of HCP Terraform. */
export const settings = {
  hcpTerraformToken: secretSetting(
    "API token for HCP Terraform: that of a user or of a team that may manage agent pools. It is for the service at `hcpTerraformUrl`, else for the one that the environment names, else for the public one. Default: `TF_TOKEN_<host>`, `TFE_TOKEN`, then the login that `terraform login` stored for the host.",
  ),
  hcpTerraformUrl: urlSetting(
    "Base URL of Terraform Enterprise or of a region. Default: `TFE_ADDRESS`, `TFE_HOSTNAME`, then HCP Terraform.",
  ),
};

const publicUrl = "https://app.terraform.io";

/** The URLs of HCP Terraform or Terraform Enterprise, and their credentials, under the names that Terraform and its provider use. */
export const service: ServiceDescription = {
  publicUrl,
  urlSources: "controlPlane.url, runner-pools:hcpTerraformUrl, TFE_ADDRESS and TFE_HOSTNAME",
  credentialSources: ["runner-pools:hcpTerraformToken", "TF_TOKEN_<host>", "TFE_TOKEN"],
  credentialFields: ["token"],

  configuredUrl: (sources) => firstGiven(sources.settings["hcpTerraformUrl"], environmentUrl(sources)),

  credentials(url, sources) {
    const offers: OfferedCredential[] = [];
    const offer = (source: string, belongsTo: string, token: string | undefined) => {
      if (token) offers.push({ source, belongsTo, credential: { token } });
    };
    const environmentService = environmentUrl(sources) ?? publicUrl;
    const { hcpTerraformToken, hcpTerraformUrl } = sources.settings;
    offer(
      "runner-pools:hcpTerraformToken",
      firstGiven(hcpTerraformUrl) ?? environmentService,
      hcpTerraformToken,
    );
    for (const variable of tokenVariables(url, sources)) offer(variable, url, sources.environment[variable]);
    offer("TFE_TOKEN", environmentService, sources.environment["TFE_TOKEN"]);
    offer("the stored Terraform login", url, storedToken(url, sources));
    return offers;
  },

  credentialWays(url, sources) {
    const { host } = new URL(url);
    const isNamed = isSameService(url, environmentUrl(sources) ?? publicUrl);
    const variables = isNamed
      ? `TFE_TOKEN or ${variableOf(url)}`
      : `${variableOf(url)}, or TFE_TOKEN and TFE_ADDRESS=${url}`;
    const configuration = isNamed
      ? "runner-pools:hcpTerraformToken"
      : "runner-pools:hcpTerraformToken and runner-pools:hcpTerraformUrl";
    return `${variables}, log in with \`terraform login ${host}\`, or set the secret configuration ${configuration}`;
  },
};

/** The URL that the environment names. Both variables are those of Terraform's `tfe` provider and of `go-tfe`. */
function environmentUrl({ environment }: Sources): string | undefined {
  const host = environment["TFE_HOSTNAME"];
  return firstGiven(environment["TFE_ADDRESS"], host && `https://${host}`);
}

/**
 * The variables `TF_TOKEN_<host>` that there are for a service, what names its port first. Terraform writes a dot as `_`
 * and a hyphen as `__` or as it is; a host of letters beyond ASCII in either of its forms. Few shells take a colon in a
 * name, so a name without a port is for all ports of its host.
 * @see https://developer.hashicorp.com/terraform/cli/config/config-file#environment-variable-credentials
 */
function tokenVariables(url: string, { environment }: Sources): readonly string[] {
  const { host, hostname } = new URL(url);
  const names = Object.keys(environment).filter((name) => name.startsWith(prefix));
  return [host, hostname].flatMap((own) => names.filter((name) => hostOf(name) === own));
}

const prefix = "TF_TOKEN_";

function hostOf(variable: string): string | undefined {
  const host = variable.slice(prefix.length).replaceAll("__", "-").replaceAll("_", ".");
  const url = `https://${host}`;
  return URL.canParse(url) ? new URL(url).host : undefined;
}

function variableOf(url: string): string {
  return prefix + new URL(url).hostname.replaceAll("-", "__").replaceAll(".", "_");
}

/** `terraform login` keeps tokens by host. */
function storedToken(url: string, { environment, readJson }: Sources): string | undefined {
  const { host } = new URL(url);
  const folder = environment["APPDATA"]
    ? join(environment["APPDATA"], "terraform.d")
    : join(homedir(), ".terraform.d");
  return textAt(readJson(join(folder, "credentials.tfrc.json")), "credentials", host, "token");
}
