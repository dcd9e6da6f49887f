import { connect, type NetConnectOpts } from "node:net";
import { homedir } from "node:os";
import * as pulumi from "@pulumi/pulumi";

/** How long a connection to a host may take, in milliseconds. */
const patience = 5000;

/** A host of a fleet, by its place among the arguments. */
interface NamedHost {
  readonly name: string;
  readonly index: number;
}

/**
 * Makes sure that somebody listens at the address of a Docker daemon, and returns the address: without one that of
 * `DOCKER_HOST`, and undefined where the plugin shall look itself. Docker's plugin does not
 * say which of its daemons it cannot reach, and waits for minutes for a machine that does not answer at all.
 * Over SSH it says both, and who may be reached how is for the user's configuration of SSH to know.
 * @throws {@link pulumi.RunError} naming the host, and what was tried.
 */
export async function reach(host: NamedHost, address: string | undefined): Promise<string | undefined> {
  const given = address ?? (process.env["DOCKER_HOST"] || undefined);
  const failures: string[] = [];
  for (const candidate of given === undefined ? usualAddresses() : [given]) {
    const options = connectionTo(candidate);
    const failure = options && (await failureOf(options));
    if (failure === undefined) return given;
    failures.push(`${candidate} (${failure})`);
  }
  throw new pulumi.RunError(
    `hosts[${host.index}].address: the Docker daemon of host ${host.name} cannot be reached. Tried to connect to ${failures.join(", ")}. Is the machine up, does the daemon listen there, and may this machine connect to it?`,
  );
}

/** Where Docker's plugin looks without an address. */
function usualAddresses(): string[] {
  if (process.platform === "win32") return ["npipe:////./pipe/docker_engine"];
  const home = homedir();
  const sockets = [
    "/var/run/docker.sock",
    `${home}/.docker/run/docker.sock`,
    `${home}/.docker/desktop/docker.sock`,
  ];
  return sockets.map((socket) => `unix://${socket}`);
}

function connectionTo(address: string): NetConnectOpts | undefined {
  if (address.startsWith("unix://")) return { path: address.slice("unix://".length) };
  if (!address.startsWith("tcp://") || !URL.canParse(address)) return undefined;
  const { hostname, port } = new URL(address);
  return { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || 2375) };
}

function failureOf(options: NetConnectOpts): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ ...options, timeout: patience });
    const end = (failure?: string) => {
      socket.destroy();
      resolve(failure);
    };
    socket.once("connect", () => end());
    socket.once("timeout", () => end(`no answer within ${patience / 1000} s`));
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}
