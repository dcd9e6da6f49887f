import * as http from "node:http";
import * as https from "node:https";
import { homedir } from "node:os";
import * as pulumi from "@pulumi/pulumi";

/** How long a connection to a host may take, in milliseconds. */
const patience = 5000;

/** A host of a fleet, by its place among the arguments. */
interface NamedHost {
  readonly name: string;
  readonly index: number;
  /** See `hosts[].insecure`. */
  readonly insecure?: boolean | undefined;
}

/** What a connection with TLS takes, all PEM. */
export interface DaemonTls {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/**
 * Makes sure that somebody listens at the address of a Docker daemon, over TLS that both sides trust, and returns the address: without one that of
 * `DOCKER_HOST`, and undefined where the plugin shall look itself. Docker's plugin does not
 * say which of its daemons it cannot reach, and waits for minutes for a machine that does not answer at all.
 * Over SSH it says both, and who may be reached how is for the user's configuration of SSH to know.
 * @throws {@link pulumi.RunError} naming the host, and what was tried.
 */
export async function reach(
  host: NamedHost,
  address: string | undefined,
  tls?: DaemonTls,
): Promise<string | undefined> {
  const given = address ?? (process.env["DOCKER_HOST"] || undefined);
  if (given !== undefined && !tls && !host.insecure && isPlainRemote(given)) {
    const source = address === undefined ? `DOCKER_HOST, ${given},` : given;
    throw new pulumi.RunError(`hosts[${host.index}].address: ${source} ${insecureReason}`);
  }
  const failures: string[] = [];
  for (const candidate of given === undefined ? usualAddresses() : [given]) {
    const options = connectionTo(candidate);
    const failure = options && (await failureOf(options, tls));
    if (failure === undefined) return given;
    failures.push(`${candidate} (${failure})`);
  }
  throw new pulumi.RunError(
    `hosts[${host.index}].address: the Docker daemon of host ${host.name} cannot be reached. Tried to connect to ${failures.join(", ")}. Is the machine up, does the daemon listen there, and may this machine connect to it?`,
  );
}

/** Whether an address without certificates leads to another machine, where nothing protects the connection. */
export function isPlainRemote(address: string): boolean {
  const hostname = connectionTo(address)?.hostname ?? "";
  return hostname !== "" && !/^(localhost|127(\.\d+){3}|::1)$/.test(hostname);
}

/** Why such an address is refused. */
export const insecureReason =
  "is another machine without TLS: whoever sees the connection reads the pool's token, and whoever opens one is root on the host. Give `certificateAuthority`, `certificate` and `key`, use ssh://, or accept it with `insecure: true`";

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

function connectionTo(address: string): http.RequestOptions | undefined {
  if (address.startsWith("unix://")) return { socketPath: address.slice("unix://".length) };
  if (!address.startsWith("tcp://") || !URL.canParse(address)) return undefined;
  const { hostname, port } = new URL(address);
  return { hostname: hostname.replace(/^\[|\]$/g, ""), port: Number(port || 2375) };
}

/** Why a ping fails, where that is certain: a daemon that is slow is the plugin's to wait for. */
function failureOf(options: http.RequestOptions, tls: DaemonTls | undefined): Promise<string | undefined> {
  return new Promise((resolve) => {
    const settings = { ...options, path: "/_ping", agent: false, timeout: patience };
    const ping = tls === undefined ? http.request(settings) : https.request({ ...settings, ...tls });
    let connected = false;
    const end = (failure?: string) => {
      ping.destroy();
      resolve(failure);
    };
    ping.once("socket", (socket) => {
      socket.once("connect", () => {
        connected = true;
      });
    });
    ping.once("timeout", () => end(connected ? undefined : `no answer within ${patience / 1000} s`));
    ping.on("error", (error: NodeJS.ErrnoException & { reason?: string }) => {
      // Without TLS whoever listens may be busy; with it a broken connection is how the other side refuses.
      const failure = error.reason ?? (connected ? error.message : (error.code ?? error.message));
      end(connected && tls === undefined ? undefined : failure);
    });
    ping.once("response", (response) => {
      let said = "";
      response.setEncoding("utf8").on("data", (text: string) => {
        said += text;
      });
      response.once("end", () => end(refusal(response.statusCode, said)));
    });
    ping.end();
  });
}

function refusal(status: number | undefined, said: string): string | undefined {
  return status !== undefined && status >= 400 ? `${status}: ${said.trim().slice(0, 200)}` : undefined;
}
