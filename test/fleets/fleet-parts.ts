import { agentUnavailable } from "../agent/build.ts";
import { whyNoDaemon } from "../parts/docker/install.ts";

const reason = whyNoDaemon() ?? agentUnavailable;

/** For `describe.skipIf`: there is no daemon, or no agent to run on it. */
export const hasNoFleets = reason !== undefined;

/** Name of a suite that deploys fleets, with the reason where it is skipped. */
export function onFleets(name: string, otherReason?: string): string {
  const why = reason ?? otherReason;
  return why === undefined ? name : `${name} (skipped: ${why})`;
}
