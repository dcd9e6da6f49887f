import { execFileSync } from "node:child_process";
import type Docker from "dockerode";
import { importImage } from "./docker/image.ts";
import { installPackages, programPath } from "./docker/install.ts";

const paths = ["/usr/sbin/haproxy", "/usr/local/sbin/haproxy"];

/** Why there is no HAProxy here; undefined where there is one. Installs Debian's where it lacks. */
export function whyNoHaproxy(): string | undefined {
  return programPath(paths) === undefined ? installPackages(["haproxy"]) : undefined;
}

/** Loads an image with this machine's HAProxy and the libraries that it is linked with. */
export async function importHaproxy(client: Docker, name: string): Promise<void> {
  const haproxy = programPath(paths);
  if (haproxy === undefined) throw new Error(whyNoHaproxy());
  const linked = execFileSync("ldd", [haproxy], { encoding: "utf8" });
  const libraries = [...linked.matchAll(/\/\S+/g)].map(([path]) => [path, path] as const);
  await importImage(client, {
    name,
    programs: { "/usr/sbin/haproxy": haproxy, ...Object.fromEntries(libraries) },
    folders: { "/var/run": 0, "/run": 0 },
    changes: ["USER 99"],
  });
}
