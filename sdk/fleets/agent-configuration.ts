import * as pulumi from "@pulumi/pulumi";
import type { AgentConfiguration, AgentLogin, AgentSettings } from "../agents/agent";
import { agents } from "../agents/agents";
import type { ControlPlane } from "../resources/generated/resources";
import { controlPlaneInput, type PoolInput, poolInput } from "../resources/pool-input";
import { type FleetLoginArgs, otherPlane } from "./check-agent";

/** Arguments that an agent's configuration is made of. */
export interface FleetConfigurationArgs extends FleetLoginArgs {
  readonly pool: PoolInput;
}

/**
 * Files and environment of a fleet's agents.
 * @param configurationFolder where agents see the files.
 * @throws (in the output) when the pool is on another control plane than the agent's.
 */
export function agentConfiguration(
  args: FleetConfigurationArgs,
  configurationFolder: string,
): pulumi.Output<AgentConfiguration> {
  const { kind } = args.agent;
  return pulumi
    .all([pulumi.output(controlPlaneInput(args)), poolInput(args.pool), settingsOf(args), loginOf(args)])
    .apply(([given, pool, settings, login]) => {
      const controlPlane = fleetControlPlane(kind, given, pool);
      const poolId = pool.split("/").at(-1) ?? pool;
      return agents[kind].configure({
        controlPlane: withUrl(controlPlane),
        poolId,
        login,
        settings,
        configurationFolder,
      });
    });
}

function settingsOf({ agent }: FleetLoginArgs): pulumi.Output<AgentSettings> {
  const { envZero } = agent;
  const settings = { ...agent, envZero: envZero === undefined ? undefined : pulumi.secret(envZero) };
  return pulumi.output(settings as pulumi.Input<object>) as pulumi.Output<AgentSettings>;
}

function loginOf({ token, oidc }: FleetLoginArgs): pulumi.Output<AgentLogin> {
  if (token === undefined) return pulumi.output(oidc ?? {}) as pulumi.Output<AgentLogin>;
  return pulumi.secret(token).apply((value) => {
    if (value) return { token: value };
    throw new pulumi.RunError(
      "token: has no value. Only whoever makes a pool token gets to see it: make one with PoolToken or RotatingPoolToken, or pass the value as secret configuration.",
    );
  });
}

/** Agents serve the service that their pool is on, also where only configuration or environment of the deployment name it. */
function withUrl(controlPlane: ControlPlane): ControlPlane {
  // Loaded on first use: programs without a fleet need not load the control planes' clients.
  const { resolveUrl } =
    require("../../provider/control-planes/credentials/credentials") as typeof import("../../provider/control-planes/credentials/credentials");
  const { describePlane } =
    require("../../provider/control-planes/planes") as typeof import("../../provider/control-planes/planes");
  const { settingKeys } =
    require("../../provider/control-planes/credentials/settings") as typeof import("../../provider/control-planes/credentials/settings");
  const settings = settingKeys.map((key) => [key, pulumi.runtime.getConfig(`runner-pools:${key}`)]);
  const descriptor = describePlane(controlPlane.kind);
  const url = resolveUrl(descriptor, controlPlane.url, Object.fromEntries(settings));
  return url === descriptor.service.publicUrl ? controlPlane : { ...controlPlane, url };
}

/**
 * The control plane of a fleet: the one that is given, else the one that the id of a `RunnerPool` begins with.
 * @throws RunError where it is not that of the agent, and where the id does not tell it.
 */
export function fleetControlPlane(
  kind: FleetLoginArgs["agent"]["kind"],
  given: ControlPlane | undefined,
  pool: string,
): ControlPlane {
  const { title } = agents[kind];
  const [plane, organization, poolId] = pool.split("/");
  if (organization !== undefined && plane !== kind) {
    throw new pulumi.RunError(
      `pool: is a pool of ${plane}, which ${title} cannot serve: it serves pools of ${kind}`,
    );
  }
  if (given && given.kind !== kind) throw new pulumi.RunError(`agent.kind: ${otherPlane(kind, given.kind)}`);
  if (given) return given;
  if (organization && poolId) return { kind, organization };
  throw new pulumi.RunError(
    `controlPlane: is required here, since "${pool}" is the control plane's own id of a pool, which does not tell the organization: give it, or the id of the RunnerPool, ${kind}/<organization>/${pool}`,
  );
}
