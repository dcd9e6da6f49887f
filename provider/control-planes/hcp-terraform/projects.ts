import { CachedList } from "../cached-list";
import type { HcpTerraformApi } from "./api";
import { one, type ProjectResource, projectResource } from "./wire";

/** Finds projects by id or name. Organizations have few projects, so their list is read once. */
export class Projects {
  private readonly api: HcpTerraformApi;
  private readonly list: CachedList<ProjectResource>;

  constructor(api: HcpTerraformApi, organization: string) {
    this.api = api;
    this.list = new CachedList(() =>
      api.all(
        `list the projects of organization ${organization}`,
        `/organizations/${encodeURIComponent(organization)}/projects`,
        projectResource,
      ),
    );
  }

  all(): Promise<readonly ProjectResource[]> {
    return this.list.read();
  }

  async find(nameOrId: string): Promise<ProjectResource | undefined> {
    const known = (await this.list.read()).find(
      (project) => project.id === nameOrId || project.attributes.name === nameOrId,
    );
    if (known || !nameOrId.startsWith("prj-")) return known;
    const found = await this.api.find(
      {
        operation: `read project ${nameOrId}`,
        method: "GET",
        path: `/projects/${encodeURIComponent(nameOrId)}`,
      },
      one(projectResource),
    );
    return found?.data;
  }

  async update(id: string, operation: string, attributes: object): Promise<void> {
    const { data } = await this.api.send(
      {
        operation,
        method: "PATCH",
        path: `/projects/${encodeURIComponent(id)}`,
        body: { data: { type: "projects", id, attributes } },
      },
      one(projectResource),
    );
    await this.list.change((projects) => projects.map((project) => (project.id === id ? data : project)));
  }
}
