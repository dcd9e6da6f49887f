import { z } from "zod";
import { command, required } from "../admin-command";
import { digestOf, newHcpTerraformId, newHcpTerraformToken } from "../identifiers";
import type { EmulatorState } from "../state";
import { removePool } from "./agent-pools";
import { changeExecution } from "./run-jobs";
import type { HcpTerraformAgentPool, HcpTerraformAgentToken, OverwritingSettings } from "./state";
import { projectNamed, workspaceAdmin, workspaceNamed } from "./workspace-admin";

const poolKey = z.strictObject({ agentPoolId: z.string() });
const ids = z.array(z.string()).optional();

/** Admin commands for HCP Terraform: what somebody else, or an agent, does while a client isn't looking. */
export function hcpTerraformAdmin(state: EmulatorState) {
  const poolOf = (id: string): HcpTerraformAgentPool =>
    required(
      state.hcpTerraform.agentPools.find((pool) => pool.id === id),
      `HCP Terraform agent pool ${id}`,
    );
  const tokenOf = (id: string): { pool: HcpTerraformAgentPool; token: HcpTerraformAgentToken } => {
    const owner = state.hcpTerraform.agentPools.find(({ tokens }) => tokens.some((token) => token.id === id));
    const pool = required(owner, `agent token ${id}`);
    return {
      pool,
      token: required(
        pool.tokens.find((token) => token.id === id),
        `agent token ${id}`,
      ),
    };
  };

  return {
    ...workspaceAdmin(state),

    createAgentPool: command(
      z.strictObject({
        organization: z.string(),
        name: z.string(),
        organizationScoped: z.boolean().default(true),
      }),
      (input) => {
        const id = newHcpTerraformId("apool");
        state.hcpTerraform.agentPools.push({
          id,
          ...input,
          createdAt: new Date().toISOString(),
          allowedWorkspaceIds: [],
          allowedProjectIds: [],
          excludedWorkspaceIds: [],
          tokens: [],
          agents: [],
        });
        return { id };
      },
    ),

    updateAgentPool: command(
      poolKey.extend({
        name: z.string().optional(),
        organizationScoped: z.boolean().optional(),
        allowedWorkspaceIds: ids,
        allowedProjectIds: ids,
        excludedWorkspaceIds: ids,
      }),
      ({ agentPoolId, ...changes }) => {
        const changed = Object.entries(changes).filter(([, value]) => value !== undefined);
        Object.assign(poolOf(agentPoolId), Object.fromEntries(changed));
      },
    ),

    /** Deletes a pool with its tokens, used or not. */
    deleteAgentPool: command(poolKey, ({ agentPoolId }) =>
      removePool(state.hcpTerraform, poolOf(agentPoolId)),
    ),

    /**
     * Whether an update of a pool that leaves out `organization-scoped` sets it to true, as the documentation's default
     * can be read. It doesn't unless this is switched on.
     */
    setPatchDefaults: command(z.strictObject({ enabled: z.boolean() }), ({ enabled }) => {
      state.hcpTerraform.updateResetsOmittedScope = enabled;
    }),

    /** Changes a token; `lastUsedAt` is how one looks that agents still use. */
    updateAgentToken: command(
      z.strictObject({
        id: z.string(),
        description: z.string().optional(),
        lastUsedAt: z.iso.datetime().nullish(),
      }),
      ({ id, description, lastUsedAt }) => {
        const { token } = tokenOf(id);
        token.description = description ?? token.description;
        if (lastUsedAt !== undefined) token.lastUsedAt = lastUsedAt;
      },
    ),

    /** Makes a token for a pool; its value shows here only. */
    createAgentToken: command(
      poolKey.extend({ description: z.string().default("admin") }),
      ({ agentPoolId, description }) => {
        const id = newHcpTerraformId("at");
        const token = newHcpTerraformToken();
        const createdAt = new Date().toISOString();
        const made = { id, description, createdAt, lastUsedAt: null, createdBy: "admin" };
        poolOf(agentPoolId).tokens.push({ ...made, digest: digestOf(token) });
        return { id, token };
      },
    ),

    deleteAgentToken: command(z.strictObject({ id: z.string() }), ({ id }) => {
      const { pool, token } = tokenOf(id);
      pool.tokens = pool.tokens.filter((known) => known !== token);
    }),

    /**
     * Points a workspace or project at a pool, with the same effect on their runs as an update over the API has. `agentPoolId: null` makes it run remotely, `"inherit"` gives the
     * settings back to the project or organization.
     */
    assign: command(
      z.strictObject({
        organization: z.string(),
        target: z.union([z.strictObject({ workspace: z.string() }), z.strictObject({ project: z.string() })]),
        agentPoolId: z.string().nullable(),
      }),
      ({ organization, target, agentPoolId }) => {
        const found =
          "workspace" in target
            ? workspaceNamed(state, organization, target.workspace)
            : projectNamed(state, organization, target.project);
        changeExecution(state.hcpTerraform, () => {
          found.settings = settingsFor(agentPoolId);
        });
      },
    ),

    /** Sets the organization's default pool; null goes back to remote execution. */
    setDefaultAgentPool: command(
      z.strictObject({ organization: z.string(), agentPoolId: z.string().nullable() }),
      ({ organization, agentPoolId }) => {
        const found = required(
          state.hcpTerraform.organizations.find(({ name }) => name === organization),
          `HCP Terraform organization ${organization}`,
        );
        changeExecution(state.hcpTerraform, () => {
          found.defaults =
            agentPoolId === null ? { executionMode: "remote" } : { executionMode: "agent", agentPoolId };
        });
      },
    ),

    /** Adds an agent to a pool, or changes the one with this name. */
    putAgent: command(
      poolKey.extend({
        name: z.string(),
        status: z.enum(["idle", "busy", "unknown", "errored", "exited"]).default("idle"),
        lastPingAt: z.iso.datetime().optional(),
      }),
      ({ agentPoolId, name, status, lastPingAt = new Date().toISOString() }) => {
        const pool = poolOf(agentPoolId);
        const before = pool.agents.find((agent) => agent.name === name);
        const id = before?.id ?? newHcpTerraformId("agent");
        const createdAt = before?.createdAt ?? new Date().toISOString();
        pool.agents = pool.agents.filter((agent) => agent !== before);
        pool.agents.push({ id, name, status, ipAddress: "10.0.0.1", lastPingAt, createdAt });
        return { id };
      },
    ),

    removeAgent: command(poolKey.extend({ name: z.string() }), ({ agentPoolId, name }) => {
      const pool = poolOf(agentPoolId);
      pool.agents = pool.agents.filter((agent) => agent.name !== name);
    }),
  };
}

function settingsFor(agentPoolId: string | null): OverwritingSettings {
  if (agentPoolId === "inherit") {
    return { executionMode: "remote", overwrites: { executionMode: false, agentPool: false } };
  }
  const overwrites = { executionMode: true, agentPool: true };
  if (agentPoolId === null) return { executionMode: "remote", overwrites };
  return { executionMode: "agent", agentPoolId, overwrites };
}
