import { agentUnavailable } from "../agent/build.ts";
import { hasNoDocker, onDocker } from "../parts/docker/docker-test.ts";

/** For `describe.skipIf`: there is no daemon, or no agent to run on it. */
export const hasNoFleets = hasNoDocker || agentUnavailable !== undefined;

/** Name of a suite that deploys fleets, with the reason where it is skipped. */
export function onFleets(name: string, otherReason?: string): string {
  return onDocker(name, agentUnavailable ?? otherReason);
}
