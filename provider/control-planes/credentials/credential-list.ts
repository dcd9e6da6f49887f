import { z } from "zod";
import type { Credential, PlaneDescriptor, Sources } from "../descriptor";
import { registerSecret } from "../http/redact";
import { SettingsError } from "./sources";

/** Environment variable with the same content as the setting `credentials`. */
const credentialsVariable = "RUNNER_POOLS_CREDENTIALS";

/** The setting, as messages name it. */
export const credentialsSetting = "runner-pools:credentials";

/** What the setting `credentials` is, for reference tables. */
export const credentialsDescription = `Several credentials, as JSON text: an object with keys such as \`hcp-terraform/acme\` (an organization of the service that configuration or environment name, else of the public one), \`hcp-terraform/acme@tfe.acme.com\` (an organization of the service on that host) and \`hcp-terraform@tfe.acme.com\` (all organizations there), and values \`{"token": "..."}\`, or \`{"apiKey": "...", "apiSecret": "..."}\` for env zero. It goes before every other credential, and among its keys the most specific one goes first. What has no key here is looked up in the environment variable \`${credentialsVariable}\`, which has the same form.`;

/** What plane a key is for, and what its credential consists of. */
type Plane = Pick<PlaneDescriptor, "kind" | "service">;

/** Credentials by key. Hosts in keys are in lower case. */
type CredentialList = ReadonlyMap<string, Credential>;

const text = z.string("must be a string").trim().min(1, "must not be empty");
const valueShapes = {
  token: z.strictObject({ token: text }),
  apiKey: z.strictObject({ apiKey: text, apiSecret: text }),
};

/**
 * Reads the JSON text of several credentials. Every secret in it is taken out of messages from then on.
 * @param name of the setting or variable, for messages.
 * @param planes those that a key may name.
 * @throws SettingsError that names the key, never a value.
 */
export function parseCredentialList(content: string, name: string, planes: readonly Plane[]): CredentialList {
  const value = parseObject(content, name);
  registerTexts(value);
  return new Map(
    Object.entries(value).map(([key, credential]) => {
      const plane = planes.find(({ kind }) => key.startsWith(`${kind}/`) || key.startsWith(`${kind}@`));
      return [
        withPlainHost(key),
        parseCredential(credential, key, name, plane ?? unknownPlane(key, name, planes)),
      ];
    }),
  );
}

/** The lists that there are: that of the configuration goes before that of the environment. */
export function credentialLists(
  { settings, environment }: Sources,
  planes: readonly Plane[],
): readonly { readonly name: string; readonly list: CredentialList }[] {
  const texts = [
    [credentialsSetting, settings["credentials"]],
    [credentialsVariable, environment[credentialsVariable]],
  ] as const;
  return texts.flatMap(([name, content]) =>
    content ? [{ name, list: parseCredentialList(content, name, planes) }] : [],
  );
}

function parseObject(content: string, name: string): object {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    // The parser's own message would show a part of the text.
    throw new SettingsError(`${name} is not valid JSON: give an object with one credential for each key.`);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new SettingsError(`${name} is not a JSON object: give one with one credential for each key.`);
}

function registerTexts(value: unknown): void {
  if (typeof value === "string") registerSecret(value.trim());
  else Object.values(Object(value)).forEach(registerTexts);
}

function parseCredential(value: unknown, key: string, name: string, plane: Plane): Credential {
  if (!/^[^/@]+(\/[^/]+(@[^@/\s]+)?|@[^@/\s]+)$/.test(key)) {
    throw new SettingsError(
      `${name}: the key ${quote(key)} must have one of the forms ${plane.kind}/<organization>, ${plane.kind}/<organization>@<host>, ${plane.kind}@<host>.`,
    );
  }
  const fields = plane.service.credentialFields;
  const parsed = (fields.includes("token") ? valueShapes.token : valueShapes.apiKey).safeParse(value);
  if (parsed.success) return parsed.data;
  const [wrong] = parsed.error.issues.map(({ path }) => path.join("."));
  throw new SettingsError(
    `${name}: the value of ${quote(key)} must be an object with the string fields ${fields.join(" and ")} and no others${wrong ? `: ${wrong} is missing or wrong` : ""}.`,
  );
}

function unknownPlane(key: string, name: string, planes: readonly Plane[]): never {
  throw new SettingsError(
    `${name}: the key ${quote(key)} must begin with a control plane (${planes.map(({ kind }) => kind).join(", ")}), followed by /<organization> or @<host>.`,
  );
}

/** Hosts have no case; organizations do. */
function withPlainHost(key: string): string {
  return key.replace(/@[^@]*$/, (host) => host.toLowerCase());
}

function quote(key: string): string {
  return JSON.stringify(key);
}
