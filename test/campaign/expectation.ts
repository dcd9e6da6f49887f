import type { EmulatorState } from "../../emulator/index.ts";
import { keyOf, type PlaneKind, type Side, type Target } from "./organization.ts";
import { assignmentsOf, defaultsOf, type Program, poolsOf, sharedPool, targetsOf } from "./program.ts";
import { commonPool, keptTag, type Stranger, strangersPool, taggedStacks } from "./stranger.ts";

/**
 * What must be so once both programs are deployed, one line for each thing: from the programs and from what the stranger
 * did, and from nothing that the product says.
 */
export function expectedLines(programs: Readonly<Record<Side, Program>>, stranger: Stranger): string[] {
  const lines = [
    ...[...stranger.pools.keys()].map((pool) => poolLine(pool, "")),
    ...[...stranger.tokens].map(([pool, token]) => tokenLine(pool, token)),
    ...[...stranger.assigned]
      .filter(([, pool]) => pool !== "")
      .map(([target, pool]) => targetLine(target, pool)),
    ...[...stranger.shares].map((name) => accessLine(commonPool, "workspace", name)),
    ...[...stranger.defaults].map((plane) => defaultLine(plane, strangersPool)),
    ...taggedStacks.map(tagLine),
    ...Object.values(programs).flatMap(linesOf),
  ];
  return [...new Set(lines)].sort();
}

function linesOf(program: Program): string[] {
  const names = new Map([
    ...poolsOf(program).map(({ key, name }) => [key, name] as const),
    [sharedPool, commonPool],
  ]);
  return [
    ...poolsOf(program).map(({ plane, name, description = "" }) => poolLine(`${plane} ${name}`, description)),
    ...defaultsOf(program).map(({ plane, pool }) => defaultLine(plane, names.get(pool) ?? "")),
    ...assignmentsOf(program).flatMap(({ plane, members, pool }) => {
      const name = names.get(pool) ?? "";
      return targetsOf(plane, members).flatMap((target) => [
        targetLine(keyOf(target), name),
        ...(plane === "hcp-terraform" ? [accessLine(name, target.kind, target.name)] : []),
      ]);
    }),
  ];
}

/** What is so, in the same lines; what appears twice has two lines. */
export function actualLines({ pulumiCloud, envZero, hcpTerraform }: EmulatorState): string[] {
  const [pulumi] = pulumiCloud.organizations;
  const [hcp] = hcpTerraform.organizations;
  if (!pulumi || !hcp) throw new Error("the emulator has lost its organization");
  const named = (pools: readonly { id: string; name: string }[], id: unknown) =>
    pools.find((pool) => pool.id === id)?.name ?? `a pool that is gone (${id})`;
  const on = (plane: PlaneKind, kind: Target["kind"], name: string, pool: string) =>
    targetLine(keyOf({ plane, kind, name }), pool);
  const hcpTargets = (
    kind: "workspace" | "project",
    found: EmulatorState["hcpTerraform"]["workspaces" | "projects"],
  ) =>
    found
      .filter(({ settings }) => settings.overwrites.executionMode || settings.overwrites.agentPool)
      .map(({ name, settings }) =>
        on(
          "hcp-terraform",
          kind,
          name,
          settings.executionMode === "agent"
            ? named(hcpTerraform.agentPools, settings.agentPoolId)
            : `the mode ${settings.executionMode}`,
        ),
      );
  const nameOf = (kind: "workspaces" | "projects", id: string) =>
    hcpTerraform[kind].find((target) => target.id === id)?.name ?? id;
  return [
    ...pulumi.agentPools.map(({ name, description }) => poolLine(`pulumi-cloud ${name}`, description)),
    ...pulumi.stacks.flatMap(({ project, name, settings, lingeringAgentPoolId }) => [
      ...(settings?.["agentPoolID"] === undefined
        ? []
        : [
            on(
              "pulumi-cloud",
              "stack",
              `${project}/${name}`,
              named(pulumi.agentPools, settings["agentPoolID"]),
            ),
          ]),
      ...(settings?.["tag"] === keptTag ? [tagLine(`${project}/${name}`)] : []),
      ...(lingeringAgentPoolId === undefined ? [] : [`the settings of ${project}/${name} were deleted`]),
    ]),
    ...(["insightsAccounts", "policyGroups"] as const).flatMap((list) =>
      pulumi[list]
        .filter(({ agentPoolId }) => agentPoolId !== undefined)
        .map(({ name, agentPoolId }) =>
          on(
            "pulumi-cloud",
            list === "policyGroups" ? "policyGroup" : "insightsAccount",
            name,
            named(pulumi.agentPools, agentPoolId),
          ),
        ),
    ),
    ...(pulumi.defaultAgentPoolId === undefined
      ? []
      : [defaultLine("pulumi-cloud", named(pulumi.agentPools, pulumi.defaultAgentPoolId))]),
    ...envZero.agents.flatMap(({ name, description, secrets }) => [
      poolLine(`env-zero ${name}`, description),
      ...secrets.map(({ id }) => tokenLine(`env-zero ${name}`, id)),
    ]),
    ...envZero.projects
      .filter(({ agentId }) => agentId !== undefined)
      .map(({ id, agentId }) => on("env-zero", "project", id, named(envZero.agents, agentId))),
    ...hcpTerraform.agentPools.flatMap(({ name, tokens, allowedWorkspaceIds, allowedProjectIds }) => [
      poolLine(`hcp-terraform ${name}`, ""),
      ...tokens.map(({ id }) => tokenLine(`hcp-terraform ${name}`, id)),
      ...allowedWorkspaceIds.map((id) => accessLine(name, "workspace", nameOf("workspaces", id))),
      ...allowedProjectIds.map((id) => accessLine(name, "project", nameOf("projects", id))),
    ]),
    ...hcpTargets("workspace", hcpTerraform.workspaces),
    ...hcpTargets("project", hcpTerraform.projects),
    ...(hcp.defaults.executionMode === "agent"
      ? [defaultLine("hcp-terraform", named(hcpTerraform.agentPools, hcp.defaults.agentPoolId))]
      : []),
  ].sort();
}

/** What is missing and what is too much; empty where all is as it should be. */
export function differences(expected: readonly string[], actual: readonly string[]): string[] {
  const left = [...actual];
  const missing = expected.filter((line) => {
    const place = left.indexOf(line);
    if (place >= 0) left.splice(place, 1);
    return place < 0;
  });
  return [...missing.map((line) => `missing:    ${line}`), ...left.map((line) => `unexpected: ${line}`)];
}

const poolLine = (pool: string, description: string) =>
  `${pool} is a pool${description === "" ? "" : ` described as '${description}'`}`;
const tokenLine = (pool: string, token: string) => `${pool} has the token ${token}`;
const targetLine = (target: string, pool: string) => `${target} is on ${pool}`;
const accessLine = (pool: string, kind: string, name: string) =>
  `hcp-terraform ${pool} lets in ${kind} ${name}`;
const defaultLine = (plane: PlaneKind, pool: string) => `${plane} has the default ${pool}`;
const tagLine = (stack: string) => `pulumi-cloud stack ${stack} has its other settings`;
