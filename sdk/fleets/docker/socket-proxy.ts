import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { AgentFile } from "../../agents/agent";
import type { DockerFleetArgs, DockerSocketProxyArgs } from "../../resources/generated/components";
import { configurationFolder, daemonSocketMount, labelList, logging } from "./container-args";

/** Name of the proxy's configuration, below the configuration folder. */
const configurationFile = "haproxy.cfg";

/** Where the proxy makes its socket, in its own container. */
const proxyFolder = "/run/docker-proxy";

/**
 * Calls that it takes to run a container as `docker run` does, in the words of Docker's API reference. Which calls
 * Pulumi's agent makes is not published, so that these are enough is a guess; `dockerSocketProxy.calls` adds more.
 */
const neededCalls = [
  "HEAD /_ping",
  "GET /_ping",
  "GET /version",
  "GET /info",
  "POST /images/create",
  "GET /images/{name}/json",
  "POST /containers/create",
  "GET /containers/{id}/json",
  "GET /containers/{id}/logs",
  "POST /containers/{id}/attach",
  "POST /containers/{id}/start",
  "POST /containers/{id}/wait",
  "POST /containers/{id}/resize",
  "POST /containers/{id}/stop",
  "POST /containers/{id}/kill",
  "DELETE /containers/{id}",
];

/** A proxy of one agent, and the volume in which it makes its socket. */
export interface SocketProxy {
  readonly container: docker.Container;
  readonly volume: docker.Volume;
}

/** What a proxy needs of its fleet. */
export interface SocketProxyPlace {
  /** Name of the resources. */
  readonly name: string;
  readonly containerName: string;
  readonly image: pulumi.Input<string>;
  /** Holds the configuration, see {@link socketProxyFiles}. */
  readonly files: docker.Container;
}

/**
 * An HAProxy between one agent and the Docker daemon. Each agent has its own: one that several shared could not be
 * replaced before the jobs of all of them have ended.
 */
export function socketProxy(
  fleet: DockerFleetArgs,
  { name, containerName, image, files }: SocketProxyPlace,
  options: pulumi.CustomResourceOptions,
): SocketProxy {
  const volume = new docker.Volume(`${name}-docker`, {}, options);
  const container = new docker.Container(
    `${name}-docker`,
    {
      name: containerName,
      image,
      entrypoints: ["haproxy"],
      command: ["-db", "-f", `${configurationFolder}/${configurationFile}`],
      // The socket of the daemon belongs to root, and without capabilities root is just its owner.
      user: "0:0",
      restart: "always",
      stopSignal: "SIGTERM",
      readOnly: true,
      networkMode: "none",
      capabilities: { drops: ["ALL"] },
      securityOpts: ["no-new-privileges"],
      memory: 64,
      memorySwap: -1,
      volumes: [
        { volumeName: volume.name, containerPath: proxyFolder },
        { fromContainer: pulumi.interpolate`${files.id}:ro` },
      ],
      mounts: [daemonSocketMount(fleet)],
      ...logging(fleet),
      labels: labelList(fleet.labels),
    },
    { ...options, deleteBeforeReplace: true },
  );
  return { container, volume };
}

/** The proxies' file among those of the agents of a host, where there are proxies. */
export function socketProxyFiles(proxy: DockerSocketProxyArgs | undefined): AgentFile[] {
  return proxy === undefined
    ? []
    : [{ name: configurationFile, content: socketProxyConfiguration(proxy), permissions: "0444" }];
}

/** Configuration of an HAProxy that answers what it does not let through as the daemon would answer a mistake. */
function socketProxyConfiguration({ calls = [] }: { readonly calls?: readonly string[] }): string {
  const rules = [...neededCalls, ...calls].map((call) => {
    const [method, path = ""] = call.split(" ");
    return `    http-request allow if { method ${method} } { path_reg '${pathPattern(path)}' }`;
  });
  // Jobs keep a call open for as long as they last; HAProxy takes no more than 24 days.
  return `global
    log stdout format raw local0
    maxconn 256
defaults
    mode http
    timeout connect 5s
    timeout client 20d
    timeout server 20d
    timeout tunnel 20d
frontend agent
    bind unix@${proxyFolder}/docker.sock mode 600
    log global
    log-format "refused %HM %HP"
    http-request set-log-level silent
${rules.join("\n")}
    http-request set-log-level notice
    http-request return status 403 content-type application/json lf-string '{"message":"%[method,json(utf8s)] %[path,json(utf8s)] is not among the calls that the socket proxy of this fleet lets through: see dockerSocketProxy.calls"}'
    default_backend daemon
backend daemon
    server daemon unix@/var/run/docker.sock
`;
}

/** Docker's API knows each path with and without its version in front. */
function pathPattern(path: string): string {
  const pattern = path
    .replaceAll(".", "[.]")
    .replaceAll("{id}", "[a-zA-Z0-9][a-zA-Z0-9_.-]*")
    .replaceAll("{name}", "[a-zA-Z0-9]([a-zA-Z0-9_:@/-]|[.][a-zA-Z0-9_-])*");
  return `^(/v[0-9.]+)?${pattern}$`;
}

/** The image with tag and digest. */
export function socketProxyImage({ image = "haproxy", version, digest }: DockerSocketProxyArgs): string {
  return `${image}:${version}${digest === undefined ? "" : `@${digest}`}`;
}
