import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Agent, AgentConfiguration } from "../../agents/agent";
import { superviseFile } from "../../agents/pulumi-cloud";
import type { DockerFleetArgs } from "../../resources/generated/components";
import { oidcFolder, oidcFolderProblem } from "./oidc-folder";
import type { SocketProxy } from "./socket-proxy";

/** Where agents see their configuration files. */
export const configurationFolder = "/etc/runner-pools";

/** What distinguishes one container from the others of its fleet. */
export interface ContainerPlace {
  readonly name: string;
  readonly image: pulumi.Input<string>;
  readonly healthPort: number;
  /** Holds the configuration files, where there are any. */
  readonly files: docker.Container | undefined;
  /** What the agent shares with its jobs, where they are containers. */
  readonly shared: docker.Volume | undefined;
  /** Stands between the agent and the daemon, if so wished. */
  readonly proxy: SocketProxy | undefined;
}

/**
 * A container that runs an agent. Every property is one that reads back as it is declared, so that nothing differs
 * after a refresh: the swap limit is -1 (none) since kernels without swap accounting report that whatever was asked for.
 */
export function containerArgs(
  fleet: DockerFleetArgs,
  agent: Agent,
  configuration: pulumi.Output<AgentConfiguration>,
  { name, image, healthPort, files, shared, proxy }: ContainerPlace,
): docker.ContainerArgs {
  const { drainTimeoutSeconds = 3600, limits } = fleet;
  const limit = pulumi.output(limits ?? {});
  const environment = pulumi
    .all([configuration, shared?.mountpoint])
    .apply(([{ environment }, sharedFolder]) =>
      envs({
        ...environment,
        ...agent.placeEnvironment({ name, drainTimeoutSeconds, healthPort, sharedFolder }),
      }),
    );
  return {
    name,
    image,
    hostname: name,
    envs: environment,
    ...(agent.capabilities.drain === "by-supervision" && {
      entrypoints: ["/bin/sh"],
      command: [`${configurationFolder}/${superviseFile}`],
      workingDir: configurationFolder,
    }),
    ...(agent.image.user && { user: agent.image.user }),
    restart: "always",
    stopSignal: agent.capabilities.stopSignal,
    // For whoever stops it by hand, and for the daemon's own end; the plugin's deletion has a time of its own.
    stopTimeout: Math.max(1, drainTimeoutSeconds),
    destroyGraceSeconds: drainTimeoutSeconds,
    ...healthcheck(agent, healthPort),
    readOnly: true,
    tmpfs: Object.fromEntries(agent.image.temporaryFolders.map((folder) => [folder, temporary])),
    volumes: volumes(agent, files, shared, proxy),
    mounts: mounts(fleet, agent, proxy),
    capabilities: { drops: ["ALL"] },
    securityOpts: ["no-new-privileges"],
    memory: limit.apply(({ memoryMegabytes }) => memoryMegabytes ?? agent.memoryMegabytes),
    memorySwap: -1,
    cpus: cpus(fleet),
    cgroupParent: limit.apply(({ cgroupParent }) => cgroupParent as string),
    ...logging(fleet),
    ...networking(fleet),
    // An agent whose proxy is replaced must go before it, and a label is what makes it: nothing else tells of its proxy.
    labels: labelList(fleet.labels, proxy && { "runner-pools.socket-proxy": proxy.container.id }),
  };
}

/** Processors as the provider takes them. */
export function cpus({ limits }: DockerFleetArgs): pulumi.Output<string> {
  return pulumi
    .output(limits ?? {})
    .apply(({ cpus: number }) =>
      number === undefined ? undefined : String(number),
    ) as pulumi.Output<string>;
}

/** Labels as the provider takes them. */
export function labelList(
  labels: DockerFleetArgs["labels"],
  more: Record<string, pulumi.Input<string>> = {},
): docker.ContainerArgs["labels"] {
  return pulumi
    .all([labels ?? {}, more])
    .apply((all) => all.flatMap((some) => Object.entries(some).map(([label, value]) => ({ label, value }))));
}

