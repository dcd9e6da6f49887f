import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { AgentConfiguration } from "../../agents/agent";
import { agents } from "../../agents/agents";
import type { DockerFleetArgs } from "../../resources/generated/components";
import { configurationFolder, labelList } from "./container-args";
import { socketProxyFiles } from "./socket-proxy";

/** What a host's files are made of. */
export interface HostFiles {
  /** Name of the resource. */
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
  const dependsOn = tokenFileContainer(`${name}-oidc`, args, image, options);
  return new docker.Container(name, unstarted(image, args, place), { ...options, ...first, dependsOn });
}

/**
 * Never starts, either: the daemon makes no container with a mount of what is not there, and so a deployment says at
 * once that the token is missing. Agents mount the folder, since a mounted file stays what it was when it is renewed.
 */
function tokenFileContainer(
  name: string,
  args: DockerFleetArgs,
  image: string,
  options: pulumi.CustomResourceOptions,
): docker.Container[] {
  if (args.oidc === undefined) return [];
  const mounts = [{ type: "bind", source: args.oidc.tokenFile, target: "/token", readOnly: true }];
  return [new docker.Container(name, unstarted(image, args, { mounts }), { ...options, ...first })];
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
