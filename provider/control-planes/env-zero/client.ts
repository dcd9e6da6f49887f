import { z } from "zod";
import { CachedList } from "../cached-list";
import { capabilities, type TargetKind } from "../capabilities";
import type { ConnectOptions } from "../connect";
import type {
  Agent,
  Assignment,
  AssignmentEffect,
  ControlPlane,
  CreatedPool,
  CreatedToken,
  Demand,
  Pool,
  PoolSettings,
  Target,
  Token,
} from "../control-plane";
import { ControlPlaneError } from "../error";
import { HttpTransport } from "../http";
import { registerSecret } from "../redact";
import { dialect } from "./dialect";
import {
  assignments,
  createdSecret,
  organization,
  type PoolResource,
  pool,
  project,
  type SecretResource,
  secret,
  unassigned,
} from "./wire";

type AssignmentMap = z.output<typeof assignments>;

/** env zero: REST API. */
export class EnvZero implements ControlPlane {
  readonly kind = "env-zero";
  readonly capabilities = capabilities["env-zero"];
  readonly organization: string;
  readonly url: string;
  private readonly api: HttpTransport;
  private readonly organizations: CachedList<z.output<typeof organization>>;
  private readonly pools: CachedList<Pool>;
  private readonly projects: CachedList<z.output<typeof project>>;
  private readonly assignmentMap: CachedList<AssignmentMap>;
  private readonly tokens = new Map<string, CachedList<Token>>();

  constructor(
    organizationNameOrId: string,
    url: string,
    credentials: { apiKey: string; apiSecret: string },
    options: ConnectOptions = {},
  ) {
    this.organization = organizationNameOrId;
    this.url = url;
    this.api = new HttpTransport(url, dialect(credentials), options);
    const list = <Schema extends z.ZodType>(what: string, path: string, item: Schema) =>
      this.api
        .send({ operation: `list the ${what}`, method: "GET", path }, z.array(item))
        .then((items) => items as z.output<Schema>[]);
    const listOwn = async <Schema extends z.ZodType>(what: string, path: string, item: Schema) =>
      list(
        `${what} of organization ${organizationNameOrId}`,
        `${path}?${await this.organizationQuery()}`,
        item,
      );
    this.organizations = new CachedList(() => list("organizations", "/organizations", organization));
    this.pools = new CachedList(async () => (await listOwn("agent pools", "/agents", pool)).map(toPool));
    this.projects = new CachedList(() => listOwn("projects", "/projects", project));
    this.assignmentMap = new CachedList(async () => [await this.readAssignments()]);
  }

  async verifyAccess(): Promise<void> {
    await this.organizationId();
  }

  listPools(options?: { fresh?: boolean }): Promise<readonly Pool[]> {
    return this.pools.read(options);
  }

  async findPool(poolId: string): Promise<Pool | undefined> {
    return (await this.pools.read()).find((known) => known.id === poolId);
  }

  async createPool(settings: PoolSettings): Promise<CreatedPool> {
    const created = await this.api.send(
      {
        operation: `create agent pool "${settings.name}"`,
        method: "POST",
        path: "/agents",
        body: { organizationId: await this.organizationId(), ...(await this.poolBody(settings)) },
      },
      pool,
    );
    await this.pools.change((pools) => [...pools, toPool(created)]);
    this.tokenList(created.id).set([]);
    return { pool: toPool(created) };
  }

  async updatePool(poolId: string, settings: PoolSettings): Promise<Pool> {
    const updated = await this.api.send(
      {
        operation: `update agent pool "${settings.name}" (${poolId})`,
        method: "PATCH",
        path: `/agents/${encodeURIComponent(poolId)}`,
        body: await this.poolBody(settings),
      },
      pool,
    );
    await this.pools.change((pools) => pools.map((known) => (known.id === poolId ? toPool(updated) : known)));
    return toPool(updated);
  }

