import { z } from "zod";
import type { Answer } from "../exchange";
import { digestOf, newEnvZeroAgentSecret, newUuid } from "../identifiers";
import {
  agentOf,
  bodyOf,
  type EnvZeroOperationEntry,
  type EnvZeroRequest,
  envZeroRefusal,
  ok,
} from "./requests";
import type { EnvZeroAgent, EnvZeroAgentSecret } from "./state";

const path = "/agents/:agentId/secrets";

/** Secrets of an agent pool (`client/agent.go` of env zero's Terraform provider). */
export const agentSecretOperations: EnvZeroOperationEntry[] = [
  { id: "listAgentSecrets", method: "GET", path, handle: list },
  { id: "createAgentSecret", method: "POST", path, handle: create },
  { id: "deleteAgentSecret", method: "DELETE", path: `${path}/:secretId`, handle: remove },
];

/** env zero's documentation of self-hosted agents: at most two secrets per pool, for rotation without downtime. */
const mostSecrets = 2;

function list(request: EnvZeroRequest): Answer {
  const agent = agentOf(request);
  return ok(agent.secrets.map((secret) => secretBody(agent, secret)));
}

function create(request: EnvZeroRequest): Answer {
  const agent = agentOf(request);
  const { description = "" } = bodyOf(request, z.object({ description: z.string().optional() }));
  if (agent.secrets.length >= mostSecrets) {
    // GUESS: neither status nor text of this refusal is published.
    throw envZeroRefusal(400, `Agent ${agent.name} already has the maximum of ${mostSecrets} secrets`);
  }
  const id = newUuid();
  const value = newEnvZeroAgentSecret(id);
  const secret: EnvZeroAgentSecret = {
    id,
    description,
    createdAt: new Date().toISOString(),
    createdBy: request.caller.login,
    digest: digestOf(value),
  };
  agent.secrets.push(secret);
  return ok({ ...secretBody(agent, secret), secret: value });
}

function remove(request: EnvZeroRequest): Answer {
  const agent = agentOf(request);
  const id = request.params["secretId"];
  if (!agent.secrets.some((secret) => secret.id === id)) throw envZeroRefusal(404, `Secret ${id} not found`);
  agent.secrets = agent.secrets.filter((secret) => secret.id !== id);
  return ok({});
}

function secretBody(
  agent: EnvZeroAgent,
  { id, description, createdAt, createdBy }: EnvZeroAgentSecret,
): object {
  return {
    id,
    agentId: agent.id,
    description,
    createdAt,
    createdBy: { user_id: createdBy, name: createdBy, email: `${createdBy}@example.invalid` },
  };
}
