import { onTestFinished } from "vitest";
import { emulatorCredentials, emulatorIds } from "../../../../emulator/default-seed.ts";
import { startEmulator } from "../../../../emulator/emulator.ts";
import type { Tokens } from "../../control-plane.ts";
import { type CannedAnswers, startCannedApi } from "../../testing/canned-api.ts";
import { openParts } from "../../testing/open-parts.ts";
import { envZero } from "../descriptor.ts";

/** Id of the organization in canned answers; its name is `acme`. */
export const cannedOrganizationId = "o1";

/** An answer that ends the matter: no permission. */
export const forbidden = { status: 403, body: { message: "no" } };

/** The answer for what is not there. */
export const missing = { status: 404, body: { message: "not found" } };

function parts(url: string, organization: string, credential: { apiKey: string; apiSecret: string }) {
  const opened = openParts(envZero, { organization, url }, credential);
  return { ...opened, tokens: opened.tokens as Tokens };
}

/** An emulator that records bodies, and the organization as one client sees it. */
export async function openEmulator() {
  const emulator = await startEmulator();
  onTestFinished(() => emulator.stop());
  emulator.admin.recordBodies({ enabled: true });
  const { admin } = emulator;
  const credential = {
    apiKey: emulatorCredentials.envZeroApiKey,
    apiSecret: emulatorCredentials.envZeroApiSecret,
  };
  const another = (organization = "acme", own = credential) => parts(emulator.url, organization, own);
  return {
    admin,
    acmeId: emulatorIds.envZeroOrganizationId,
    projects: emulatorIds.envZeroProjects,
    ...another(),
    /** Another client, that knows nothing of what the first one has read. */
    another,
    poolId: (name = "builders") =>
      admin.envZero.createAgent({ organizationId: emulatorIds.envZeroOrganizationId, name }).id,
    /** Bodies that were sent to an operation. */
    bodies: (operation: string) => admin.journal({ operation }).map(({ requestBody }) => requestBody),
    /** How often an operation was called. */
    calls: (operation: string) => admin.journal({ operation }).length,
  };
}

/** The organization `acme` of a server with canned answers. */
export async function openCanned(answers: CannedAnswers, organization = "acme") {
  const organizations = { "GET /organizations": { body: [{ id: cannedOrganizationId, name: "acme" }] } };
  const api = await startCannedApi({ ...organizations, ...answers });
  return { api, ...parts(api.url, organization, { apiKey: "key", apiSecret: "open-sesame" }) };
}
