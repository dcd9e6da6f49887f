import { z } from "zod";
import { command, required } from "../admin-command";
import { digestOf, newEnvZeroAgentSecret, newUuid } from "../identifiers";
import type { EmulatorState } from "../state";
import { newDeployment } from "./jobs";
import type { EnvZeroAgent } from "./state";

const agentKey = z.strictObject({ agentId: z.string() });

/** Admin commands for env zero: what somebody else, or an agent, does while a client isn't looking. */
export function envZeroAdmin(state: EmulatorState) {
  const agentOf = (id: string): EnvZeroAgent =>
    required(
      state.envZero.agents.find((agent) => agent.id === id),
      `env zero agent ${id}`,
    );
  const projectOf = (id: string) =>
    required(
      state.envZero.projects.find((project) => project.id === id),
      `env zero project ${id}`,
    );

  return {
    createAgent: command(
      z.strictObject({ organizationId: z.string(), name: z.string(), description: z.string().default("") }),
      (input) => {
        const id = newUuid();
        state.envZero.agents.push({
          id,
          ...input,
          createdBy: "admin",
          logs: null,
          secrets: [],
          instances: [],
          status: "INACTIVE",
        });
        return { id };
      },
    ),

    /**
     * Plants a pool that support made before self-service. With a name it is listed like others, with an `agentKey` that
     * isn't its id; without one, lists show `{ "agentKey": … }` alone, and its id for the admin API is the key.
     */
    createLegacyAgent: command(
      z.strictObject({
        organizationId: z.string(),
        agentKey: z.string().min(1),
        name: z.string().min(1).optional(),
      }),
      ({ organizationId, agentKey: key, name }) => {
        const id = name === undefined ? key : newUuid();
        state.envZero.agents.push({
          id,
          organizationId,
          agentKey: key,
          ...(name === undefined && { isListedByKeyAlone: true as const }),
          name: name ?? key,
          description: "",
          createdBy: "support",
          logs: null,
          secrets: [],
          instances: [],
          status: "INACTIVE",
        });
        return { id };
      },
    ),

    /** Renames a project; its id stays. */
    renameProject: command(
      z.strictObject({ projectId: z.string(), name: z.string().min(1) }),
      ({ projectId, name }) => {
        Object.assign(projectOf(projectId), { name, updatedAt: new Date().toISOString() });
      },
    ),

    /** Changes a pool, or what monitoring shows of it. */
    updateAgent: command(
      agentKey.extend({
        name: z.string().optional(),
        description: z.string().optional(),
        status: z.enum(["ACTIVE", "INACTIVE", "DEGRADED"]).optional(),
        version: z.string().optional(),
      }),
      ({ agentId, ...changes }) => {
        const changed = Object.entries(changes).filter(([, value]) => value !== undefined);
        Object.assign(agentOf(agentId), Object.fromEntries(changed));
      },
    ),

    /** Deletes a pool and every reference to it. */
    deleteAgent: command(agentKey, ({ agentId }) => {
      const { envZero } = state;
      const agent = agentOf(agentId);
      envZero.agents = envZero.agents.filter((known) => known !== agent);
      for (const project of envZero.projects) if (project.agentId === agentId) delete project.agentId;
      for (const known of envZero.organizations) {
        if (known.defaultAgent === agentId) known.defaultAgent = "ENV0_DEFAULT";
      }
    }),

    /** Makes a secret for a pool, whatever it has already; the value shows here only. */
    createAgentSecret: command(
      agentKey.extend({ description: z.string().default("admin") }),
      ({ agentId, description }) => {
        const id = newUuid();
        const secret = newEnvZeroAgentSecret(id);
        const made = { id, description, createdAt: new Date().toISOString(), createdBy: "admin" };
        agentOf(agentId).secrets.push({ ...made, digest: digestOf(secret) });
        return { id, secret };
      },
    ),

    deleteAgentSecret: command(agentKey.extend({ secretId: z.string() }), ({ agentId, secretId }) => {
      const agent = agentOf(agentId);
      agent.secrets = agent.secrets.filter(({ id }) => id !== secretId);
    }),

    /** Assigns a project to a pool; null unassigns. */
    assign: command(
      z.strictObject({ projectId: z.string(), agentId: z.string().nullable() }),
      ({ projectId, agentId }) => {
        const project = projectOf(projectId);
        if (agentId === null) delete project.agentId;
        else project.agentId = agentId;
      },
    ),

    /** Sets the organization's default; the API has no way to, support does it. null: env zero's own runners. */
    setDefaultAgent: command(
      z.strictObject({ organizationId: z.string(), agentId: z.string().nullable() }),
      ({ organizationId, agentId }) => {
        const found = state.envZero.organizations.find(({ id }) => id === organizationId);
        required(found, `env zero organization ${organizationId}`).defaultAgent = agentId ?? "ENV0_DEFAULT";
      },
    ),

    /** Queues a deployment that takes an agent so many seconds, in an environment of a project made on first use. */
    queueDeployment: command(
      z.strictObject({
        projectId: z.string(),
        environment: z.string().default("default"),
        seconds: z.number().nonnegative().default(1),
      }),
      ({ projectId, environment: name, seconds }) => {
        const { environments } = state.envZero;
        let environment = environments.find((known) => known.projectId === projectId && known.name === name);
        if (environment === undefined) {
          environment = { id: newUuid(), projectId: projectOf(projectId).id, name, deployments: [] };
          environments.push(environment);
        }
        const { id } = newDeployment(state.envZero, environment, seconds);
        return { id, environmentId: environment.id };
      },
    ),

    updateDeployment: command(
      z.strictObject({
        id: z.string(),
        status: z.enum(["QUEUED", "IN_PROGRESS", "WAITING_FOR_USER", "SUCCESS", "FAILURE", "CANCELLED"]),
      }),
      ({ id, status }) => {
        const deployments = state.envZero.environments.flatMap((environment) => environment.deployments);
        required(
          deployments.find((known) => known.id === id),
          `deployment ${id}`,
        ).status = status;
      },
    ),
  };
}
