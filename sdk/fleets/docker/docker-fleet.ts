import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { typeToken } from "../../../provider/type-token";
import type { AgentConfiguration } from "../../agents/agent";
import { agents } from "../../agents/agents";
import type { DockerFleetArgs, DockerHostArgs } from "../../resources/generated/components";
import { AgentsOnline, type AgentsOnlineArgs } from "../../resources/generated/resources";
import { controlPlaneInput, poolInput } from "../../resources/pool-input";
import { agentConfiguration } from "../agent-configuration";
import { imageReference } from "../check-agent";
import { refuse } from "../check-known";
import { Turns } from "../turns";
import { dockerFleetProblems } from "./check";
import { configurationFolder, containerArgs } from "./container-args";
import { hostProvider } from "./host-provider";
import { containerName } from "./names";
import { type SocketProxy, socketProxy, socketProxyImage } from "./socket-proxy";
import { hasFiles, templateContainer } from "./template-container";

/**
 * Agents of one pool as containers on one or more Docker hosts. They restart whenever they end, and have a read-only
 * root, no capabilities, limits and rotated logs. A change replaces them one at a time, each only after its job has ended.
 *
 * @example
 * ```ts
 * new DockerFleet("builders", {
 *   pool,
 *   token: token.value,
 *   agent: { kind: "hcp-terraform", version: "1.30.2" },
 *   hosts: [{ name: "edge", address: "ssh://fleet@edge.acme.example" }],
 *   replicas: 3,
 * });
 * ```
 */
export class DockerFleet extends pulumi.ComponentResource {
  /** Names of the agents' containers, host by host. */
  readonly containerNames: pulumi.Output<string[]>;
  /** The image that agents run. */
  readonly image: pulumi.Output<string>;

  constructor(name: string, args: DockerFleetArgs, options?: pulumi.ComponentResourceOptions) {
    // The arguments hold secrets, and state keeps a component's inputs as they are.
    super(typeToken("DockerFleet"), name, {}, options);
    refuse("DockerFleet", name, dockerFleetProblems(args));
    const { hosts = [{ name: "local" }], replicas = 1, maxUnavailable = 1 } = args;
    const image = imageReference(args.agent);
    const configuration = agentConfiguration(args, configurationFolder);
    const turns = new Turns(maxUnavailable);
    const containers = hosts.flatMap((host, position) => {
      const provider = hostProvider(`${name}-${host.name}`, host, position, { parent: this });
      const template = templateContainer(
        args,
        { name: `${name}-${host.name}`, image, configuration },
        { parent: this, provider },
      );
      return Array.from({ length: replicas }, (_, index) => {
        const container = this.container(name, args, {
          host,
          index,
          image,
          configuration,
          template,
          provider,
          turns,
        });
        turns.add(this.serving(`${name}-${host.name}-${index + 1}`, args, container) ?? container);
        return container;
      });
    });
    if (args.awaitAgents ?? agents[args.agent.kind].capabilities.isListed) this.await(name, args, containers);
    this.containerNames = pulumi.all(containers.map((container) => container.name));
    this.image = pulumi.output(image);
    this.registerOutputs({ containerNames: this.containerNames, image: this.image });
  }

  private container(fleetName: string, args: DockerFleetArgs, member: FleetMember): docker.Container {
    const { host, index, configuration, template, provider, turns } = member;
    const { drainTimeoutSeconds = 3600, healthPort = 8080, hostNetwork } = args;
    const agent = agents[args.agent.kind];
    const name = `${fleetName}-${host.name}-${index + 1}`;
    const options = { parent: this, provider };
    const place = {
      name: containerName(fleetName, host.name, index + 1),
      image: turns.wait(member.image),
      healthPort: hostNetwork ? healthPort + index : healthPort,
      files: hasFiles(args) ? template : undefined,
      shared: agent.capabilities.needsDocker ? new docker.Volume(name, {}, options) : undefined,
      proxy: this.proxy(name, fleetName, args, member),
    };
    return new docker.Container(name, containerArgs(args, agent, configuration, place), {
      ...options,
      dependsOn: place.proxy ? [template, place.proxy.container] : template,
      // Its name is taken as long as the old one lives, which lasts as long as its job.
      deleteBeforeReplace: true,
      // Only by an update in place a new drain timeout holds for those that go next: they go by what state says.
      ignoreChanges: ["stopTimeout"],
      customTimeouts: { delete: `${drainTimeoutSeconds + MARGIN}s` },
    });
  }

  private proxy(
    name: string,
    fleetName: string,
    args: DockerFleetArgs,
    { host, index, template, provider, turns }: FleetMember,
  ): SocketProxy | undefined {
    if (args.dockerSocketProxy === undefined) return undefined;
    const place = {
      name,
      containerName: containerName(fleetName, host.name, `${index + 1}-docker`),
      image: turns.wait(socketProxyImage(args.dockerSocketProxy)),
      files: template,
    };
    return socketProxy(args, place, { parent: this, provider });
  }

  /**
   * What tells that an agent that was replaced serves again, where a running container alone does not: until then the
   * next one stays, also for ever, if the change was a bad one.
   */
  private serving(
    name: string,
    args: DockerFleetArgs,
    container: docker.Container,
  ): AgentsOnline | undefined {
    const { agent, awaitAgents, awaitTimeoutSeconds } = args;
    const { isListed, healthPath } = agents[agent.kind].capabilities;
    if (!isListed || healthPath !== undefined || awaitAgents === false) return undefined;
    return new AgentsOnline(
      name,
      {
        ...poolOf(args),
        names: [container.name],
        timeoutSeconds: awaitTimeoutSeconds ?? 300,
        triggers: [container.id],
        waitOnCreate: false,
      },
      { parent: this },
    );
  }

  private await(name: string, args: DockerFleetArgs, containers: docker.Container[]): void {
    new AgentsOnline(
      name,
      {
        ...poolOf(args),
        count: containers.length,
        names: containers.map((container) => container.name),
        timeoutSeconds: args.awaitTimeoutSeconds ?? 300,
        triggers: containers.map(({ id }) => id),
      },
      { parent: this },
    );
  }
}

/** The pool, and its control plane as far as the program tells it. */
function poolOf(args: DockerFleetArgs): Pick<AgentsOnlineArgs, "pool" | "controlPlane"> {
  const controlPlane = controlPlaneInput(args);
  return { pool: poolInput(args.pool), ...(controlPlane !== undefined && { controlPlane }) };
}

/** Seconds that a deletion may take over what the agent is given. */
const MARGIN = 120;

/** One agent of a fleet. */
interface FleetMember {
  readonly host: DockerHostArgs;
  readonly index: number;
  readonly image: string;
  readonly configuration: pulumi.Output<AgentConfiguration>;
  readonly template: docker.Container;
  readonly provider: docker.Provider;
  readonly turns: Turns;
}
