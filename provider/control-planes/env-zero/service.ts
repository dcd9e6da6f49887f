import { firstGiven, isSameService, secretSetting, urlSetting } from "../credentials/sources";
import type { OfferedCredential, ServiceDescription, Sources } from "../descriptor";

/** Stack configuration of env zero. */
export const settings = {
  envZeroApiKey: secretSetting(
    "API key id for env zero: for the service at `envZeroUrl`, else for the one that the environment names, else for the public one. Default: `ENV0_API_KEY`.",
  ),
  envZeroApiSecret: secretSetting("API key secret for env zero. Default: `ENV0_API_SECRET`."),
  envZeroUrl: urlSetting("Base URL of env zero's API. Default: `ENV0_API_ENDPOINT`, then the public API."),
};

const publicUrl = "https://api.env0.com";

/** The URLs of env zero, and its credentials, under the names that its Terraform provider uses. */
export const service: ServiceDescription = {
  publicUrl,
  urlSources: "controlPlane.url, runner-pools:envZeroUrl and ENV0_API_ENDPOINT",
  credentialSources: [
    "runner-pools:envZeroApiKey",
    "runner-pools:envZeroApiSecret",
    "ENV0_API_KEY",
    "ENV0_API_SECRET",
  ],
  credentialFields: ["apiKey", "apiSecret"],

  configuredUrl: (sources) => firstGiven(sources.settings["envZeroUrl"], environmentUrl(sources)),

  credentials(_url, sources) {
    const { envZeroUrl, envZeroApiKey, envZeroApiSecret } = sources.settings;
    const { ENV0_API_KEY, ENV0_API_SECRET } = sources.environment;
    const environmentService = environmentUrl(sources) ?? publicUrl;
    const configuredService = firstGiven(envZeroUrl) ?? environmentService;
    const offers: OfferedCredential[] = [];
    const offer = (source: string, belongsTo: string, apiKey?: string, apiSecret?: string) => {
      if (apiKey && apiSecret) offers.push({ source, belongsTo, credential: { apiKey, apiSecret } });
    };
    // Half a credential in configuration is completed by the environment where both are for one service.
    const isOneService = isSameService(configuredService, environmentService);
    if (envZeroApiKey || envZeroApiSecret) {
      offer(
        "runner-pools:envZeroApiKey with runner-pools:envZeroApiSecret",
        configuredService,
        firstGiven(envZeroApiKey, isOneService ? ENV0_API_KEY : undefined),
        firstGiven(envZeroApiSecret, isOneService ? ENV0_API_SECRET : undefined),
      );
    }
    offer("ENV0_API_KEY with ENV0_API_SECRET", environmentService, ENV0_API_KEY, ENV0_API_SECRET);
    return offers;
  },

  credentialWays(url, sources) {
    const isNamed = isSameService(url, environmentUrl(sources) ?? publicUrl);
    const [variable, setting] = isNamed
      ? ["", ""]
      : [` and ENV0_API_ENDPOINT=${url}`, " and runner-pools:envZeroUrl"];
    return `ENV0_API_KEY and ENV0_API_SECRET${variable}, or the secret configuration runner-pools:envZeroApiKey and runner-pools:envZeroApiSecret${setting}`;
  },
};

function environmentUrl({ environment }: Sources): string | undefined {
  return firstGiven(environment["ENV0_API_ENDPOINT"]);
}
