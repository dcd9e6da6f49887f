import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { capabilities } from "./capabilities";
import type { ControlPlaneKind } from "./kinds";

/**
 * Provider configuration: the `runner-pools:*` keys of a stack, the same as secrets where they are secrets. What is
 * not set comes from the environment, under the names that the vendors' own tools use.
 */
export interface Settings {
  readonly pulumiAccessToken?: string | undefined;
  readonly pulumiUrl?: string | undefined;
  readonly tfeToken?: string | undefined;
  readonly tfeUrl?: string | undefined;
  readonly env0ApiKey?: string | undefined;
  readonly env0ApiSecret?: string | undefined;
  readonly env0Url?: string | undefined;
}

/** Every key of {@link Settings}. */
export const settingKeys = [
  "pulumiAccessToken",
  "pulumiUrl",
  "tfeToken",
  "tfeUrl",
  "env0ApiKey",
  "env0ApiSecret",
  "env0Url",
] as const satisfies readonly (keyof Settings)[];

export type Credentials =
  | { readonly kind: "pulumi-cloud"; readonly url: string; readonly token: string }
  | { readonly kind: "hcp-terraform"; readonly url: string; readonly token: string }
  | { readonly kind: "env-zero"; readonly url: string; readonly apiKey: string; readonly apiSecret: string };

/** What configuration or environment say cannot be used. The message says what to set. */
export class SettingsError extends Error {
  override readonly name: string = "SettingsError";
}

/** No credential was found. The message says in one sentence what to set. */
export class MissingCredentialsError extends SettingsError {
  override readonly name = "MissingCredentialsError";

