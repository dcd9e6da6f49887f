import { z } from "zod";
import { controlPlaneOfPool, poolReference } from "../resources/common-inputs";
import {
  certificatesText,
  drainTimeoutSeconds,
  fleetAgent,
  fleetOidc,
  fleetToken,
  imageDigest,
  imageTag,
} from "./fleet";
import type { ComponentDefinition } from "./index";

const text = () => z.string().min(1, "must not be empty");

const host = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]*$/, "must consist of lower-case letters, digits and dashes")
      .describe(
        "Name of the host in this fleet; it becomes a part of the names of its containers. Another machine needs another name: with only another `address`, the containers of the old one would be left there.",
      )
      .meta({ plain: true }),
    address: z
      .string()
      .regex(/^(ssh|tcp|unix|npipe):\/\//, "must begin with ssh://, tcp:// or unix://")
      .optional()
      .describe(
        "Address of the Docker daemon: `ssh://user@host`, `tcp://host:2376` (with `certificateAuthority`, `certificate` and `key`) or `unix:///var/run/docker.sock`. Default: what Docker's own tools use.",
      ),
    certificateAuthority: certificatesText()
      .optional()
      .describe("PEM of the authority that signed the daemon's certificate."),
    certificate: certificatesText().optional().describe("PEM of the certificate for the daemon."),
    key: z
      .string()
      .regex(
        /-----BEGIN (?:(?:RSA|EC|DSA) )?PRIVATE KEY-----[A-Za-z0-9+/=\s]+-----END /,
        "must be PEM text that begins with -----BEGIN PRIVATE KEY-----, without a passphrase: give what the file contains, not its path",
      )
      .optional()
      .describe("PEM of the private key for the daemon.")
      .meta({ secret: true }),
    insecure: z
      .boolean()
      .optional()
      .describe(
        "Accepts `tcp://` without certificates to another machine: whoever sees the connection reads the pool's token, and whoever opens one is root on the host. Default: false.",
      )
      .meta({ plain: true }),
    sshOptions: z
      .array(text())
      .optional()
      .describe(
        "More options of the `ssh` command, for example `-i`, `/home/fleet/.ssh/fleet`. They win over this package's own, `-o ConnectTimeout=10 -o BatchMode=yes -o ServerAliveInterval=30`.",
      ),
    architecture: z
      .enum(["amd64", "arm64"])
      .optional()
      .describe(
        "Processor of the host, by default `amd64`. Pulumi's agent runs jobs on `amd64` only. All agents of an HCP Terraform pool must share one.",
      )
      .meta({ typeName: "HostArchitecture", plain: true }),
  })
  .describe("A machine with a Docker daemon.")
  .meta({ typeName: "DockerHost" });

const limits = z
  .strictObject({
    memoryMegabytes: z
      .int("must be a whole number of megabytes")
      .min(64, "must be at least 64: the vendors ask for 256 (Pulumi), 2048 (HashiCorp) and 3072 (env zero)")
      .optional()
      .describe("Memory of one agent, in mebibytes. Default: what the vendor asks for. Swap is not limited."),
    cpus: z
      .number()
      .positive("must be above zero")
      .optional()
      .describe("Processors of one agent, for example 1.5. Default: all of the host's."),
    cgroupParent: text()
      .optional()
      .describe(
        "Control group on the host below which containers go, for example a systemd slice whose `TasksMax` limits processes: Docker's provider has no limit of its own for them.",
      ),
  })
  .describe("What one agent may use.")
  .meta({ typeName: "DockerLimits" });

const logs = z
  .strictObject({
    maxSizeMegabytes: z
      .int()
      .min(1, "must be at least 1")
      .optional()
      .describe("Size at which a log file is rotated, in megabytes. Default: 10."),
    maxFiles: z
      .int()
      .min(1, "must be at least 1")
      .optional()
      .describe("How many log files are kept. Default: 3."),
  })
  .describe("Rotation of the containers' logs.")
  .meta({ typeName: "DockerLogRotation" });

