import { z } from "zod";
import { command, required } from "../admin-command";
import { digestOf, newPulumiToken, newUuid } from "../identifiers";
import type { EmulatorState } from "../state";
import { removePool } from "./agent-pools";
import { pulumiOperations } from "./deployments";
import { newDeployment, setStatus } from "./jobs";
import { organizationNamed, stackAdmin, stackAt, stackPath } from "./stack-admin";
import type { PulumiAgentPool } from "./state";

const organization = z.string();
const pool = z.strictObject({ organization, agentPoolId: z.string() });

/** Admin commands for Pulumi Cloud: what somebody else, or a runner, does while a client isn't looking. */
export function pulumiCloudAdmin(state: EmulatorState) {
  const poolOf = (input: z.output<typeof pool>): PulumiAgentPool =>
    required(
      organizationNamed(state, input.organization).agentPools.find(({ id }) => id === input.agentPoolId),
      `Pulumi agent pool ${input.agentPoolId}`,
    );

  return {
    ...stackAdmin(state),

    createAgentPool: command(
      z.strictObject({ organization, name: z.string(), description: z.string().default("") }),
      ({ organization: owner, name, description }) => {
        const tokenValue = newPulumiToken();
        const created = Math.floor(Date.now() / 1000);
        const id = newUuid();
        const made = { id, name, description, created, tokenDigest: digestOf(tokenValue), agents: [] };
        organizationNamed(state, owner).agentPools.push(made);
        return { id, tokenValue };
      },
    ),

    updateAgentPool: command(
      pool.extend({ name: z.string().optional(), description: z.string().optional() }),
      ({ name, description, ...key }) => {
        const found = poolOf(key);
        found.name = name ?? found.name;
        found.description = description ?? found.description;
      },
    ),

    /** Deletes a pool and every reference to it, as a forced delete does. */
    deleteAgentPool: command(pool, (key) => {
      removePool(organizationNamed(state, key.organization), poolOf(key).id);
    }),

    /** Points a stack, Insights account or policy group at a pool; null clears. */
    assign: command(
      z.strictObject({
        organization,
        target: z.union([
          z.strictObject({ stack: stackPath }),
          z.strictObject({ insightsAccount: z.string() }),
          z.strictObject({ policyGroup: z.string() }),
        ]),
        agentPoolId: z.string().nullable(),
      }),
      ({ organization: owner, target, agentPoolId }) => {
        if ("stack" in target) {
          const stack = stackAt(state, owner, target.stack);
          const { agentPoolID: _before, ...others } = stack.settings ?? {};
          stack.settingsVersion++;
          stack.settings = {
            ...others,
            ...(agentPoolId !== null && { agentPoolID: agentPoolId }),
            source: "console",
            version: stack.settingsVersion,
          };
          return;
        }
        const { insightsAccounts, policyGroups } = organizationNamed(state, owner);
        const consumer =
          "insightsAccount" in target
            ? required(
                insightsAccounts.find(({ name }) => name === target.insightsAccount),
                `Insights account ${target.insightsAccount}`,
              )
            : required(
                policyGroups.find(({ name }) => name === target.policyGroup),
                `policy group ${target.policyGroup}`,
              );
        if (agentPoolId === null) delete consumer.agentPoolId;
        else consumer.agentPoolId = agentPoolId;
      },
    ),

    /** Sets the organization's default pool; null goes back to Pulumi's own runners. */
    setDefaultAgentPool: command(
      z.strictObject({ organization, agentPoolId: z.string().nullable() }),
      ({ organization: owner, agentPoolId }) => {
        const found = organizationNamed(state, owner);
        if (agentPoolId === null) delete found.defaultAgentPoolId;
        else found.defaultAgentPoolId = agentPoolId;
      },
    ),

    /**
     * Whether deleting a stack's deployment settings leaves its pool in use. It does by default, as users reported
     * (pulumi/pulumi-pulumiservice issue 378); false is how one would rather have it.
     */
    setDeletedSettingsKeepPoolInUse: command(z.strictObject({ enabled: z.boolean() }), ({ enabled }) => {
      state.pulumiCloud.deletedSettingsKeepPoolInUse = enabled;
    }),

    /** Whether the organization has Insights; without it, requests about its cloud accounts answer 402. */
    setInsightsAvailable: command(
      z.strictObject({ organization, enabled: z.boolean() }),
      ({ organization: owner, enabled }) => {
        organizationNamed(state, owner).hasInsights = enabled;
      },
    ),

    /** Adds a runner to a pool, or changes the one with this host name. */
    putAgent: command(
      pool.extend({
        hostname: z.string(),
        status: z.enum(["online", "offline"]).default("online"),
        version: z.string().default("2.3.0"),
      }),
      ({ hostname, status, version, ...key }) => {
        const found = poolOf(key);
        found.agents = found.agents.filter((agent) => agent.hostname !== hostname);
        const lastSeen = Math.floor(Date.now() / 1000);
        found.agents.push({
          hostname,
          status,
          version,
          lastSeen,
          ip: "10.0.0.1",
          pid: "1",
          platform: "linux/amd64",
        });
      },
    ),

    removeAgent: command(pool.extend({ hostname: z.string() }), ({ hostname, ...key }) => {
      const found = poolOf(key);
      found.agents = found.agents.filter((agent) => agent.hostname !== hostname);
    }),

    /**
     * Queues a deployment that takes a runner so many seconds, in a container of this image. Without a pool it goes
     * where the stack's settings and the organization say.
     */
    queueDeployment: command(
      z.strictObject({
        organization,
        stack: stackPath,
        operation: z.enum(pulumiOperations).default("update"),
        agentPoolId: z.string().optional(),
        seconds: z.number().nonnegative().default(1),
        image: z.string().optional(),
      }),
      ({ organization: owner, stack: path, agentPoolId: poolId, ...options }) => {
        const deployment = newDeployment(organizationNamed(state, owner), stackAt(state, owner, path), {
          ...options,
          poolId,
          inheritsSettings: true,
          requestedBy: "admin",
        });
        return { id: deployment.id, version: deployment.version };
      },
    ),

    updateDeployment: command(
      z.strictObject({
        organization,
        id: z.string(),
        status: z.enum(["not-started", "accepted", "running", "failed", "succeeded", "skipped"]),
      }),
      ({ organization: owner, id, status }) => {
        const { deployments } = organizationNamed(state, owner);
        const deployment = required(
          deployments.find((known) => known.id === id),
          `deployment ${id}`,
        );
        setStatus(deployment, status);
      },
    ),
  };
}
