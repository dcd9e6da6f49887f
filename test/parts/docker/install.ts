import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Where Debian's package puts the daemon. */
const DAEMON_PATHS = ["/usr/sbin/dockerd", "/usr/bin/dockerd", "/usr/local/bin/dockerd"];

/** Debian's statically linked busybox, of which images are made. */
const BUSYBOX = "/bin/busybox";

/** Why a daemon of our own cannot be started here; undefined where it can. Installs Debian's where that is all that lacks. */
export function whyNoDaemon(): string | undefined {
  const packages = missingPackages();
  return whyNever() ?? (packages.length === 0 ? undefined : installPackages(packages));
}

/** Like {@link whyNoDaemon}, but nothing is installed. */
export function whyNotInstalled(): string | undefined {
  const packages = missingPackages();
  return whyNever() ?? (packages.length === 0 ? undefined : `${packages.join(" and ")} not installed`);
}

function whyNever(): string | undefined {
  if (process.platform !== "linux") return `a Docker daemon runs on Linux only, not on ${process.platform}`;
  return process.getuid?.() === 0 ? undefined : "starting a Docker daemon needs root";
}

function missingPackages(): string[] {
  return [
    ...(daemonPath() === undefined ? ["docker.io"] : []),
    ...(existsSync(BUSYBOX) ? [] : ["busybox-static"]),
  ];
}

/** The daemon's executable. */
export function daemonPath(): string | undefined {
  return programPath(DAEMON_PATHS);
}

/** The first of some paths at which there is something. */
export function programPath(paths: readonly string[]): string | undefined {
  return paths.find((path) => existsSync(path));
}

/** The busybox that {@link whyNoDaemon} made sure of. */
export function busyboxPath(): string {
  return BUSYBOX;
}

/** Installs packages of Debian's; returns why that failed, if it did. */
export function installPackages(packages: readonly string[]): string | undefined {
  const names = packages.join(" and ");
  if (!existsSync("/usr/bin/apt-get")) return `there is no apt-get to install ${names}`;
  const options = ["-qq", "-y", "-o", "DPkg::Lock::Timeout=300"];
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  try {
    execFileSync("apt-get", [...options, "update"], { env: environment, stdio: "pipe" });
    execFileSync("apt-get", [...options, "install", "--no-install-recommends", ...packages], {
      env: environment,
      stdio: "pipe",
    });
    return undefined;
  } catch (error) {
    return `apt-get could not install ${names}: ${(error as Error).message.split("\n")[0]}`;
  }
}
