import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { whyNoDaemon } from "./install.ts";

/** Put into the name of a suite: why it is skipped where no daemon can be had. */
const reason = whyNoDaemon();

/** For `describe.skipIf`. */
export const hasNoDocker = reason !== undefined;

/** Name of a suite that needs a daemon, and perhaps more, with the reason where it is skipped. */
export function onDocker(name: string, otherReason?: string): string {
  const why = reason ?? otherReason;
  return why === undefined ? name : `${name} (skipped: ${why})`;
}

/** Whether the vendor's own plugin is there. */
export const hasVendorsPlugin = (process.env["PATH"] ?? "")
  .split(delimiter)
  .some((folder) => existsSync(join(folder, "pulumi-resource-docker")));

const standIn = fileURLToPath(new URL("../../providers/docker", import.meta.url));

/** A PATH on which `pulumi-resource-docker` is the vendor's where there is one, else the stand-in. */
export function pathWithDockerPlugin(path = process.env["PATH"] ?? ""): string {
  return `${path}${delimiter}${standIn}`;
}
