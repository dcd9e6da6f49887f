import { homedir } from "node:os";
import { join } from "node:path";
import {
  firstGiven,
  isHttp,
  isSameService,
  normalizeUrl,
  secretSetting,
  textAt,
  urlSetting,
} from "../credentials/sources";
import type { OfferedCredential, ServiceDescription, Sources } from "../descriptor";

/** Stack configuration of Pulumi Cloud. */
export const settings = {
  pulumiCloudAccessToken: secretSetting(
    "Access token for Pulumi Cloud: for the service at `pulumiCloudUrl`, else for the one that the environment names, else for the public one. Default: `PULUMI_ACCESS_TOKEN`, then the login that `pulumi login` stored for the URL.",
  ),
  pulumiCloudUrl: urlSetting(
    "Base URL of a self-hosted Pulumi Cloud. Default: `PULUMI_BACKEND_URL` or `PULUMI_API` where it is an http URL, then that of the stored login, then Pulumi Cloud.",
  ),
};

const publicUrl = "https://api.pulumi.com";

/** The URLs of Pulumi Cloud, and its credentials, under the names that Pulumi's own command line uses. */
export const service: ServiceDescription = {
  publicUrl,
  urlSources:
    "controlPlane.url, runner-pools:pulumiCloudUrl, PULUMI_BACKEND_URL, PULUMI_API and `pulumi login`",
  credentialSources: ["runner-pools:pulumiCloudAccessToken", "PULUMI_ACCESS_TOKEN"],
  credentialFields: ["token"],

  configuredUrl(sources) {
    const current = textAt(storedLogin(sources), "current");
    return firstGiven(sources.settings["pulumiCloudUrl"], environmentUrl(sources), [current].find(isHttp));
  },

  credentials(url, sources) {
    const offers: OfferedCredential[] = [];
    const environmentService = environmentUrl(sources) ?? publicUrl;
    const configured = sources.settings["pulumiCloudAccessToken"];
    if (configured) {
      offers.push({
        source: "runner-pools:pulumiCloudAccessToken",
        belongsTo: firstGiven(sources.settings["pulumiCloudUrl"]) ?? environmentService,
        credential: { token: configured },
      });
    }
    const token = sources.environment["PULUMI_ACCESS_TOKEN"];
    if (token) {
      offers.push({
        source: "PULUMI_ACCESS_TOKEN",
        belongsTo: environmentService,
        credential: { token },
      });
    }
    const stored = storedToken(url, sources);
    if (stored)
      offers.push({ source: "the stored Pulumi login", belongsTo: url, credential: { token: stored } });
    return offers;
  },

  credentialWays(url, sources) {
    const isNamed = isSameService(url, environmentUrl(sources) ?? publicUrl);
    return isNamed
      ? "PULUMI_ACCESS_TOKEN, log in with `pulumi login`, or set the secret configuration runner-pools:pulumiCloudAccessToken"
      : `PULUMI_ACCESS_TOKEN and PULUMI_API=${url}, log in with \`pulumi login ${url}\`, or set the secret configuration runner-pools:pulumiCloudAccessToken and runner-pools:pulumiCloudUrl`;
  },
};

/** The URL that the environment names for Pulumi's service. The backend of the state may be no service at all. */
function environmentUrl({ environment }: Sources): string | undefined {
  return [environment["PULUMI_BACKEND_URL"], environment["PULUMI_API"]].find(isHttp);
}

function storedLogin({ environment, readJson }: Sources): unknown {
  return readJson(join(environment["PULUMI_HOME"] || join(homedir(), ".pulumi"), "credentials.json"));
}

/** The command line keeps its tokens by URL. */
function storedToken(url: string, sources: Sources): string | undefined {
  const { accounts, accessTokens } = Object(storedLogin(sources)) as Record<string, unknown>;
  for (const part of [accounts, accessTokens]) {
    const key = Object.keys(Object(part)).find(
      (candidate) => isHttp(candidate) && normalizeUrl(candidate) === url,
    );
    const token = key && (textAt(part, key, "accessToken") ?? textAt(part, key));
    if (token) return token;
  }
  return undefined;
}