  /** Whether a pool in use is refused is not documented; the vendor's answer is passed on. */
  async deletePool(poolId: string): Promise<void> {
    await this.api.find(
      {
        operation: `delete agent pool ${poolId}`,
        method: "DELETE",
        path: `/agents/${encodeURIComponent(poolId)}`,
      },
      z.unknown(),
    );
    await this.pools.change((pools) => pools.filter((known) => known.id !== poolId));
  }

  listTokens(poolId: string, options?: { fresh?: boolean }): Promise<readonly Token[]> {
    return this.tokenList(poolId).read(options);
  }

  async findToken(poolId: string, tokenId: string): Promise<Token | undefined> {
    try {
      return (await this.listTokens(poolId)).find((token) => token.id === tokenId);
    } catch (error) {
      // The secrets of a pool that is gone are gone with it.
      if (error instanceof ControlPlaneError && error.status === 404) return undefined;
      throw error;
    }
  }

  async createToken(poolId: string, description: string): Promise<CreatedToken> {
    const created = await this.api.send(
      {
        operation: `create a secret "${description}" for agent pool ${poolId}`,
        method: "POST",
        path: `/agents/${encodeURIComponent(poolId)}/secrets`,
        body: { description },
      },
      createdSecret,
    );
    registerSecret(created.secret);
    await this.tokenList(poolId).change((tokens) => [...tokens, toToken(created)]);
    return { ...toToken(created), value: created.secret };
  }

  async deleteToken(poolId: string, tokenId: string): Promise<void> {
    await this.api.find(
      {
        operation: `revoke secret ${tokenId} of agent pool ${poolId}`,
        method: "DELETE",
        path: `/agents/${encodeURIComponent(poolId)}/secrets/${encodeURIComponent(tokenId)}`,
      },
      z.unknown(),
    );
    await this.tokenList(poolId).change((tokens) => tokens.filter(({ id }) => id !== tokenId));
  }

  /**
   * A project without an entry uses the organization's default agent; one that was assigned to that same agent looks
   * alike. Only for a missing entry is it asked whether the project exists: the map keeps no trace of deleted ones.
   */
  async findAssignment({ name }: Target): Promise<Assignment | undefined> {
    const poolId = (await this.assignmentEntries())[name];
    if (typeof poolId === "string" && poolId !== unassigned) return { poolId };
    const exists = (await this.projects.read()).some((known) => known.id === name);
    return exists ? { poolId: undefined } : undefined;
  }

  async assign({ name }: Target, poolId: string): Promise<AssignmentEffect> {
    // Whether the vendor refuses an unknown project is not documented, and the map would hide the mistake.
    if (!(await this.projects.read()).some((known) => known.id === name))
      throw await this.missingProject(name);
    await this.writeAssignment(`assign agent pool ${poolId} to project ${name}`, name, poolId);
    return { accessGranted: false };
  }

  async unassign(target: Target, poolId: string): Promise<void> {
    const current = await this.findAssignment(target);
    if (current?.poolId !== poolId) return;
    await this.writeAssignment(`take the agent pool from project ${target.name}`, target.name, unassigned);
  }

  async listTargets(kind: TargetKind): Promise<readonly Target[]> {
    return (await this.projects.read()).map(({ id }) => ({ kind, name: id }));
  }

  async findDefaultPool(): Promise<string | undefined> {
    const [map] = await this.assignmentMap.read();
    return map?.defaultAgent ?? undefined;
  }

  async setDefaultPool(): Promise<void> {
    throw new ControlPlaneError({
      plane: this.capabilities.displayName,
      operation: "set the default agent pool",
      message: "the API cannot set it",
      advice: "Ask the vendor's support, or assign the pool to each project.",
    });
  }

  async listAgents(): Promise<readonly Agent[]> {
    throw new ControlPlaneError({
      plane: this.capabilities.displayName,
      operation: "list the agents of a pool",
      message: "the API shows no single agents",
      advice: "See the pool's page in the console.",
    });
  }

