import type { Credential, OfferedCredential, PlaneDescriptor, Settings, Sources } from "../descriptor";
import { registerSecret } from "../http/redact";
import { planes } from "../planes";
import { credentialLists } from "./credential-list";
import { isHttp, isSameService, normalizeUrl, readJson, SettingsError, usableCredential } from "./sources";

/** What is needed of a descriptor here. */
type Plane = Pick<PlaneDescriptor, "kind" | "displayName" | "service">;

type Environment = Sources["environment"];

/** No credential was found for that service. The message says what to set, and which credential is for another one. */
export class MissingCredentialsError extends SettingsError {
  override readonly name = "MissingCredentialsError";
}

/**
 * Base URL of a control plane: the argument's, else that of configuration, environment or stored login, else the vendor's
 * public one. Without a slash at its end.
 * @param url as the argument `controlPlane.url` has it.
 * @throws SettingsError where it is not an http or https URL.
 */
export function resolveUrl(
  plane: Plane,
  url: string | undefined,
  settings: Settings,
  environment: Environment = process.env,
): string {
  return urlFrom(plane, url, { settings, environment, readJson });
}

/** Base URL of a control plane, and the credential for that service and no other. */
export interface ResolvedService {
  readonly url: string;
  readonly credential: Credential;
}

/**
 * The URL of an organization's service and the credential for it. A credential of the setting `credentials` goes first,
 * then one of other configuration, of the environment, then the login that the vendor's command line stored.
 * @param read the content of a JSON file; tests give their own.
 * @throws MissingCredentialsError where no credential is for that service.
 * @throws SettingsError where URL or credential cannot be used.
 */
export function resolveService(
  plane: Plane,
  address: { readonly organization: string; readonly url?: string | undefined },
  settings: Settings,
  environment: Environment = process.env,
  read: Sources["readJson"] = readJson,
): ResolvedService {
  const sources: Sources = { settings, environment, readJson: read };
  const url = urlFrom(plane, address.url, sources);
  const offers = [
    ...listedCredentials(plane, address.organization, url, sources),
    ...plane.service.credentials(url, sources),
  ];
  const own = offers.find(({ belongsTo }) => isSameService(belongsTo, url));
  if (own) return { url, credential: usable(plane, own) };
  throw new MissingCredentialsError(
    `No credentials for ${plane.displayName} at ${url}: ${offers.map((offer) => whyNotSent(offer, url)).join("")}set ${plane.service.credentialWays(url, sources)}.`,
  );
}

function urlFrom({ displayName, service }: Plane, url: string | undefined, sources: Sources): string {
  const address = url || service.configuredUrl(sources) || service.publicUrl;
  if (isHttp(address)) return normalizeUrl(address);
  throw new SettingsError(
    `The URL of ${displayName} is "${address}", which is not an http or https URL: check ${service.urlSources}.`,
  );
}

/** From the setting and the variable that hold several credentials, the most specific first. */
function listedCredentials(
  plane: Plane,
  organization: string,
  url: string,
  sources: Sources,
): readonly OfferedCredential[] {
  const standard = standardUrl(plane, sources);
  const { host } = new URL(url);
  const keys = [
    { key: `${plane.kind}/${organization}@${host}`, belongsTo: url },
    { key: `${plane.kind}/${organization}`, belongsTo: standard },
    { key: `${plane.kind}@${host}`, belongsTo: url },
  ];
  return credentialLists(sources, [...planes, plane]).flatMap(({ name, list }) =>
    keys.flatMap(({ key, belongsTo }) => {
      const credential = list.get(key);
      return credential ? [{ source: `${key} in ${name}`, belongsTo, credential }] : [];
    }),
  );
}

/** The service of a credential without a host. A stored login names one for its own credential only. */
function standardUrl({ service }: Plane, sources: Sources): string {
  return service.configuredUrl({ ...sources, readJson: () => undefined }) || service.publicUrl;
}

/** Says of a credential that there is why it is not sent to `url`. */
function whyNotSent({ source, belongsTo }: OfferedCredential, url: string): string {
  if (!isHttp(belongsTo)) return `${source} is for "${belongsTo}", which is not an http or https URL; `;
  const { host, origin } = new URL(belongsTo);
  return `${source} is for ${host === new URL(url).host ? origin : host}; `;
}

function usable({ displayName }: Plane, { source, credential }: OfferedCredential): Credential {
  const clean = (text: string) => {
    const value = usableCredential(text, displayName, source);
    registerSecret(value);
    return value;
  };
  return "token" in credential
    ? { token: clean(credential.token) }
    : { apiKey: clean(credential.apiKey), apiSecret: clean(credential.apiSecret) };
}
