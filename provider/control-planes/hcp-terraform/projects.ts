import { listInWords } from "../../list-in-words";
import { CachedList } from "../cached-list";
import type { AssignedTarget, Fallback, Freshness, TargetFilter } from "../control-plane";
import { failure, type HcpTerraformApi, pathOf } from "./api";
import { defaultPoolOf, type Organization } from "./organization";
import type { FoundTarget, TargetsOfKind } from "./targets";
import { isInherited, one, type ProjectResource, projectResource } from "./wire";

/** Projects by id or name. Organizations have few, so their list is read once. (API: "Projects".) */
export class Projects implements TargetsOfKind {
  readonly scopeList = "allowed-projects";
  readonly permission = "can-create-project";
  private readonly api: HcpTerraformApi;
  private readonly organization: Organization;
  private readonly all: CachedList<ProjectResource>;

  constructor(api: HcpTerraformApi, organization: Organization) {
    this.api = api;
    this.organization = organization;
    this.all = new CachedList(() => api.all(this.listOperation, this.listPath, projectResource));
  }

  async find(nameOrId: string, freshness?: Freshness): Promise<FoundTarget | undefined> {
    const found = await this.read(nameOrId, freshness);
    return found && toTarget(found);
  }

  /** @throws ControlPlaneError where there is none, with the names of those that there are. */
  async get(nameOrId: string, freshness?: Freshness): Promise<FoundTarget> {
    const found = await this.find(nameOrId, freshness);
    if (found) return found;
    const names = (await this.all.read()).map(({ attributes }) => attributes.name).sort();
    throw failure({
      operation: `find project ${nameOrId}`,
      message: `organization ${this.organization.name} has no project ${nameOrId} that this token may see`,
      advice:
        names.length > 0
          ? `It has ${listInWords(names)}.`
          : "It sees no project at all: check its permissions.",
    });
  }

  /** The API filters projects by name and permission only. */
  async list(filter: TargetFilter, freshness?: Freshness): Promise<readonly FoundTarget[]> {
    if (filter.tag !== undefined || filter.project !== undefined) {
      throw failure({
        operation: this.listOperation,
        message: "projects cannot be selected by tag or by project",
        advice: "Name them, or use a pattern.",
      });
    }
    return (await this.all.read(freshness)).map(toTarget);
  }

  async sample(): Promise<readonly FoundTarget[]> {
    const { data } = await this.api.page(this.listOperation, this.listPath, projectResource, 1);
    return data.map(toTarget);
  }

  /**
   * The pool that the project's workspaces inherit: its own, else the organization's.
   * @throws ControlPlaneError where the token may not see the project.
   */
  async defaultPool(projectId: string, freshness?: Freshness): Promise<string | undefined> {
    const project = await this.read(projectId, freshness);
    if (!project) {
      throw failure({
        operation: `find the pool that the workspaces of project ${projectId} inherit`,
        message: "the token may not see the project",
        advice: "Use a token that may see projects.",
      });
    }
    const mode = project.attributes["default-execution-mode"];
    const own = project.attributes["setting-overwrites"];
    const pool = project.relationships["default-agent-pool"]?.data?.id;
    if (mode && own?.["default-execution-mode"] !== false) {
      if (mode !== "agent") return undefined;
      if (pool !== undefined) return pool;
    }
    return defaultPoolOf(await this.organization.read(freshness));
  }

  use({ id, name }: Pick<AssignedTarget, "id" | "name">, poolId: string): Promise<void> {
    return this.update(id, `assign agent pool ${poolId} to project ${name}`, {
      "default-execution-mode": "agent",
      "default-agent-pool-id": poolId,
      "setting-overwrites": { "default-execution-mode": true, "default-agent-pool": true },
    });
  }

  release({ id, name }: Pick<AssignedTarget, "id" | "name">, fallback: Fallback): Promise<void> {
    return this.update(
      id,
      `take the agent pool from project ${name}`,
      fallback === "hosted"
        ? { "default-execution-mode": "remote" }
        : { "setting-overwrites": { "default-execution-mode": false, "default-agent-pool": false } },
    );
  }

  private async read(nameOrId: string, freshness: Freshness = {}): Promise<ProjectResource | undefined> {
    const readById = () => (looksLikeId(nameOrId) ? this.readById(nameOrId) : undefined);
    if (freshness.fresh) return (await readById()) ?? this.readByName(nameOrId);
    const listed = await this.all.read();
    const known =
      listed.find(({ id }) => id === nameOrId) ??
      listed.find(({ attributes }) => attributes.name === nameOrId);
    return known ?? readById();
  }

  private async readById(id: string): Promise<ProjectResource | undefined> {
    const operation = `read project ${id}`;
    const path = pathOf("projects", id);
    const found = await this.api.find({ operation, method: "GET", path }, one(projectResource));
    if (!found || !this.organization.owns(found.data)) return undefined;
    this.note(found.data);
    return found.data;
  }

  /** The API shows a project by its id only; its list can be asked for one name. */
  private async readByName(name: string): Promise<ProjectResource | undefined> {
    const query = { "filter[names]": name };
    const found = await this.api.all(`read project ${name}`, this.listPath, projectResource, query);
    return found.find(({ attributes }) => attributes.name === name);
  }

  private async update(id: string, operation: string, attributes: object): Promise<void> {
    const { data } = await this.api.send(
      {
        operation,
        method: "PATCH",
        path: pathOf("projects", id),
        body: { data: { type: "projects", id, attributes } },
      },
      one(projectResource),
    );
    this.note(data);
  }

  private note(changed: ProjectResource): void {
    this.all.change((known) => known.map((project) => (project.id === changed.id ? changed : project)));
  }

  private get listPath(): string {
    return `${this.organization.path}/projects`;
  }

  private get listOperation(): string {
    return `list the projects of organization ${this.organization.name}`;
  }
}

function looksLikeId(nameOrId: string): boolean {
  return /^prj-[A-Za-z0-9]{16}$/.test(nameOrId);
}

function toTarget({ id, attributes, relationships }: ProjectResource): FoundTarget {
  const { name, "default-execution-mode": mode, "setting-overwrites": own } = attributes;
  const inherits = isInherited(own);
  return {
    kind: "project",
    id,
    name,
    inherits,
    poolId: mode === "agent" && !inherits ? relationships["default-agent-pool"]?.data?.id : undefined,
  };
}
