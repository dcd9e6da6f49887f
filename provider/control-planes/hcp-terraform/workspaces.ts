import { CachedList } from "../cached-list";
import type { AssignedTarget, Fallback, Freshness, TargetFilter } from "../control-plane";
import { type HcpTerraformApi, pathOf } from "./api";
import type { Organization } from "./organization";
import type { Projects } from "./projects";
import { hasKey, KeyFilter, tagQuery } from "./tag-filter";
import type { FoundTarget, TargetsOfKind } from "./targets";
import { isInherited, one, type WorkspaceResource, workspaceResource } from "./wire";

/** Single reads before a list is tried: a small program must not page through a large organization. */
const singleReads = 3;

/** Pages that a list may cost however few workspaces are asked for. */
const affordablePages = 5;

/** Workspaces by id or name: one by one for a few, from the organization's list for many. (API: "Workspaces".) */
export class Workspaces implements TargetsOfKind {
  readonly scopeList = "allowed-workspaces";
  readonly permission = "can-create-workspace";
  private readonly api: HcpTerraformApi;
  private readonly organization: Organization;
  private readonly projects: Projects;
  private readonly all: CachedList<WorkspaceResource>;
  private readonly keyFilter: KeyFilter;
  private reads = 0;
  private pages = 0;
  private measuring: Promise<boolean> | undefined;

  constructor(api: HcpTerraformApi, organization: Organization, projects: Projects) {
    this.api = api;
    this.organization = organization;
    this.projects = projects;
    this.all = new CachedList(() => api.all(this.listOperation, this.listPath, workspaceResource));
    this.keyFilter = new KeyFilter((query) =>
      api.page(this.listOperation, this.listPath, workspaceResource, 1, query),
    );
  }

  async find(nameOrId: string, freshness: Freshness = {}): Promise<FoundTarget | undefined> {
    if (!freshness.fresh && (await this.worthListing())) {
      const listed = await this.all.read();
      const known =
        listed.find(({ id }) => id === nameOrId) ??
        listed.find(({ attributes }) => attributes.name === nameOrId);
      if (known) return toTarget(known);
    }
    return this.readOne(nameOrId);
  }

  async list(filter: TargetFilter, freshness?: Freshness): Promise<readonly FoundTarget[]> {
    if (filter.tag === undefined && filter.project === undefined) {
      return (await this.all.read(freshness)).map(toTarget);
    }
    const byTag = filter.tag === undefined ? {} : tagQuery(this.listOperation, filter.tag);
    if (hasKey(byTag)) await this.keyFilter.confirm();
    const project =
      filter.project === undefined ? undefined : await this.projects.get(filter.project, freshness);
    return this.query({ ...byTag, ...(project && { "filter[project][id]": project.id }) }, project);
  }

  async sample(): Promise<readonly FoundTarget[]> {
    const { data } = await this.api.page(this.listOperation, this.listPath, workspaceResource, 1);
    return data.map(toTarget);
  }

  /** Workspaces, of a project or of all, whose current run has one of these statuses. */
  withCurrentRun(
    statuses: readonly string[],
    project?: Pick<FoundTarget, "id">,
  ): Promise<readonly FoundTarget[]> {
    const status = { "filter[current-run][status]": statuses.join(",") };
    return this.query(project ? { "filter[project][id]": project.id, ...status } : status, project);
  }

  use({ id, name }: Pick<AssignedTarget, "id" | "name">, poolId: string): Promise<void> {
    return this.update(id, `assign agent pool ${poolId} to workspace ${name}`, {
      "execution-mode": "agent",
      "agent-pool-id": poolId,
      "setting-overwrites": { "execution-mode": true, "agent-pool": true },
    });
  }

  release({ id, name }: Pick<AssignedTarget, "id" | "name">, fallback: Fallback): Promise<void> {
    return this.update(
      id,
      `take the agent pool from workspace ${name}`,
      fallback === "hosted"
        ? { "execution-mode": "remote" }
        : { "setting-overwrites": { "execution-mode": false, "agent-pool": false } },
    );
  }

  /** A name may look like an id, so what is not found by id is looked for by name. */
  private async readOne(nameOrId: string): Promise<FoundTarget | undefined> {
    const byId = looksLikeId(nameOrId)
      ? await this.readAt(pathOf("workspaces", nameOrId), nameOrId)
      : undefined;
    return byId ?? this.readAt(`${this.listPath}${pathOf(nameOrId)}`, nameOrId);
  }

  private async readAt(path: string, nameOrId: string): Promise<FoundTarget | undefined> {
    const operation = `read workspace ${nameOrId}`;
    const found = await this.api.find({ operation, method: "GET", path }, one(workspaceResource));
    if (!found || !this.organization.owns(found.data)) return undefined;
    this.note(found.data);
    return toTarget(found.data);
  }

  private async query(
    query: Readonly<Record<string, string>>,
    project: Pick<FoundTarget, "id"> | undefined,
  ): Promise<readonly FoundTarget[]> {
    const found = await this.api.all(this.listOperation, this.listPath, workspaceResource, query);
    // A service that does not know the filter answers with every workspace.
    return found.map(toTarget).filter(({ projectId }) => !project || !projectId || projectId === project.id);
  }

  private async update(id: string, operation: string, attributes: object): Promise<void> {
    const { data } = await this.api.send(
      {
        operation,
        method: "PATCH",
        path: pathOf("workspaces", id),
        body: { data: { type: "workspaces", id, attributes } },
      },
      one(workspaceResource),
    );
    this.note(data);
  }

  private note(changed: WorkspaceResource): void {
    this.all.change((known) => known.map((workspace) => (workspace.id === changed.id ? changed : workspace)));
  }

  private async worthListing(): Promise<boolean> {
    this.reads += 1;
    if (this.reads <= singleReads) return false;
    this.measuring ??= this.measure();
    const worth = await this.measuring.catch((error) => {
      this.measuring = undefined;
      throw error;
    });
    if (!worth) this.measuring = undefined;
    return worth;
  }

  /** Whether the whole list costs fewer calls than the single reads that were asked for so far. */
  private async measure(): Promise<boolean> {
    if (this.reads < this.pages) return false;
    const { meta } = await this.api.page(this.listOperation, this.listPath, workspaceResource, 1);
    this.pages = meta?.pagination?.["total-pages"] ?? 1;
    return this.pages <= Math.max(affordablePages, this.reads);
  }

  private get listPath(): string {
    return `${this.organization.path}/workspaces`;
  }

  private get listOperation(): string {
    return `list the workspaces of organization ${this.organization.name}`;
  }
}

function looksLikeId(nameOrId: string): boolean {
  return /^ws-[A-Za-z0-9]{16}$/.test(nameOrId);
}

function toTarget({ id, attributes, relationships }: WorkspaceResource): FoundTarget {
  const { name, "execution-mode": mode, "setting-overwrites": own } = attributes;
  const inherits = isInherited(own);
  return {
    kind: "workspace",
    id,
    name,
    inherits,
    poolId: mode === "agent" && !inherits ? relationships["agent-pool"]?.data?.id : undefined,
    projectId: relationships.project?.data?.id,
    currentRunId: relationships["current-run"]?.data?.id,
  };
}
