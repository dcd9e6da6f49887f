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
  Fallback,
  Pool,
  PoolSettings,
  Target,
  Token,
} from "../control-plane";
import { ControlPlaneError } from "../error";
import { AccessLists, type Member } from "./access-lists";
import { AgentPools } from "./agent-pools";
import { HcpTerraformApi } from "./api";
import { type Assignable, assignableProject, assignableWorkspace } from "./assignable";
import { readDemand } from "./demand";
import { Projects } from "./projects";
import { one, organizationResource } from "./wire";
import { Workspaces } from "./workspaces";

/** HCP Terraform or Terraform Enterprise, API v2. */
export class HcpTerraform implements ControlPlane {
  readonly kind = "hcp-terraform";
  readonly capabilities = capabilities["hcp-terraform"];
  readonly organization: string;
  readonly url: string;
  private readonly api: HcpTerraformApi;
  private readonly pools: AgentPools;
  private readonly access: AccessLists;
  private readonly workspaces: Workspaces;
  private readonly projects: Projects;

  constructor(organization: string, url: string, token: string, options: ConnectOptions = {}) {
    this.organization = organization;
    this.url = url;
    this.api = new HcpTerraformApi(url, token, options);
    this.pools = new AgentPools(this.api, organization);
    this.access = new AccessLists(this.api, (pool) => this.pools.noteChange(pool));
    this.workspaces = new Workspaces(this.api, organization);
    this.projects = new Projects(this.api, organization);
  }

  async verifyAccess(): Promise<void> {
    await this.readOrganization();
  }

  listPools(options?: { fresh?: boolean }): Promise<readonly Pool[]> {
    return this.pools.list(options);
  }

  findPool(poolId: string): Promise<Pool | undefined> {
    return this.pools.find(poolId);
  }

  createPool(settings: PoolSettings): Promise<CreatedPool> {
    return this.pools.create(settings);
  }

  updatePool(poolId: string, settings: PoolSettings): Promise<Pool> {
    return this.pools.update(poolId, settings);
  }

  /** The API has no force: a pool in use is always refused. */
  deletePool(poolId: string): Promise<void> {
    return this.pools.delete(poolId);
  }

  listTokens(poolId: string, options?: { fresh?: boolean }): Promise<readonly Token[]> {
    return this.pools.listTokens(poolId, options);
  }

  findToken(poolId: string, tokenId: string): Promise<Token | undefined> {
    return this.pools.findToken(poolId, tokenId);
  }

  createToken(poolId: string, description: string): Promise<CreatedToken> {
    return this.pools.createToken(poolId, description);
  }

  deleteToken(poolId: string, tokenId: string): Promise<void> {
    return this.pools.deleteToken(poolId, tokenId);
  }

  async findAssignment(target: Target): Promise<Assignment | undefined> {
    const found = await this.findTarget(target);
    if (!found?.ownPool) return found && { poolId: undefined };
    return { poolId: found.ownPool, access: await this.accessOf(found.member, found.ownPool) };
  }

  /** Grants access first, since the API refuses a pool that does not allow the target. */
  async assign(target: Target, poolId: string): Promise<AssignmentEffect> {
    const found = await this.findTarget(target);
    if (!found) throw this.missingTarget(target);
    const added = await this.access.grant(poolId, found.member);
    try {
      if (found.ownPool !== poolId) await found.use(poolId);
    } catch (error) {
      const refused = error instanceof ControlPlaneError && !error.ambiguous;
      if (added && refused) await this.access.revoke(poolId, found.member);
      throw error;
    }
    return { accessGranted: added || (await this.accessOf(found.member, poolId)) === "list" };
  }

  async unassign(
    target: Target,
    poolId: string,
    options: { fallback: Fallback; revokeAccess: boolean },
  ): Promise<boolean> {
    const found = await this.findTarget(target);
    if (!found) return false;
    const isOurs = found.ownPool === poolId;
    if (isOurs) await found.release(options.fallback);
    if (options.revokeAccess) await this.access.revoke(poolId, found.member);
    return isOurs;
  }

  async listUsers(poolId: string): Promise<{ workspaces: string[]; projects: string[] }> {
    const [workspaces, projects] = await Promise.all([this.workspaces.all(), this.projects.all()]);
    const users = (targets: Assignable[]) =>
      targets.filter(({ ownPool }) => ownPool === poolId).map(({ member }) => member.id);
    return {
      workspaces: users(workspaces.map((workspace) => assignableWorkspace(this.workspaces, workspace))),
      projects: users(projects.map((project) => assignableProject(this.projects, project))),
    };
  }

  async listTargets(kind: TargetKind): Promise<readonly Target[]> {
    const found = kind === "workspace" ? await this.workspaces.all() : await this.projects.all();
    return found.map(({ attributes }) => ({ kind, name: attributes.name }));
  }

  async findDefaultPool(): Promise<string | undefined> {
    const { attributes, relationships } = await this.readOrganization();
    if (attributes["default-execution-mode"] !== "agent") return undefined;
    return relationships["default-agent-pool"]?.data?.id;
  }

  async setDefaultPool(poolId: string | undefined): Promise<void> {
    await this.api.send(
      {
        operation: `set the default agent pool of organization ${this.organization}`,
        method: "PATCH",
        path: this.organizationPath,
        body: {
          data: {
            type: "organizations",
            id: this.organization,
            attributes: { "default-execution-mode": poolId ? "agent" : "remote" },
            ...(poolId && {
              relationships: { "default-agent-pool": { data: { id: poolId, type: "agent-pools" } } },
            }),
          },
        },
      },
      one(organizationResource),
    );
  }

  listAgents(poolId: string): Promise<readonly Agent[]> {
    return this.pools.listAgents(poolId);
  }

  async demand(poolId: string): Promise<Demand> {
    const pool = await this.pools.find(poolId);
    return pool ? readDemand(this.api, this.organization, pool.name) : { waiting: 0, running: 0 };
  }

  private async accessOf(member: Member, poolId: string): Promise<"list" | "everybody" | "none"> {
    const scope = (await this.pools.find(poolId))?.scope;
    if (scope?.organizationScoped) return "everybody";
    const list = member.type === "workspaces" ? scope?.allowedWorkspaces : scope?.allowedProjects;
    return list?.includes(member.id) ? "list" : "none";
  }

  private async findTarget({ kind, name }: Target): Promise<Assignable | undefined> {
    if (kind === "workspace") {
      const workspace = await this.workspaces.find(name);
      return workspace && assignableWorkspace(this.workspaces, workspace);
    }
    const project = await this.projects.find(name);
    return project && assignableProject(this.projects, project);
  }

  private async readOrganization() {
    const { data } = await this.api.send(
      { operation: `read organization ${this.organization}`, method: "GET", path: this.organizationPath },
      one(organizationResource),
    );
    return data;
  }

  private get organizationPath(): string {
    return `/organizations/${encodeURIComponent(this.organization)}`;
  }

  private missingTarget({ kind, name }: Target): ControlPlaneError {
    return new ControlPlaneError({
      plane: this.capabilities.displayName,
      operation: `assign an agent pool to ${kind} ${name}`,
      status: 404,
      message: `there is no ${kind} ${name} in organization ${this.organization}, or the token may not see it`,
      advice: "Check the name, and that the token's team may read and manage it.",
    });
  }
}
