import { emulatorCredentials, emulatorIds } from "./default-seed";

/**
 * Environment variables with which the vendors' tools and this library reach an emulator that has the default seed.
 * `PULUMI_BACKEND_URL` is left out on purpose: it would move Pulumi's own state there. `PULUMI_API` only names the
 * service for tools that manage it, and `TFE_HOSTNAME` needs an emulator with TLS for Terraform's provider.
 *
 * @param url address of the emulator, e.g. `http://127.0.0.1:8080`
 */
export function emulatorEnvironment(url: string): Record<string, string> {
  return {
    PULUMI_ACCESS_TOKEN: emulatorCredentials.pulumiCloudAccessToken,
    PULUMI_API: url,
    TFE_TOKEN: emulatorCredentials.hcpTerraformToken,
    TFE_ADDRESS: url,
    TFE_HOSTNAME: new URL(url).host,
    ENV0_API_KEY: emulatorCredentials.envZeroApiKey,
    ENV0_API_SECRET: emulatorCredentials.envZeroApiSecret,
    ENV0_API_ENDPOINT: url,
    ENV0_ORGANIZATION_ID: emulatorIds.envZeroOrganizationId,
  };
}

/**
 * The same as configuration of a stack or of a provider (`runner-pools:<key>`), where the environment says nothing. Each
 * credential is sent only to the service that is named beside it.
 *
 * @param url address of the emulator, e.g. `http://127.0.0.1:8080`
 */
export function emulatorSettings(url: string): Record<string, string> {
  return {
    pulumiCloudAccessToken: emulatorCredentials.pulumiCloudAccessToken,
    pulumiCloudUrl: url,
    hcpTerraformToken: emulatorCredentials.hcpTerraformToken,
    hcpTerraformUrl: url,
    envZeroApiKey: emulatorCredentials.envZeroApiKey,
    envZeroApiSecret: emulatorCredentials.envZeroApiSecret,
    envZeroUrl: url,
  };
}
