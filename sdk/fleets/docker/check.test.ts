import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import type { DockerFleetArgs } from "../../resources/generated/components.ts";
import { dockerFleetProblems } from "./check.ts";

const controlPlane = { kind: "hcp-terraform", organization: "acme" } as const;
const tfc: DockerFleetArgs = {
  controlPlane,
  pool: "apool-1",
  token: "secret",
  agent: { kind: "hcp-terraform", version: "1.30.2" },
};
const workflowAgent: DockerFleetArgs = {
  controlPlane: { kind: "pulumi-cloud", organization: "acme" },
  pool: "pool-1",
  token: "secret",
  agent: { kind: "pulumi-cloud", version: "v2.3.0" },
};
const certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const key = "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n";
const oidc = { tokenFile: "/run/oidc/token" };

const cases: [what: string, args: unknown, propertyPath: string, reason: RegExp][] = [
  ["no replicas", { ...tfc, replicas: 0 }, "replicas", /at least 1/],
  ["fewer replicas than none", { ...tfc, replicas: -1 }, "replicas", /at least 1/],
  ["half a replica", { ...tfc, replicas: 1.5 }, "replicas", /whole number/],
  [
    "a negative drain timeout",
    { ...tfc, drainTimeoutSeconds: -1 },
    "drainTimeoutSeconds",
    /not be below zero/,
  ],
  ["no time for agents to come", { ...tfc, awaitTimeoutSeconds: 0 }, "awaitTimeoutSeconds", /at least 1/],
  [
    "a time in words",
    { ...tfc, awaitTimeoutSeconds: "5m" },
    "awaitTimeoutSeconds",
    /whole number of seconds/,
  ],
  [
    "a login that lasts no time",
    { ...workflowAgent, token: undefined, oidc: { ...oidc, expirationSeconds: 0 } },
    "oidc.expirationSeconds",
    /at least 1/,
  ],
  ["no hosts", { ...tfc, hosts: [] }, "hosts", /at least one host/],
  [
    "two hosts with one name",
    { ...tfc, hosts: [{ name: "a" }, { name: "b" }, { name: "a" }] },
    "hosts[2].name",
    /another host named a/,
  ],
  [
    "an address that is none",
    { ...tfc, hosts: [{ name: "a", address: "edge.acme.example" }] },
    "hosts[0].address",
    /ssh:\/\//,
  ],
  [
    "a certificate without its key",
    { ...tfc, hosts: [{ name: "a", certificate }] },
    "hosts[0].key",
    /go together/,
  ],
  [
    "certificates without the authority that checks the daemon's",
    { ...tfc, hosts: [{ name: "a", address: "tcp://edge:2376", certificate, key }] },
    "hosts[0].certificateAuthority",
    /go together/,
  ],
  [
    "an authority alone, which would leave the connection without TLS",
    { ...tfc, hosts: [{ name: "a", address: "tcp://edge:2376", certificateAuthority: certificate }] },
    "hosts[0].certificate",
    /go together/,
  ],
  [
    "another machine without TLS",
    { ...tfc, hosts: [{ name: "a", address: "tcp://10.0.0.1:2375" }] },
    "hosts[0].address",
    /reads the pool's token.*insecure: true/,
  ],
  [
    "an OIDC token beside the Docker socket",
    { ...workflowAgent, token: undefined, oidc: { tokenFile: "/run/token" } },
    "oidc.tokenFile",
    /folder of its own/,
  ],
  [
    "certificates for SSH",
    {
      ...tfc,
      hosts: [{ name: "a", address: "ssh://edge", certificateAuthority: certificate, certificate, key }],
    },
    "hosts[0].address",
    /tcp:/,
  ],
  [
    "less memory than any agent needs",
    { ...tfc, limits: { memoryMegabytes: 10 } },
    "limits.memoryMegabytes",
    /at least 64/,
  ],
  [
    "the path of a file in place of the agent's authorities",
    { ...tfc, agent: { ...tfc.agent, certificateAuthorities: "/etc/ssl/acme.pem" } },
    "agent.certificateAuthorities",
    /what the file contains, not its path/,
  ],
  ...(["certificateAuthority", "certificate", "key"] as const).map(
    (property): [string, unknown, string, RegExp] => [
      `a ${property} that is not PEM`,
      {
        ...tfc,
        hosts: [
          {
            ...{ name: "a", address: "tcp://edge:2376", certificateAuthority: certificate, certificate, key },
            [property]: "./file.pem",
          },
        ],
      },
      `hosts[0].${property}`,
      /must be PEM text/,
    ],
  ),
  [
    "a key with a passphrase",
    { ...tfc, hosts: [{ name: "a", key: key.replaceAll("PRIVATE", "ENCRYPTED PRIVATE") }] },
    "hosts[0].key",
    /without a passphrase/,
  ],
  ["neither token nor oidc", { ...tfc, token: undefined }, "token", /is missing/],
  ["both token and oidc", { ...workflowAgent, oidc }, "token", /one of the two/],
  ["oidc where there is none", { ...tfc, token: undefined, oidc }, "oidc", /has no OIDC login/],
  [
    "an image that is not pinned",
    { ...tfc, agent: { kind: "hcp-terraform", version: "latest" } },
    "agent.version",
    /allowUnpinned/,
  ],
  [
    "a tag that moves, of one processor",
    { ...tfc, agent: { kind: "hcp-terraform", version: "latest-amd64" } },
    "agent.version",
    /`latest-amd64` changes by itself/,
  ],
  [
    "an agent of env zero from before it knew the tokens of pools",
    {
      ...tfc,
      controlPlane: { kind: "env-zero", organization: "acme" },
      agent: { kind: "env-zero", version: "4.1.9", envZero: { stateEncryptionKey: "a2V5" } },
    },
    "agent.version",
    /4\.2\.0 or later/,
  ],
  [
    "a digest in the version",
    { ...tfc, agent: { kind: "hcp-terraform", version: "1.30.2@sha256:abc" } },
    "agent.version",
    /`digest`/,
  ],
  [
    "a variable that is the fleet's to set",
    { ...tfc, agent: { ...tfc.agent, environment: { TFC_AGENT_TOKEN: "x" } } },
    "agent.environment.TFC_AGENT_TOKEN",
    /for the fleet to set/,
  ],
  [
    "a tag in the image",
    { ...tfc, agent: { ...tfc.agent, image: "registry:5000/agent:1" } },
    "agent.image",
    /into `version`/,
  ],
  [
    "an agent that does not exist",
    { ...tfc, agent: { kind: "x", version: "1" } },
    "agent.kind",
    /one of pulumi/,
  ],
  [
    "settings of another agent",
    { ...tfc, agent: { ...tfc.agent, pulumiCloud: {} } },
    "agent.pulumiCloud",
    /another agent/,
  ],
  [
    "env zero without the key that it needs",
    {
      ...tfc,
      controlPlane: { kind: "env-zero", organization: "acme" },
      agent: { kind: "env-zero", version: "5.2.2" },
    },
    "agent.envZero",
    /stateEncryptionKey/,
  ],
  [
    "arm64 with Pulumi's docker target",
    { ...workflowAgent, hosts: [{ name: "a", architecture: "arm64" }] },
    "hosts[0].architecture",
    /amd64 only/,
  ],
  [
    "two architectures in one HCP Terraform pool",
    { ...tfc, hosts: [{ name: "a" }, { name: "b", architecture: "arm64" }] },
    "hosts[1].architecture",
    /a pool for each/,
  ],
  [
    "a socket for an agent that needs none",
    { ...tfc, dockerSocket: "/x.sock" },
    "dockerSocket",
    /leave it out/,
  ],
  [
    "a socket proxy for an agent that has no socket",
    { ...tfc, dockerSocketProxy: { version: "3.2-alpine" } },
    "dockerSocketProxy",
    /leave it out/,
  ],
  [
    "a call that is none",
    { ...workflowAgent, dockerSocketProxy: { version: "3.2-alpine", calls: ["containers/create"] } },
    "dockerSocketProxy.calls[0]",
    /POST \/containers/,
  ],
  [
    "networks of their own and the host's",
    { ...tfc, hostNetwork: true, networks: ["a"] },
    "networks",
    /hostNetwork/,
  ],
  ["a property that does not exist", { ...tfc, replica: 2 }, "replica", /no such property/],
  [
    "an agent of another control plane",
    { ...tfc, agent: workflowAgent.agent },
    "agent.kind",
    /pulumi-cloud only/,
  ],
  ["a missing agent", { ...tfc, agent: undefined }, "agent", /is missing/],
];

