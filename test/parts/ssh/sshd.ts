import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePorts } from "../docker/free-port.ts";
import { installPackages } from "../docker/install.ts";

/** Where Debian's package puts the server. */
const SERVER = "/usr/sbin/sshd";
const CLIENT = "/usr/bin/ssh";

/** An SSH server on loopback, with keys of its own. */
export interface SshServer {
  /** For this user of the machine, `ssh://user@127.0.0.1:port`. */
  readonly address: string;
  /** Options of `ssh` with which one gets in. */
  readonly options: readonly string[];
  /** The same with a key that the server does not know. */
  readonly wrongKeyOptions: readonly string[];
  /** The same without knowing the server. */
  readonly unknownHostOptions: readonly string[];
  /** How many sessions were let in so far. */
  logins(): number;
  /** Ends it with all sessions, and leaves nothing behind. */
  dispose(): Promise<void>;
}

/** Why no server can be started here; undefined where it can. Installs Debian's where that is all that lacks. */
export function whyNoSshServer(): string | undefined {
  if (process.platform !== "linux")
    return `an SSH server is started on Linux only, not on ${process.platform}`;
  if (process.getuid?.() !== 0) return "starting an SSH server needs root";
  const needed: [path: string, name: string][] = [
    [SERVER, "openssh-server"],
    [CLIENT, "openssh-client"],
  ];
  const missing = needed.filter(([path]) => !existsSync(path)).map(([, name]) => name);
  return missing.length === 0 ? undefined : installPackages(missing);
}

/** Starts a server whose sessions have these variables. */
export async function startSshServer(environment: Readonly<Record<string, string>>): Promise<SshServer> {
  const folder = mkdtempSync(join(tmpdir(), "sshd-"));
  const port = await freePorts(1);
  for (const name of ["host", "user", "stranger"]) makeKey(join(folder, name));
  const hostKey = readFileSync(join(folder, "host.pub"), "utf8");
  writeFileSync(join(folder, "known_hosts"), `[127.0.0.1]:${port} ${hostKey}`);
  writeFileSync(join(folder, "config"), configuration(folder, port, environment));
  // Debian's service makes it; sshd drops its rights there.
  mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
  const log = join(folder, "log");
  const child = spawn(SERVER, ["-D", "-f", join(folder, "config"), "-E", log], { stdio: "ignore" });
  await listens(child, port, log);
  const options = (key: string, knownHosts = join(folder, "known_hosts")) => [
    ...["-F", "none", "-i", join(folder, key)],
    ...["-o", "IdentitiesOnly=yes", "-o", `UserKnownHostsFile=${knownHosts}`],
  ];
  return {
    address: `ssh://root@127.0.0.1:${port}`,
    options: options("user"),
    wrongKeyOptions: options("stranger"),
    unknownHostOptions: options("user", "/dev/null"),
    logins: () => readFileSync(log, "utf8").split("Accepted publickey").length - 1,
    async dispose() {
      const sessions = childrenOf(child.pid);
      for (const pid of [child.pid, ...sessions]) if (pid !== undefined) killIfThere(pid);
      if (child.exitCode === null && child.signalCode === null)
        await new Promise((resolve) => child.once("exit", resolve));
      rmSync(folder, { recursive: true });
    },
  };
}

function makeKey(file: string): void {
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file]);
}

function configuration(folder: string, port: number, environment: Readonly<Record<string, string>>): string {
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const lines = [
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${join(folder, "host")}`,
    `AuthorizedKeysFile ${join(folder, "user.pub")}`,
    "PidFile none",
    "UsePAM no",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "PermitRootLogin prohibit-password",
    // The keys lie below /tmp, which everybody may write to.
    "StrictModes no",
    `SetEnv ${variables.join(" ")}`,
  ];
  return `${lines.join("\n")}\n`;
}

async function listens(child: ChildProcess, port: number, log: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (child.exitCode === null && Date.now() < deadline) {
    if (await accepts(port)) return;
    await sleep(50);
  }
  child.kill("SIGKILL");
  throw new Error(`sshd does not listen. It said:\n${existsSync(log) ? readFileSync(log, "utf8") : ""}`);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

/** A session is a process of its own, and goes on without the server. */
function childrenOf(pid: number | undefined): number[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  return existsSync(file) ? readFileSync(file, "utf8").split(" ").filter(Boolean).map(Number) : [];
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGTERM");
  } catch {
    // It has ended by itself.
  }
}
