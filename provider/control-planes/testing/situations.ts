import { expect } from "vitest";
import { MissingCredentialsError, resolveService } from "../credentials/credentials.ts";
import type { Credential, Settings } from "../descriptor.ts";
import { type ControlPlaneKind, describePlane } from "../planes.ts";

/** Where a credential may come from. */
export interface Situation {
  readonly settings?: Settings;
  readonly environment?: Readonly<Record<string, string>>;
  /** Content of files by the end of their names. */
  readonly files?: Readonly<Record<string, unknown>>;
}

/** The service of the organization `acme`, and what is sent there. */
export function resolve(kind: ControlPlaneKind, url: string | undefined, situation: Situation = {}) {
  const { settings = {}, environment = {}, files = {} } = situation;
  const read = (file: string) => Object.entries(files).find(([name]) => file.endsWith(name))?.[1];
  return resolveService(describePlane(kind), { organization: "acme", url }, settings, environment, read);
}

/** What is sent to that URL in that situation. */
export function sent(kind: ControlPlaneKind, url: string | undefined, situation?: Situation): Credential {
  return resolve(kind, url, situation).credential;
}

/** Why nothing is sent to that URL in that situation. */
export function refusal(kind: ControlPlaneKind, url: string | undefined, situation?: Situation): string {
  try {
    resolve(kind, url, situation);
  } catch (error) {
    expect(error).toBeInstanceOf(MissingCredentialsError);
    return (error as Error).message;
  }
  throw new Error("a credential was sent");
}

/** A service that no situation is about. */
export const other = "https://other.test";

/** A Terraform Enterprise. */
export const tfe = "https://tfe.acme.test";
