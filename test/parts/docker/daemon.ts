import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";
import type { Identity } from "../tls/authority.ts";
import { type Bridge, createBridge } from "./bridge.ts";
import { daemonPath, whyNoDaemon } from "./install.ts";

/** A private Docker daemon with a root, a socket and containers of its own. */
export interface DockerDaemon {
  /** Path of its socket. */
  readonly socket: string;
  /** The socket as Docker's tools take it, `unix://...`. */
  readonly host: string;
  readonly client: Docker;
  /** The default bridge, where it was asked for. */
  readonly bridge: Bridge | undefined;
  /** Ends the daemon as a service manager would, and starts it again on the same root. */
  restart(): Promise<void>;
  /** Ends the daemon; its root stays for {@link start}. Containers end too. */
  halt(): Promise<void>;
  start(): Promise<void>;
  /** Ends it and leaves nothing behind. */
  dispose(): Promise<void>;
}

/** What a daemon has besides its socket. */
export interface DaemonOptions {
  /** A TCP port of loopback, for whoever has a certificate of the authority. */
  readonly tls?: { readonly port: number; readonly authority: string; readonly identity: Identity };
  /** A default bridge of its own, as daemons usually have one. @default false */
  readonly bridge?: boolean;
}

/** How long a daemon may take until it answers, in milliseconds; 8 s were measured. */
const START_TIMEOUT = 60_000;

/**
 * Starts a private daemon. It changes no packet filters of the machine, and without a bridge no addresses either:
 * containers use the host's network or none.
 */
export async function startDockerDaemon(options: DaemonOptions = {}): Promise<DockerDaemon> {
  const reason = whyNoDaemon();
  if (reason !== undefined) throw new Error(reason);
  mountCgroups();
  const folder = mkdtempSync(join(tmpdir(), "docker-daemon-"));
  const socket = join(folder, "docker.sock");
  const client = new Docker({ socketPath: socket });
  const bridge = options.bridge ? createBridge() : undefined;
  const more = [...tlsArguments(folder, options.tls), "--bridge", bridge?.name ?? "none"];
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    child = launch(folder, socket, more);
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

  await start().catch((error) => {
    bridge?.remove();
    throw error;
  });
  return {
    socket,
    host: `unix://${socket}`,
    client,
    bridge,
    start,
    halt,
    async restart() {
      await halt();
      await start();
    },
    async dispose() {
      if (child) await removeContainers(client);
      if (child) await removeNetworks(client);
      await halt();
      bridge?.remove();
      unmountBelow(folder);
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}

function launch(folder: string, socket: string, more: readonly string[]): ChildProcess {
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
      ["--iptables=false", "--ip6tables=false", "--ip-forward=false"],
      more,
    ].flat(),
    { stdio: ["ignore", log, log] },
  );
}

function tlsArguments(folder: string, tls: DaemonOptions["tls"]): string[] {
  if (tls === undefined) return [];
  const { port, authority, identity } = tls;
  const files = { tlscacert: authority, tlscert: identity.certificate, tlskey: identity.key };
  const flags = Object.entries(files).flatMap(([flag, content]) => {
    const file = join(folder, `${flag}.pem`);
    writeFileSync(file, content, { mode: 0o600 });
    return [`--${flag}`, file];
  });
  return ["--tlsverify", ...flags, "--host", `tcp://127.0.0.1:${port}`];
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

/** Bridges of networks would stay on the machine. */
async function removeNetworks(client: Docker): Promise<void> {
  const networks = await client.listNetworks({ filters: { type: ["custom"] } });
  await Promise.all(networks.map(({ Id }) => client.getNetwork(Id).remove()));
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
