import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/** As long as a host name may be. */
const LONGEST = 63;

/** Name of a container, also its host name: unique on a daemon that stacks of several projects use. */
export function containerName(fleet: string, host: string, member: number | string): string {
  const name = [pulumi.getProject(), pulumi.getStack(), fleet, host, member]
    .join("-")
    .replaceAll(/[^a-zA-Z0-9-]/g, "-");
  if (name.length <= LONGEST) return name;
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${name.slice(0, LONGEST - digest.length - 1)}-${digest}`;
}