/** Logs that are rotated. */
export function logging({ logs }: DockerFleetArgs): Partial<docker.ContainerArgs> {
  const rotation = pulumi.output(logs ?? {});
  return {
    logDriver: "json-file",
    logOpts: rotation.apply(({ maxSizeMegabytes = 10, maxFiles = 3 }) => ({
      "max-size": `${maxSizeMegabytes}m`,
      "max-file": String(maxFiles),
    })),
  };
}

const temporary = "rw,nosuid,nodev,exec,mode=1777";

function envs(environment: Readonly<Record<string, string>>): string[] {
  return Object.entries(environment)
    .map(([name, value]) => `${name}=${value}`)
    .sort();
}

/** The deployment waits until a container is healthy before it goes on with the next. */
function healthcheck(agent: Agent, port: number): Partial<docker.ContainerArgs> {
  const { healthPath } = agent.capabilities;
  if (healthPath === undefined) return {};
  const tests = ["CMD", "wget", "-q", "-O", "/dev/null", `http://127.0.0.1:${port}${healthPath}`];
  return {
    healthcheck: { tests, interval: "5s", timeout: "5s", retries: 6, startPeriod: "30s" },
    wait: true,
    waitTimeout: 120,
  };
}

function volumes(
  { image }: Agent,
  files: docker.Container | undefined,
  shared: docker.Volume | undefined,
  proxy: SocketProxy | undefined,
): docker.ContainerArgs["volumes"] {
  return [
    // Without a name a volume gets the image's content and owner, and goes with its container.
    ...image.writableFolders.map((containerPath) => ({ containerPath })),
    ...(files ? [{ fromContainer: pulumi.interpolate`${files.id}:ro` }] : []),
    ...(shared ? [{ volumeName: shared.name, containerPath: shared.mountpoint }] : []),
    ...(proxy ? [{ volumeName: proxy.volume.name, containerPath: socketFolder }] : []),
  ];
}

function mounts(
  fleet: DockerFleetArgs,
  agent: Agent,
  proxy: SocketProxy | undefined,
): docker.ContainerArgs["mounts"] {
  const sockets = agent.capabilities.needsDocker && proxy === undefined ? [daemonSocketMount(fleet)] : [];
  if (fleet.oidc === undefined) return sockets;
  const folder = pulumi.output(fleet.oidc.tokenFile).apply((file) => {
    const problem = oidcFolderProblem(file, daemonSocket(fleet));
    if (problem) throw new pulumi.RunError(`oidc.tokenFile: ${problem}`);
    return oidcFolder(file);
  });
  return [...sockets, { type: "bind", source: folder, target: folder, readOnly: true }];
}

/** A bind mount of this form, unlike one among the volumes, is refused by the daemon when its source is missing. */
export function daemonSocketMount(fleet: DockerFleetArgs) {
  return { type: "bind", source: daemonSocket(fleet), target: defaultSocket };
}

/** Where the daemon's socket is on the hosts. */
export function daemonSocket({ dockerSocket }: DockerFleetArgs): string {
  return dockerSocket ?? defaultSocket;
}

const socketFolder = "/var/run";
/** Where the daemon's socket is in agents, and on hosts unless the user says otherwise. */
export const defaultSocket = `${socketFolder}/docker.sock`;

/** The first network is the container's own, since on the default bridge it would have two ways out. */
function networking({ hostNetwork, networks }: DockerFleetArgs): Partial<docker.ContainerArgs> {
  if (hostNetwork) return { networkMode: "host" };
  if (networks === undefined) return { networkMode: "bridge" };
  const names = pulumi.output(networks);
  return {
    networkMode: names.apply(([first]) => first ?? "bridge"),
    networksAdvanced: names.apply(([, ...others]) => others.map((name) => ({ name }))),
  };
}
