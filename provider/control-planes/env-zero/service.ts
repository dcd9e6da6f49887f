import { firstGiven, isSameService, secretSetting, urlSetting } from "../credentials/sources";
import type { OfferedCredential, ServiceDescription, Sources } from "../descriptor";

/** Stack configuration of env zero. */
export const settings = {
  env0ApiKey: secretSetting(
    "API key id for env zero: for the service at `env0Url`, else for the one that the environment names, else for the public one. Default: `ENV0_API_KEY`.",
  ),
  env0ApiSecret: secretSetting("API key secret for env zero. Default: `ENV0_API_SECRET`."),
  env0Url: urlSetting("Base URL of env zero's API. Default: `ENV0_API_ENDPOINT`, then the public API."),
};

const publicUrl = "https://api.env0.com";

/** The URLs of env zero, and its credentials, under the names that its Terraform provider uses. */
export const service: ServiceDescription = {
  publicUrl,
  urlSources: "controlPlane.url, runner-pools:env0Url and ENV0_API_ENDPOINT",
  credentialSources: [
    "runner-pools:env0ApiKey",
    "runner-pools:env0ApiSecret",
    "ENV0_API_KEY",
    "ENV0_API_SECRET",
  ],
  credentialFields: ["apiKey", "apiSecret"],

  configuredUrl: (sources) => firstGiven(sources.settings["env0Url"], environmentUrl(sources)),

  credentials(_url, sources) {
    const { env0Url, env0ApiKey, env0ApiSecret } = sources.settings;
    const { ENV0_API_KEY, ENV0_API_SECRET } = sources.environment;
    const environmentService = environmentUrl(sources) ?? publicUrl;
    const configuredService = firstGiven(env0Url) ?? environmentService;
    const offers: OfferedCredential[] = [];
    const offer = (source: string, belongsTo: string, apiKey?: string, apiSecret?: string) => {
      if (apiKey && apiSecret) offers.push({ source, belongsTo, credential: { apiKey, apiSecret } });
    };
    // Half a credential in configuration is completed by the environment where both are for one service.
    const isOneService = isSameService(configuredService, environmentService);
    if (env0ApiKey || env0ApiSecret) {
      offer(
        "runner-pools:env0ApiKey with runner-pools:env0ApiSecret",
        configuredService,
        firstGiven(env0ApiKey, isOneService ? ENV0_API_KEY : undefined),
        firstGiven(env0ApiSecret, isOneService ? ENV0_API_SECRET : undefined),
      );
    }
    offer("ENV0_API_KEY with ENV0_API_SECRET", environmentService, ENV0_API_KEY, ENV0_API_SECRET);
    return offers;
  },

  credentialWays(url, sources) {
    const isNamed = isSameService(url, environmentUrl(sources) ?? publicUrl);
    const [variable, setting] = isNamed
      ? ["", ""]
      : [` and ENV0_API_ENDPOINT=${url}`, " and runner-pools:env0Url"];
    return `ENV0_API_KEY and ENV0_API_SECRET${variable}, or the secret configuration runner-pools:env0ApiKey and runner-pools:env0ApiSecret${setting}`;
  },
};

function environmentUrl({ environment }: Sources): string | undefined {
  return firstGiven(environment["ENV0_API_ENDPOINT"]);
}
