import { onTestFinished } from "vitest";
import { emulatorCredentials } from "../../../../emulator/default-seed.ts";
import { type Emulator, startEmulator } from "../../../../emulator/emulator.ts";
import type { Agents, DemandReader } from "../../control-plane.ts";
import { type CannedAnswers, startCannedApi } from "../../testing/canned-api.ts";
import { openParts } from "../../testing/open-parts.ts";
import { pulumiCloud } from "../descriptor.ts";

const organization = "acme";

function parts(url: string, token: string) {
  const opened = openParts(pulumiCloud, { organization, url }, { token });
  return { ...opened, agents: opened.agents as Agents, demand: opened.demand as DemandReader };
}

/** An emulator that records bodies, and the organization as one client sees it. */
export async function openEmulator() {
  const emulator = await startEmulator();
  onTestFinished(() => emulator.stop());
  emulator.admin.recordBodies({ enabled: true });
  const { admin } = emulator;
  return {
    admin,
    ...parts(emulator.url, emulatorCredentials.pulumiCloudAccessToken),
    /** Another client, that knows nothing of what the first one has read. */
    another: (token: string = emulatorCredentials.pulumiCloudAccessToken) => parts(emulator.url, token),
    poolId: (name = "builders") => admin.pulumiCloud.createAgentPool({ organization, name }).id,
    state: () => stateOf(emulator),
    /** Bodies that were sent to an operation. */
    bodies: (operation: string) => admin.journal({ operation }).map(({ requestBody }) => requestBody),
    operations: () => admin.journal().map(({ operation }) => operation),
  };
}

/** The organization `acme` of a server with canned answers. */
export async function openCanned(answers: CannedAnswers) {
  const api = await startCannedApi(answers);
  return { api, ...parts(api.url, "pul-00000000000000000000") };
}

/** An answer that ends the matter: no permission. */
export const forbidden = { status: 403, body: { code: 403, message: "[403] no" } };

/** The answer for what is not there. */
export const missing = { status: 404, body: { code: 404, message: "Not Found" } };

function stateOf({ admin }: Emulator) {
  const [found] = admin.snapshot().pulumiCloud.organizations;
  if (!found) throw new Error("the emulator has no organization");
  return found;
}
