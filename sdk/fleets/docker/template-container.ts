import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { AgentConfiguration } from "../../agents/agent";
import { agents } from "../../agents/agents";
import type { DockerFleetArgs } from "../../resources/generated/components";
import { configurationFolder, cpus, daemonSocket, labelList } from "./container-args";
import { socketProxyFiles } from "./socket-proxy";

/** What a host's template is made of. */
export interface Template {
  /** Name of fleet and host, with which those of the resources begin. */
  readonly name: string;
  readonly image: string;
  readonly configuration: pulumi.Output<AgentConfiguration>;
}

/** Whether the agents of a fleet read files. */
export function hasFiles({ agent }: DockerFleetArgs): boolean {
  return (
    agents[agent.kind].capabilities.drain === "by-supervision" || agent.certificateAuthorities !== undefined
  );
}

/**
 * A container that never starts, which a host's agents come after. With it the daemon pulls the image and looks at the
 * limits before any agent that works has to go. It also holds the agents' files, where they read some, since the daemon
 * takes none for a container with a read-only root: a change makes another one, and by its id every agent notices.
 */
export function templateContainer(
  args: DockerFleetArgs,
  { name, image, configuration }: Template,
  options: pulumi.CustomResourceOptions,
): docker.Container {
  const uploads = configuration.apply(({ files }) =>
    [...files, ...socketProxyFiles(args.dockerSocketProxy)].map(({ name: file, content, permissions }) => ({
      file: `${configurationFolder}/${file}`,
      content,
      permissions,
    })),
  );
  const place = {
    cpus: cpus(args),
    ...(hasFiles(args) && {
      volumes: [{ containerPath: configurationFolder }],
      uploads: pulumi.secret(uploads),
    }),
  };
  const dependsOn = requiredPaths(args).map(
    ([argument, source]) =>
      new docker.Container(
        `${name}-${argument}`,
        unstarted(image, args, { mounts: [{ type: "bind", source, target: "/required", readOnly: true }] }),
        { ...options, ...first },
      ),
  );
  return new docker.Container(`${name}-template`, unstarted(image, args, place), {
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
  place: Pick<docker.ContainerArgs, "cpus" | "volumes" | "uploads" | "mounts">,
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