describe("arguments of DockerFleet", () => {
  it.each(cases)("names what is wrong with %s", (_, args, propertyPath, reason) => {
    const problems = dockerFleetProblems(args as DockerFleetArgs);
    expect(problems).toContainEqual({ propertyPath, reason: expect.stringMatching(reason) });
  });

  it("takes what is right, and what is known later only", () => {
    expect(dockerFleetProblems(tfc)).toEqual([]);
    expect(dockerFleetProblems({ ...workflowAgent, token: pulumi.output("later") })).toEqual([]);
    for (const host of [
      { name: "a", address: "tcp://10.0.0.1:2375", insecure: true },
      ...["tcp://127.0.0.1:2375", "tcp://[::1]:2375", "unix:///run/docker.sock", "ssh://edge"].map(
        (address) => ({
          name: "a",
          address,
        }),
      ),
    ]) {
      expect(dockerFleetProblems({ ...tfc, hosts: [host] })).toEqual([]);
    }
    expect(
      dockerFleetProblems({ ...tfc, agent: { ...tfc.agent, version: "latest", allowUnpinned: true } }),
    ).toEqual([]);
  });

  it("takes a pool by itself or by its id, without its control plane", () => {
    const { controlPlane: _, ...rest } = tfc;
    const pool = { id: "hcp-terraform/acme/apool-1", controlPlane };
    expect(dockerFleetProblems({ ...rest, pool })).toEqual([]);
    expect(dockerFleetProblems({ ...rest, pool: pool.id })).toEqual([]);
    expect(dockerFleetProblems({ ...rest, pool: pulumi.output(pool.id) })).toEqual([]);
  });

  it("shows no secret", () => {
    const problems = dockerFleetProblems({ ...tfc, oidc, replicas: 0 });
    expect(JSON.stringify(problems)).not.toContain('secret"');
  });
});
