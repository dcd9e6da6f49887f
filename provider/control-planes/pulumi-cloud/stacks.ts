import { CachedList } from "../cached-list";
import type { AssignedTarget, Freshness, Target, TargetFilter } from "../control-plane";
import type { TargetDescription } from "../descriptor";
import { anyAnswer } from "../http/answer";
import { ControlPlaneError } from "../http/error";
import { displayName } from "./dialect";
import { readAllPages } from "./pages";
import type { PulumiCloudSession } from "./session";
import { confirmSeesAll, type TargetsOfKind } from "./targets";
import { deploymentSettings, stackList } from "./wire";

/** A part of a stack's name: no slash, no space, no pattern, and neither `.` nor `..`, which would lead to other paths. */
const part = String.raw`(?!\.{1,2}(?:/|$))[^\s/*]+`;

export const stackTarget: TargetDescription = {
  plural: "stacks",
  description: "a stack, as `project/stack` or `organization/project/stack`.",
  name: {
    pattern: new RegExp(`^(?:${part}/)?${part}/${part}$`),
    words: "project/stack or organization/project/stack",
  },
  nameIsId: true,
  partsBehindOrganization: 2,
  filters: ["tag", "project"],
  tag: {
    pattern: /^(?=[^=]*[^=\s])[^=]*(?:=(?=.*\S).*)?$/s,
    words: "name or name=value, neither of them blank",
  },
};

/** GUESS: the description states no largest page for stacks; this is the one of other lists. */
const pageSize = 1000;

/**
 * Stacks. A stack's pool is one key of its deployment settings. POST merges, null removes a key; PUT and DELETE would
 * lose the settings that others wrote, so they are never used. (API: `PatchDeploymentSettings`.)
 *
 * The identity of a stack is `project/stack`: its "logical identifier" is in no answer about its settings, nothing can
 * be asked by it, and the description's own example of it is the path.
 */
export class Stacks implements TargetsOfKind {
  private readonly session: PulumiCloudSession;
  /** By filter, so that many readers share one listing. */
  private readonly lists = new Map<string, CachedList<Target>>();

  constructor(session: PulumiCloudSession) {
    this.session = session;
  }

  async find(name: string): Promise<AssignedTarget | undefined> {
    const id = this.identityOf(name);
    const { api, organization } = this.session;
    const operation = `read the deployment settings of stack ${organization}/${id}`;
    const settings = await api.find(
      { operation, method: "GET", path: this.settingsPath(id) },
      deploymentSettings,
    );
    if (settings) return { ...target(id), poolId: settings.agentPoolID || undefined };
    // 404 is also the answer for a stack that was never configured.
    const stack = await api.find({ operation, method: "GET", path: this.path(id) }, anyAnswer);
    return stack && { ...target(id), poolId: undefined };
  }

  async write(name: string, poolId: string | undefined): Promise<boolean> {
    const id = this.identityOf(name);
    const { api, organization } = this.session;
    const settings = await api.find(
      {
        operation: `${poolId ? `assign agent pool ${poolId} to` : "take the agent pool from"} stack ${organization}/${id}`,
        method: "POST",
        path: this.settingsPath(id),
        body: { agentPoolID: poolId ?? null },
        repeatable: true,
      },
      deploymentSettings,
    );
    return settings !== undefined;
  }

  async list(filter: TargetFilter, freshness?: Freshness): Promise<readonly Target[]> {
    const query = { project: this.given("project", filter.project), ...this.tagQuery(filter.tag) };
    const key = JSON.stringify(query);
    const known = this.lists.get(key) ?? new CachedList(() => this.readAll(query));
    this.lists.set(key, known);
    return known.read(freshness);
  }

  async confirmVisible(): Promise<void> {
    const what = { words: "stacks", count: "stackCount" } as const;
    await confirmSeesAll(this.session, what, () => this.list({}, { fresh: true }));
  }

  private async readAll(filter: Readonly<Record<string, string | undefined>>): Promise<Target[]> {
    const { api, organization } = this.session;
    const operation = `list the stacks of organization ${organization}`;
    return readAllPages(operation, async (continuationToken) => {
      const { stacks, continuationToken: next } = await api.send(
        {
          operation,
          method: "GET",
          path: "/api/user/stacks",
          query: { organization, ...filter, maxResults: pageSize, continuationToken },
        },
        stackList,
      );
      const own = stacks.filter(({ orgName }) => orgName === organization);
      return { items: own.map((stack) => target(`${stack.projectName}/${stack.stackName}`)), next };
    });
  }

  /** An empty filter would be no filter to the service, and would select every stack. */
  private given(what: string, value: string | undefined): string | undefined {
    if (value?.trim() !== "") return value;
    throw this.refusal(
      "list the stacks",
      `the ${what} to select by is empty`,
      `Give the ${what}, or leave the filter out.`,
    );
  }

  private tagQuery(tag: string | undefined) {
    if (tag === undefined) return {};
    const [name = "", ...value] = tag.split("=");
    return {
      tagName: this.given("tag's name", name),
      tagValue: value.length === 0 ? undefined : this.given("tag's value", value.join("=")),
    };
  }

  /** `project/stack`, however it was named. @throws ControlPlaneError where it is no stack of this organization. */
  private identityOf(name: string): string {
    const parts = name.split("/");
    const [owner] = parts.length === 3 ? parts.splice(0, 1) : [this.session.organization];
    if (stackTarget.name.pattern.test(name) && owner === this.session.organization) return parts.join("/");
    throw this.refusal(
      `find stack ${name}`,
      `it is no stack of organization ${this.session.organization}`,
      `Name it as ${stackTarget.name.words}.`,
    );
  }

  private refusal(operation: string, message: string, advice: string): ControlPlaneError {
    return new ControlPlaneError({ plane: displayName, operation, message, advice });
  }

  private path(id: string): string {
    const parts = [this.session.organization, ...id.split("/")];
    return `/api/stacks/${parts.map(encodeURIComponent).join("/")}`;
  }

  private settingsPath(id: string): string {
    return `${this.path(id)}/deployments/settings`;
  }
}

function target(id: string): Target {
  return { kind: "stack", id, name: id };
}
