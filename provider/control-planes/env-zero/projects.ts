import { listInWords } from "../../list-in-words";
import { CachedList } from "../cached-list";
import type { Freshness, Target } from "../control-plane";
import type { TargetDescription } from "../descriptor";
import { ControlPlaneError } from "../http/error";
import { gathering } from "./assignment-map";
import { displayName } from "./dialect";
import { type EnvZeroSession, readOwn } from "./session";
import { project } from "./wire";

/** No filters: the API lists projects by organization only. */
export const projectTarget: TargetDescription = {
  plural: "projects",
  description: "a project, by its id or its name.",
  name: {
    pattern: /^[^\s*](?:[^*]*[^\s*])?$/,
    words: "the id or the name of a project",
  },
  filters: [],
};

/** The projects of the organization, without those that are archived. The identity of one is its id. */
export class Projects {
  private readonly session: EnvZeroSession;
  private readonly projects: CachedList<Target>;

  constructor(session: EnvZeroSession) {
    this.session = session;
    this.projects = new CachedList(
      async () => {
        const listed = await readOwn(session, "projects", "/projects", project);
        return listed
          .filter(({ isArchived }) => !isArchived)
          .map(({ id, name }) => ({ kind: "project", id, name }));
      },
      { gathering },
    );
  }

  list(freshness?: Freshness): Promise<readonly Target[]> {
    return this.projects.read(freshness);
  }

  /** @throws ControlPlaneError that names the ids, where several projects below different parents have the name. */
  async find(idOrName: string, freshness?: Freshness): Promise<Target | undefined> {
    const projects = await this.list(freshness);
    const byId = projects.find(({ id }) => id === idOrName);
    if (byId) return byId;
    const [found, ...others] = projects.filter(({ name }) => name === idOrName);
    if (others.length === 0) return found;
    const ids = projects.filter(({ name }) => name === idOrName).map(({ id }) => id);
    throw new ControlPlaneError({
      plane: displayName,
      operation: `find project ${idOrName}`,
      message: `organization ${this.session.organization.nameOrId} has several of that name: ${listInWords(ids)}`,
      advice: "Give the id of the one that is meant.",
    });
  }
}