  constructor(kind: ControlPlaneKind, url: string, ways: string) {
    super(`No credentials for ${capabilities[kind].displayName} at ${url}: set ${ways}.`);
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * URL and credential for a control plane. The credential comes from configuration, else environment, else the login
 * that the vendor's command line stored.
 */
export function resolveCredentials(
  kind: ControlPlaneKind,
  url: string | undefined,
  settings: Settings,
  environment: Environment = process.env,
): Credentials {
  const address = serviceUrl(kind, url, settings, environment);
  switch (kind) {
    case "pulumi-cloud":
      return pulumiCredentials(address, settings, environment);
    case "hcp-terraform":
      return terraformCredentials(address, settings, environment);
    case "env-zero":
      return envZeroCredentials(address, settings, environment);
  }
}

/** Base URL of a control plane: the argument's, else configuration, else environment, else the vendor's public service. */
export function serviceUrl(
  kind: ControlPlaneKind,
  url: string | undefined,
  settings: Settings,
  environment: Environment = process.env,
): string {
  const address = url || defaultUrl(kind, settings, environment);
  if (!isHttp(address) || !URL.canParse(address)) {
    throw new SettingsError(
      `The URL of ${capabilities[kind].displayName} is "${address}", which is no http or https URL: check ${urlSources[kind]}.`,
    );
  }
  // One spelling for each address: schemes and hosts have no case.
  const { origin, pathname } = new URL(address);
  return `${origin}${pathname.replace(/\/+$/, "")}`;
}

/** The vendors' services for everybody. */
export const publicUrls: Readonly<Record<ControlPlaneKind, string>> = {
  "pulumi-cloud": "https://api.pulumi.com",
  "hcp-terraform": "https://app.terraform.io",
  "env-zero": "https://api.env0.com",
};

/** Where a URL may come from, for messages. */
const urlSources: Readonly<Record<ControlPlaneKind, string>> = {
  "pulumi-cloud": "controlPlane.url, runner-pools:pulumiUrl, PULUMI_BACKEND_URL and PULUMI_API",
  "hcp-terraform": "controlPlane.url, runner-pools:tfeUrl, TFE_ADDRESS and TFE_HOSTNAME",
  "env-zero": "controlPlane.url, runner-pools:env0Url and ENV0_API_ENDPOINT",
};

/** A credential without the line break that a file or a copy may have left at its end. */
function usable(kind: ControlPlaneKind, credential: string): string {
  const text = credential.trim();
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw new SettingsError(
    `The credential of ${capabilities[kind].displayName} has spaces or other characters that none has: check ${capabilities[kind].credentialVariables}.`,
  );
}

function defaultUrl(kind: ControlPlaneKind, settings: Settings, environment: Environment): string {
  const publicUrl = publicUrls[kind];
  switch (kind) {
    case "pulumi-cloud": {
      const { PULUMI_BACKEND_URL: backend, PULUMI_API: api } = environment;
      const current = textAt(pulumiLogin(environment), "current");
      return settings.pulumiUrl || [backend, api, current].find(isHttp) || publicUrl;
    }
    case "hcp-terraform": {
      const { TFE_ADDRESS: address, TFE_HOSTNAME: host } = environment;
      return settings.tfeUrl || address || (host && `https://${host}`) || publicUrl;
    }
    case "env-zero":
      return settings.env0Url || environment["ENV0_API_ENDPOINT"] || publicUrl;
  }
}

function pulumiLogin(environment: Environment): unknown {
  return readJson(join(environment["PULUMI_HOME"] || join(homedir(), ".pulumi"), "credentials.json"));
}

function pulumiCredentials(address: string, settings: Settings, environment: Environment): Credentials {
  const login = pulumiLogin(environment);
  const token =
    settings.pulumiAccessToken ||
    environment["PULUMI_ACCESS_TOKEN"] ||
    textAt(login, "accounts", address, "accessToken") ||
    textAt(login, "accessTokens", address);
  if (token) return { kind: "pulumi-cloud", url: address, token: usable("pulumi-cloud", token) };
  throw new MissingCredentialsError(
    "pulumi-cloud",
    address,
    "PULUMI_ACCESS_TOKEN, log in with `pulumi login`, or set the secret configuration runner-pools:pulumiAccessToken",
  );
}

function terraformCredentials(address: string, settings: Settings, environment: Environment): Credentials {
  const host = new URL(address).host;
  // Terraform's rule for environment variables: dots become underscores, hyphens two of them.
  const hostVariable = `TF_TOKEN_${host.replaceAll("-", "__").replaceAll(".", "_")}`;
  const token =
    settings.tfeToken ||
    environment["TFE_TOKEN"] ||
    environment[hostVariable] ||
    textAt(readJson(join(homedir(), ".terraform.d", "credentials.tfrc.json")), "credentials", host, "token");
  if (token) return { kind: "hcp-terraform", url: address, token: usable("hcp-terraform", token) };
  throw new MissingCredentialsError(
    "hcp-terraform",
    address,
    `TFE_TOKEN or ${hostVariable}, log in with \`terraform login ${host}\`, or set the secret configuration runner-pools:tfeToken`,
  );
}

function envZeroCredentials(address: string, settings: Settings, environment: Environment): Credentials {
  const apiKey = settings.env0ApiKey || environment["ENV0_API_KEY"];
  const apiSecret = settings.env0ApiSecret || environment["ENV0_API_SECRET"];
  if (apiKey && apiSecret) {
    const [key, secret] = [usable("env-zero", apiKey), usable("env-zero", apiSecret)];
    return { kind: "env-zero", url: address, apiKey: key, apiSecret: secret };
  }
  throw new MissingCredentialsError(
    "env-zero",
    address,
    "ENV0_API_KEY and ENV0_API_SECRET, or the secret configuration runner-pools:env0ApiKey and runner-pools:env0ApiSecret",
  );
}

/** A `file://` state backend, for example, is no API. */
function isHttp(url: string | undefined): url is string {
  return /^https?:\/\//i.test(url ?? "");
}

/** A stored login is a convenience: one that is absent or broken counts as none. */
function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

function textAt(value: unknown, ...path: string[]): string | undefined {
  let here = value;
  for (const key of path) {
    if (typeof here !== "object" || here === null) return undefined;
    here = (here as Record<string, unknown>)[key];
  }
  return typeof here === "string" ? here : undefined;
}
