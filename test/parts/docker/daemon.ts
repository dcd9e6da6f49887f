import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";
import { daemonPath, whyNoDaemon } from "./install.ts";

/** A private Docker daemon with a root, a socket and containers of its own. */
export interface DockerDaemon {
  /** Path of its socket. */
  readonly socket: string;
  /** The socket as Docker's tools take it, `unix://...`. */
  readonly host: string;
  readonly client: Docker;
  /** Ends the daemon as a service manager would, and starts it again on the same root. */
  restart(): Promise<void>;
  /** Ends the daemon; its root stays for {@link start}. Containers end too. */
  halt(): Promise<void>;
  start(): Promise<void>;
  /** Ends it and leaves nothing behind. */
  dispose(): Promise<void>;
}

/** How long a daemon may take until it answers, in milliseconds; 8 s were measured. */
const START_TIMEOUT = 60_000;

/**
 * Starts a private daemon. It has no bridge, so it changes neither addresses nor packet filters of the machine:
 * containers use the host's network or none.
 */
export async function startDockerDaemon(): Promise<DockerDaemon> {
  const reason = whyNoDaemon();
  if (reason !== undefined) throw new Error(reason);
  mountCgroups();
  const folder = mkdtempSync(join(tmpdir(), "docker-daemon-"));
  const socket = join(folder, "docker.sock");
  const client = new Docker({ socketPath: socket });
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    child = launch(folder, socket);
    await answers(child, client, join(folder, "log"));
  }

  async function halt(): Promise<void> {
    if (child && child.exitCode === null) {
      const exited = new Promise((resolve) => child?.once("exit", resolve));
      child.kill("SIGTERM");
      await exited;
    }
    child = undefined;
  }

  await start();
  return {
    socket,
    host: `unix://${socket}`,
    client,
    start,
    halt,
    async restart() {
      await halt();
      await start();
    },
    async dispose() {
      if (child) await removeContainers(client);
      await halt();
      unmountBelow(folder);
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}

function launch(folder: string, socket: string): ChildProcess {
  mkdirSync(join(folder, "exec"), { recursive: true });
  const log = openSync(join(folder, "log"), "a");
  // A system containerd, where there is one, is used by every daemon: a namespace of its own keeps them apart.
  const namespace = folder.split("-").at(-1) ?? "private";
  return spawn(
    daemonPath() as string,
    [
      ["--data-root", join(folder, "data")],
      ["--exec-root", join(folder, "exec")],
      ["--pidfile", join(folder, "pid")],
      ["--host", `unix://${socket}`],
      ["--containerd-namespace", `test-${namespace}`],
      ["--containerd-plugins-namespace", `test-plugins-${namespace}`],
      ["--bridge", "none"],
      ["--iptables=false", "--ip6tables=false", "--ip-forward=false"],
    ].flat(),
    { stdio: ["ignore", log, log] },
  );
}

async function answers(child: ChildProcess, client: Docker, log: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT;
  while (child.exitCode === null && Date.now() < deadline) {
    const answered = await client.ping().then(
      () => true,
      () => false,
    );
    if (answered) return;
    await sleep(100);
  }
  child.kill("SIGKILL");
  const said = readFileSync(log, "utf8").trim().split("\n").slice(-5).join("\n");
  throw new Error(`dockerd does not answer. It said last:\n${said}`);
}

async function removeContainers(client: Docker): Promise<void> {
  const containers = await client.listContainers({ all: true });
  await Promise.all(
    containers.map(({ Id }) =>
      client
        .getContainer(Id)
        .remove({ force: true, v: true })
        .catch(() => {}),
    ),
  );
}

/** What a daemon that was killed left mounted would keep its folder from being removed. */
function unmountBelow(folder: string): void {
  const mounted = readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .flatMap((line) => line.split(" ").slice(1, 2))
    .filter((path) => path.startsWith(`${folder}/`))
    .reverse();
  for (const path of mounted) execFileSync("umount", ["--lazy", path]);
}

/** A container, or a bare machine, may start without the control groups that a daemon needs. */
function mountCgroups(): void {
  if (readdirSync("/sys/fs/cgroup").length > 0) return;
  execFileSync("mount", ["-t", "cgroup2", "none", "/sys/fs/cgroup"]);
}
