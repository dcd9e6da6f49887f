import { dockerFleet } from "../../../provider/components/docker-fleet";
import { agents } from "../../agents/agents";
import type { DockerFleetArgs } from "../../resources/generated/components";
import { agentProblems, isMovingTag } from "../check-agent";
import { type ArgumentProblem, problemsOf } from "../check-known";
import { defaultSocket } from "./container-args";
import { oidcFolderProblem } from "./oidc-folder";
import { insecureReason, isPlainRemote } from "./reach";

/** Everything about the arguments that is known to be wrong when the program runs. */
export function dockerFleetProblems(args: DockerFleetArgs): ArgumentProblem[] {
  const problems = problemsOf(dockerFleet.inputs, args);
  // What does not fit together is only worth saying of arguments that are right by themselves.
  return problems.length > 0
    ? problems
    : [...agentProblems(args), ...hostProblems(args), ...placeProblems(args)];
}

/**
 * Docker's provider ignores an authority without the other two, and without an authority it checks no certificate of a
 * daemon at all.
 */
const tlsProperties = ["certificateAuthority", "certificate", "key"] as const;

function hostProblems({ hosts = [], agent }: DockerFleetArgs): ArgumentProblem[] {
  const { title, capabilities } = agents[agent.kind];
  const used = new Set(hosts.map(({ architecture = "amd64" }) => architecture));
  return hosts.flatMap((host, index) => {
    const { name, architecture = "amd64", address } = host;
    const isTls = tlsProperties.some((property) => host[property] !== undefined);
    const otherAddress = typeof address === "string" && !address.startsWith("tcp:");
    const problems: [wrong: boolean, property: string, reason: string][] = [
      [
        hosts.findIndex((other) => other.name === name) < index,
        "name",
        `there is another host named ${name}: each needs a name of its own`,
      ],
      [
        !capabilities.architectures.includes(architecture),
        "architecture",
        `${title} runs jobs on ${capabilities.architectures.join(", ")} only: the runner that it puts into them exists for nothing else`,
      ],
      [
        capabilities.locksArchitecture && used.size > 1,
        "architecture",
        `agents of one pool must all have the same, and the hosts have ${[...used].join(" and ")}: make a pool for each`,
      ],
      ...tlsProperties.map((property): [boolean, string, string] => [
        isTls && host[property] === undefined,
        property,
        "is missing: `certificateAuthority`, `certificate` and `key` go together, or the connection would be no safe one",
      ]),
      [
        !isTls && !host.insecure && typeof address === "string" && isPlainRemote(address),
        "address",
        insecureReason,
      ],
      [
        isTls && otherAddress,
        "address",
        "must begin with tcp:// where there are certificates: they are for that only",
      ],
    ];
    return problems
      .filter(([wrong]) => wrong)
      .map(([, property, reason]) => ({ propertyPath: `hosts[${index}].${property}`, reason }));
  });
}

function placeProblems({
  oidc,
  hostNetwork,
  networks,
  dockerSocket,
  dockerSocketProxy,
  awaitAgents,
  agent,
}: DockerFleetArgs): ArgumentProblem[] {
  const { title, capabilities } = agents[agent.kind];
  const folder =
    typeof oidc?.tokenFile === "string"
      ? oidcFolderProblem(oidc.tokenFile, dockerSocket ?? defaultSocket)
      : undefined;
  const problems: [wrong: boolean, propertyPath: string, reason: string][] = [
    [folder !== undefined, "oidc.tokenFile", folder ?? ""],
    [
      hostNetwork === true && networks !== undefined,
      "networks",
      "agents on the host's network cannot join others: leave out `networks` or `hostNetwork`",
    ],
    [
      dockerSocket !== undefined && !capabilities.needsDocker,
      "dockerSocket",
      `${title} does not use Docker, and who reaches the socket is root on the host: leave it out`,
    ],
    [
      dockerSocketProxy !== undefined && !capabilities.needsDocker,
      "dockerSocketProxy",
      `${title} does not use Docker, so there is nothing to filter: leave it out`,
    ],
    [
      isMovingTag(dockerSocketProxy?.version ?? ""),
      "dockerSocketProxy.version",
      `\`${dockerSocketProxy?.version}\` changes by itself: name a release`,
    ],
    [
      awaitAgents === true && !capabilities.isListed,
      "awaitAgents",
      `the control plane of ${title} shows no single agents, so there is nothing to wait for: leave it out`,
    ],
  ];
  return problems.filter(([wrong]) => wrong).map(([, propertyPath, reason]) => ({ propertyPath, reason }));
}
