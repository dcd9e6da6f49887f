import { readFileSync } from "node:fs";
import { z } from "zod";

/** What configuration or environment say cannot be used. The message says what to set. */
export class SettingsError extends Error {
  override readonly name: string = "SettingsError";
}

/** The first text that is there and not empty. */
export function firstGiven(...texts: readonly (string | undefined)[]): string | undefined {
  return texts.find(Boolean);
}

/** Whether it is the URL of an API: a `file://` state backend, for example, is none. */
export function isHttp(url: string | undefined): url is string {
  return url !== undefined && /^https?:\/\//i.test(url) && URL.canParse(url);
}

/** One spelling for each base URL: scheme and host have no case, and no slash stands at the end. */
export function normalizeUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname.replace(/\/+$/, "")}`;
}

/** Whether both are one service: the same scheme, host and port. What is no URL is like nothing. */
export function isSameService(one: string, other: string): boolean {
  return isHttp(one) && isHttp(other) && new URL(one).origin === new URL(other).origin;
}

/**
 * A credential without the line break that a file or a copy may have left at its end.
 * @param variables where it comes from, for the message.
 * @throws SettingsError where it has characters that no credential has.
 */
export function usableCredential(credential: string, displayName: string, variables: string): string {
  const text = credential.trim();
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw new SettingsError(
    `The credential of ${displayName} contains spaces or characters outside printable ASCII, which no credential has: check ${variables}.`,
  );
}

/** The text at that place of a JSON document; undefined where there is none. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = path.reduce<unknown>((here, key) => Object(here)[key], value);
  return typeof found === "string" ? found : undefined;
}

/** The content of a JSON file. A stored login is a convenience: one that is absent or broken counts as none. */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** A setting that is an http or https URL. */
export function urlSetting(description: string): z.ZodOptional<z.ZodURL> {
  return z
    .url({ protocol: /^https?$/, error: "must be an http or https URL" })
    .optional()
    .describe(description);
}

/** A setting that is secret. */
export function secretSetting(description: string): z.ZodOptional<z.ZodString> {
  return z.string().optional().describe(description).meta({ secret: true });
}