const socketProxy = z
  .strictObject({
    version: imageTag()
      .describe("Release of HAProxy, the tag of its image, for example `3.2-alpine`: pin one.")
      .meta({ plain: true }),
    digest: imageDigest,
    image: text()
      .optional()
      .describe("Repository of the image without tag. Default: `haproxy`, Docker's official image.")
      .meta({ plain: true }),
    calls: z
      .array(
        z
          .string()
          .regex(
            /^(GET|HEAD|POST|PUT|DELETE) \/([A-Za-z0-9_./-]|\{id\}|\{name\})+$/,
            "must look like `POST /containers/{id}/exec`",
          ),
      )
      .optional()
      .describe(
        "Calls that go through besides those that it takes to run a container, in the words of Docker's API reference: `POST /containers/{id}/exec`. Refused calls are in the proxy's log.",
      )
      .meta({ plain: true }),
  })
  .describe("A filter between an agent and the Docker daemon.")
  .meta({ typeName: "DockerSocketProxy", plain: "shape" });

/** Agents on machines with Docker. */
export const dockerFleet = {
  name: "DockerFleet",
  description:
    "Agents of one pool as containers on one or more Docker hosts. They restart whenever they end, and have a read-only root, no capabilities, limits and rotated logs. A change replaces them one at a time, each only after its job has ended.",
  inputs: z.strictObject({
    controlPlane: controlPlaneOfPool,
    pool: poolReference,
    token: fleetToken,
    oidc: fleetOidc.optional(),
    agent: fleetAgent,
    hosts: z
      .array(host)
      .min(1, "must have at least one host")
      .optional()
      .describe("The machines. Default: one named `local`, at the address that Docker's own tools use.")
      .meta({ plain: "shape" }),
    replicas: z
      .int("must be a whole number")
      .min(1, "must be at least 1; to have no agents, remove the fleet")
      .default(1)
      .describe("How many agents run on each host.")
      .meta({ plain: true }),
    drainTimeoutSeconds,
    maxUnavailable: z
      .int("must be a whole number")
      .min(1, "must be at least 1")
      .default(1)
      .describe(
        "How many agents of the fleet a change may take out of service at the same time. First deployments go in steps of this many, too.",
      )
      .meta({ plain: true }),
    hostNetwork: z
      .boolean()
      .default(false)
      .describe("Whether agents share the host's network instead of having one of their own.")
      .meta({ plain: true }),
    healthPort: z
      .int()
      .min(1)
      .max(65_000)
      .default(8080)
      .describe(
        "Port of the health check of Pulumi's agent. On the host's network it is the first agent's; each further one takes the next.",
      )
      .meta({ plain: true }),
    networks: z
      .array(text())
      .optional()
      .describe("Names of Docker networks that agents join. Default: Docker's default bridge."),
    limits: limits.optional(),
    logs: logs.optional(),
    labels: z
      .record(z.string(), z.string())
      .optional()
      .describe("Labels of the containers. Not for secrets."),
    dockerSocket: z
      .string()
      .regex(/^\//, "must be an absolute path")
      .optional()
      .describe(
        "Path on the hosts of the Docker socket that Pulumi's agent starts its jobs through. Default: `/var/run/docker.sock`. Who reaches it is root on the host: only this agent gets it.",
      )
      .meta({ plain: true }),
    dockerSocketProxy: socketProxy
      .optional()
      .describe(
        "Puts an HAProxy between each of Pulumi's agents and the Docker socket, which lets only those calls through that it takes to run jobs. Agents cannot look at other containers' lists, run commands in them, or reach volumes, networks, builds and swarm. It is no wall: who may start containers can still become root on the host. Default: none.",
      ),
    awaitAgents: z
      .boolean()
      .optional()
      .describe(
        "Whether the deployment succeeds only once all agents serve the pool, and a change goes on to the next agent only once the one before serves again. Default: true, but not on env zero, whose API shows no single agents.",
      )
      .meta({ plain: true }),
    awaitTimeoutSeconds: z
      .int("must be a whole number of seconds")
      .min(1, "must be at least 1")
      .default(300)
      .describe("How long to wait for the agents, all at first and each after a change, in seconds.")
      .meta({ plain: true }),
  }),
  outputs: z.object({
    containerNames: z.array(z.string()).describe("Names of the agents' containers, host by host."),
    image: z.string().describe("The image that agents run."),
  }),
} satisfies ComponentDefinition;
