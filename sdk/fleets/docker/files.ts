import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { AgentConfiguration } from "../../agents/agent";
import { agents } from "../../agents/agents";
import type { DockerFleetArgs } from "../../resources/generated/components";
import { configurationFolder, daemonSocket, labelList } from "./container-args";
import { socketProxyFiles } from "./socket-proxy";

/** What a host's files are made of. */
export interface HostFiles {
  /** Name of fleet and host, with which those of the resources begin. */
  readonly name: string;
  readonly image: string;
  readonly configuration: pulumi.Output<AgentConfiguration>;
}

/**
 * A container that never starts and holds the configuration of a host's agents: the daemon takes no files for a container
 * with a read-only root. A change makes another one, and by its id every agent of the host notices. Undefined where
 * agents read no files.
 */
export function filesContainer(
  args: DockerFleetArgs,
  { name, image, configuration }: HostFiles,
  options: pulumi.CustomResourceOptions,
): docker.Container | undefined {
  const { agent, dockerSocketProxy } = args;
  const { drain } = agents[agent.kind].capabilities;
  if (drain !== "by-supervision" && agent.certificateAuthorities === undefined) return undefined;
  const uploads = configuration.apply(({ files }) =>
    [...files, ...socketProxyFiles(dockerSocketProxy)].map(({ name: file, content, permissions }) => ({
      file: `${configurationFolder}/${file}`,
      content,
      permissions,
    })),
  );
  const place = { volumes: [{ containerPath: configurationFolder }], uploads: pulumi.secret(uploads) };
  const dependsOn = requiredPaths(args).map(
    ([argument, source]) =>
      new docker.Container(
        `${name}-${argument}`,
        unstarted(image, args, { mounts: [{ type: "bind", source, target: "/required", readOnly: true }] }),
        { ...options, ...first },
      ),
  );
  return new docker.Container(`${name}-files`, unstarted(image, args, place), {
    ...options,
    ...first,
    dependsOn,
  });
}

/**
 * What must be on the host, by the argument that says so. For each there is a container that never starts, either: the
 * daemon makes none with a mount of what is not there, so that a deployment says at once what is missing, in the name of
 * the argument. Of the OIDC token agents mount the folder, since a mounted file stays what it was when it is renewed.
 */
function requiredPaths(args: DockerFleetArgs): [argument: string, path: pulumi.Input<string>][] {
  return [
    ...(agents[args.agent.kind].capabilities.needsDocker
      ? [["dockerSocket", daemonSocket(args)] satisfies [string, string]]
      : []),
    ...(args.oidc === undefined
      ? []
      : [["oidc.tokenFile", args.oidc.tokenFile] satisfies [string, pulumi.Input<string>]]),
  ];
}

/**
 * Docker's plugin deletes a container before it makes another in its place, and with it whatever refers to it: all agents
 * of the host at the same time.
 */
const first = { deleteBeforeReplace: false };

/** Arguments of a container that only holds something. */
function unstarted(
  image: string,
  { labels }: DockerFleetArgs,
  place: Pick<docker.ContainerArgs, "volumes" | "uploads" | "mounts">,
): docker.ContainerArgs {
  return {
    image,
    start: false,
    mustRun: false,
    networkMode: "none",
    labels: labelList(labels),
    ...place,
  };
}