  private async missingProject(name: string): Promise<ControlPlaneError> {
    const projects = (await this.projects.read()).map((known) => `${known.name} (${known.id})`).join(", ");
    return new ControlPlaneError({
      plane: this.capabilities.displayName,
      operation: `assign an agent pool to project ${name}`,
      status: 404,
      message: `organization ${this.organization} has no project with the id ${name}; it has: ${projects || "none"}`,
      advice: "Give the id of a project, not its name.",
    });
  }

  async demand(): Promise<Demand> {
    throw new ControlPlaneError({
      plane: this.capabilities.displayName,
      operation: "tell the demand of an agent pool",
      message: "there is no API that tells a pool's queue",
      advice:
        "The agent starts a Kubernetes Job for each deployment by itself, so nothing needs to scale it.",
    });
  }

  private async organizationId(): Promise<string> {
    const visible = await this.organizations.read();
    const own = visible.find(({ id, name }) => id === this.organization || name === this.organization);
    if (own) return own.id;
    const names = visible.map(({ id, name }) => `${name} (${id})`).join(", ");
    throw new ControlPlaneError({
      plane: this.capabilities.displayName,
      operation: `find organization ${this.organization}`,
      message: `the API key sees ${names ? `these organizations: ${names}` : "no organization"}`,
      advice: "Give the organization's name or id, and an API key that belongs to it.",
    });
  }

  private async organizationQuery(): Promise<string> {
    return new URLSearchParams({ organizationId: await this.organizationId() }).toString();
  }

  private async assignmentEntries(): Promise<Readonly<Record<string, unknown>>> {
    const [map] = await this.assignmentMap.read();
    return map?.projectsAgents ?? {};
  }

  private async readAssignments(): Promise<AssignmentMap> {
    return this.api.send(
      {
        operation: `read the agent assignments of organization ${this.organization}`,
        method: "GET",
        path: `/agents/projects-assignments?${await this.organizationQuery()}`,
      },
      assignments,
    );
  }

  /** The vendor merges the map that is sent into its own, so only our one key is sent. */
  private async writeAssignment(operation: string, projectId: string, value: string): Promise<void> {
    await this.api.send(
      {
        operation,
        method: "POST",
        path: `/agents/projects-assignments?${await this.organizationQuery()}`,
        body: { [projectId]: value },
        repeatable: true,
      },
      z.unknown(),
    );
    await this.assignmentMap.change((maps) =>
      maps.map((map) => ({ ...map, projectsAgents: { ...map.projectsAgents, [projectId]: value } })),
    );
  }

  /** All keys are sent: `null` clears the log hosting, the empty text the description. */
  private async poolBody({ name, description, logHosting }: PoolSettings) {
    const selfHosted = logHosting && {
      ...logHosting,
      externalId: logHosting.externalId || (await this.organizationId()),
    };
    return {
      name,
      description: description ?? "",
      logs: selfHosted ? { dynamo: { selfHosted } } : null,
    };
  }

  private tokenList(poolId: string): CachedList<Token> {
    let list = this.tokens.get(poolId);
    if (!list) {
      list = new CachedList(async () => {
        const secrets = await this.api.send(
          {
            operation: `list the secrets of agent pool ${poolId}`,
            method: "GET",
            path: `/agents/${encodeURIComponent(poolId)}/secrets`,
          },
          z.array(secret),
        );
        return secrets.map(toToken);
      });
      this.tokens.set(poolId, list);
    }
    return list;
  }
}

function toPool({ id, name, description, logs }: PoolResource): Pool {
  return {
    id,
    name,
    description: description ?? "",
    logHosting: logs?.dynamo?.selfHosted ?? undefined,
  };
}

function toToken({ id, description, createdAt }: SecretResource): Token {
  return { id, description: description ?? "", createdAt: createdAt ?? undefined };
}
