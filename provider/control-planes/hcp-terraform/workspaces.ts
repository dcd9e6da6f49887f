import type { z } from "zod";
import { CachedList } from "../cached-list";
import type { HcpTerraformApi } from "./api";
import { one, type WorkspaceResource, workspaceResource } from "./wire";

/** Single reads before a list is tried: a small program must not page through a large organization. */
const singleReads = 3;

/** Pages that a list may cost however few workspaces are asked for. */
const affordablePages = 5;

/** Finds workspaces by id or name, one by one for a few, from the organization's list for many. */
export class Workspaces {
  private readonly api: HcpTerraformApi;
  private readonly organization: string;
  private readonly list: CachedList<WorkspaceResource>;
  private reads = 0;
  private listing: Promise<boolean> | undefined;

  constructor(api: HcpTerraformApi, organization: string) {
    this.api = api;
    this.organization = organization;
    this.list = new CachedList(() => this.api.all(this.listOperation, this.listPath, workspaceResource));
  }

  async find(nameOrId: string): Promise<WorkspaceResource | undefined> {
    if (await this.worthListing()) {
      const known = (await this.list.read()).find((workspace) => matches(workspace, nameOrId));
      if (known) return known;
    }
    return this.readOne(nameOrId);
  }

  /** The workspace as it is now, whatever a list said a moment ago. */
  async readOne(nameOrId: string): Promise<WorkspaceResource | undefined> {
    const path = isWorkspaceId(nameOrId)
      ? `/workspaces/${encodeURIComponent(nameOrId)}`
      : `${this.listPath}/${encodeURIComponent(nameOrId)}`;
    const found = await this.api.find(
      { operation: `read workspace ${nameOrId}`, method: "GET", path },
      one(workspaceResource),
    );
    return found?.data;
  }

  async update(id: string, operation: string, attributes: object): Promise<void> {
    const { data } = await this.api.send(
      {
        operation,
        method: "PATCH",
        path: `/workspaces/${encodeURIComponent(id)}`,
        body: { data: { type: "workspaces", id, attributes } },
      },
      one(workspaceResource),
    );
    await this.list.change((workspaces) =>
      workspaces.map((workspace) => (workspace.id === id ? data : workspace)),
    );
  }

  all(): Promise<readonly z.output<typeof workspaceResource>[]> {
    return this.list.read();
  }

  private async worthListing(): Promise<boolean> {
    this.reads += 1;
    if (this.reads <= singleReads) return false;
    this.listing ??= this.measure();
    const worth = await this.listing;
    if (!worth) this.listing = undefined;
    return worth;
  }

  /** Whether the whole list costs fewer calls than the single reads that were asked for so far. */
  private async measure(): Promise<boolean> {
    if (this.reads > singleReads + 1 && this.reads < this.pages) return false;
    const { meta } = await this.api.page(this.listOperation, this.listPath, workspaceResource, 1);
    this.pages = meta?.pagination?.["total-pages"] ?? 1;
    return this.pages <= Math.max(affordablePages, this.reads);
  }

  private pages = 0;

  private get listPath(): string {
    return `/organizations/${encodeURIComponent(this.organization)}/workspaces`;
  }

  private get listOperation(): string {
    return `list the workspaces of organization ${this.organization}`;
  }
}

function isWorkspaceId(nameOrId: string): boolean {
  return /^ws-[A-Za-z0-9]{16}$/.test(nameOrId);
}

function matches(workspace: WorkspaceResource, nameOrId: string): boolean {
  return workspace.id === nameOrId || workspace.attributes.name === nameOrId;
}
