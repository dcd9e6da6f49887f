import { describe, expect, it } from "vitest";
import { failureOf } from "../testing/open-parts.ts";
import { envZero } from "./descriptor.ts";
import { forbidden, openCanned, openEmulator } from "./testing/env-zero-world.ts";

const mapRoute = "/agents/projects-assignments";
const project = (id: string, name: string, more: object = {}) => ({ id, name, ...more });
const network = { kind: "project", id: "j1", name: "network" };

function answers({ projects = [project("j1", "network")], pools = [], map = {} }: Answers = {}) {
  return {
    "GET /projects": { body: projects },
    "GET /agents": { body: pools },
    [`GET ${mapRoute}`]: { body: { defaultAgent: "ENV0_DEFAULT", projectsAgents: {}, ...map } },
    [`POST ${mapRoute}`]: { body: {} },
  };
}

interface Answers {
  projects?: object[];
  pools?: object[];
  map?: object;
}

describe("projects of env zero", () => {
  it("have one identity, by id or by name", async () => {
    const { assignments, projects } = await openEmulator();
    const expected = { kind: "project", id: projects.network, name: "network", poolId: undefined };
    expect(await assignments.find({ kind: "project", name: projects.network })).toEqual(expected);
    expect(await assignments.find({ kind: "project", name: "network" })).toEqual(expected);
    expect(await assignments.find({ kind: "project", name: "other" })).toBeUndefined();
  });

  it("are meant by their id before the name of another", async () => {
    const { assignments } = await openCanned(
      answers({ projects: [project("j2", "j1"), project("j1", "network"), project("j3", "j1")] }),
    );
    expect(await assignments.find({ kind: "project", name: "j1" })).toMatchObject({ id: "j1" });
  });

  it("that share a name are refused", async () => {
    const { assignments } = await openCanned(
      answers({ projects: [project("j1", "network"), project("j2", "app"), project("j3", "network")] }),
    );
    expect((await failureOf(assignments.find({ kind: "project", name: "network" }))).message).toBe(
      "env zero: could not find project network: organization acme has several of that name: j1, j3. Give the id of the one that is meant.",
    );
  });

  it("that are archived do not count", async () => {
    const { assignments } = await openCanned(
      answers({
        projects: [
          project("j1", "network", { isArchived: false }),
          project("j2", "network", { isArchived: true }),
        ],
      }),
    );
    expect(await assignments.list("project")).toEqual([network]);
    expect(await assignments.find(network)).toMatchObject({ id: "j1" });
  });

  it("are sent their one key, and the default where they are released", async () => {
    const { assignments, projects, poolId, bodies, calls } = await openEmulator();
    const id = poolId();
    const reference = { kind: "project", name: "network" };
    const before = await assignments.find(reference);
    if (!before) throw new Error("no project");
    expect(await assignments.assign(before, id)).toEqual({ accessGranted: false });
    expect(await assignments.find(reference)).toEqual({ ...before, poolId: id });
    expect(await assignments.find({ kind: "project", name: "app" })).toMatchObject({ poolId: undefined });
    await assignments.release({ ...before, poolId: id }, "inherit");
    expect(await assignments.find(reference)).toEqual(before);
    expect(calls("getAgentAssignments")).toBe(1);
    expect(await assignments.find(reference, { fresh: true })).toEqual(before);
    expect(bodies("assignAgents")).toEqual([
      { [projects.network]: id },
      { [projects.network]: "ENV0_DEFAULT" },
    ]);
  });

  it("keep what the map says of others when one is changed", async () => {
    const { assignments } = await openCanned(
      answers({
        projects: [project("j1", "network"), project("j2", "app")],
        map: { defaultAgent: "p0", projectsAgents: { j2: "p2" } },
      }),
    );
    const app = { kind: "project", name: "app" };
    expect(await assignments.find(app)).toMatchObject({ poolId: "p2" });
    await assignments.assign({ ...network, poolId: undefined }, "p1");
    await assignments.release({ ...network, poolId: "p1" }, "inherit");
    expect(await assignments.find(app)).toMatchObject({ poolId: "p2" });
    expect(await assignments.inheritedPool(network)).toBe("p0");
  });

  it("are read anew, map and list, where asked", async () => {
    const { assignments, another, poolId, admin, projects, acmeId: organizationId } = await openEmulator();
    const reference = { kind: "project", name: "network" };
    expect(await assignments.find(reference)).toMatchObject({ poolId: undefined });
    const agentId = poolId();
    admin.envZero.assign({ projectId: projects.network, agentId });
    admin.seed({
      envZero: [{ organizationId, organization: "acme", projects: [{ id: "j-new", name: "new" }] }],
    });
    expect(await assignments.find(reference)).toMatchObject({ poolId: undefined });
    expect(await assignments.find({ kind: "project", name: "new" })).toBeUndefined();
    expect(await assignments.find(reference, { fresh: true })).toMatchObject({ poolId: agentId });
    expect(await assignments.find({ kind: "project", name: "new" }, { fresh: true })).toMatchObject({
      id: "j-new",
    });
    expect(await another().assignments.list("project")).toHaveLength(4);
  });

  it("are read together, however many ask", async () => {
    const { assignments, calls } = await openEmulator();
    const names = ["network", "app", "sandbox", "other"];
    await Promise.all(names.map((name) => assignments.find({ kind: "project", name })));
    expect([calls("getAgentAssignments"), calls("findByOrganizationId"), calls("findOrganizations")]).toEqual(
      [1, 1, 1],
    );
  });

  it("are compared by pool where the map holds keys", async () => {
    const { assignments, defaultPool } = await openCanned(
      answers({
        projects: ["j1", "j2", "j3", "j4", "j5", "j6"].map((id) => project(id, id)),
        pools: [
          { id: "p1", name: "first", agentKey: "key-1" },
          { id: "key-1", name: "an id that is also a key" },
          { id: "p2", name: "second", agentKey: "key-2" },
          { agentKey: "key-3" },
        ],
        map: {
          defaultAgent: "key-2",
          projectsAgents: {
            j1: "key-1",
            j2: "key-2",
            j3: "key-3",
            j4: "p2",
            j5: "unknown",
            j6: "ENV0_DEFAULT",
          },
        },
      }),
    );
    const poolOf = async (name: string) => (await assignments.find({ kind: "project", name }))?.poolId;
    expect(await Promise.all(["j1", "j2", "j3", "j4", "j5", "j6"].map(poolOf))).toEqual([
      "key-1",
      "p2",
      "key-3",
      "p2",
      "unknown",
      undefined,
    ]);
    expect(await defaultPool.find()).toBe("p2");
  });

  it("are assigned to pools of the old kind, which the map shows by their key", async () => {
    const { assignments, pools, admin, acmeId: organizationId } = await openEmulator();
    const name = "frankfurt";
    const { id } = admin.envZero.createLegacyAgent({ organizationId, agentKey: "acme_frankfurt", name });
    admin.envZero.createLegacyAgent({ organizationId, agentKey: "acme_old" });
    expect((await pools.list()).map((pool) => pool.id)).toEqual([id, "acme_old"]);
    for (const poolId of [id, "acme_old"]) {
      const before = await assignments.find({ kind: "project", name: "app" });
      if (!before) throw new Error("no project");
      await assignments.assign(before, poolId);
      expect(await assignments.find(before, { fresh: true })).toMatchObject({ poolId });
    }
  });

  it.each([null, "", "ENV0_DEFAULT"])(
    "have no pool of their own, and no default, by the value %j",
    async (value) => {
      const { assignments, defaultPool } = await openCanned(
        answers({ map: { defaultAgent: value, projectsAgents: { j1: value } } }),
      );
      expect(await assignments.find(network)).toEqual({ ...network, poolId: undefined });
      expect(await defaultPool.find()).toBeUndefined();
    },
  );

  it.each([
    ["the map", { projectsAgents: undefined }],
    ["the default", { defaultAgent: undefined }],
  ])("are never without %s", async (_what, map) => {
    const { assignments } = await openCanned(answers({ map }));
    expect((await failureOf(assignments.find(network))).message).toContain("the answer");
  });

  it("inherit the organization's default, which is read now where that is asked", async () => {
    const { assignments, defaultPool, poolId, admin, acmeId: organizationId } = await openEmulator();
    expect(await assignments.inheritedPool(network, { fresh: true })).toBeUndefined();
    const agentId = poolId();
    admin.envZero.setDefaultAgent({ organizationId, agentId });
    expect(await assignments.inheritedPool(network)).toBeUndefined();
    expect(await defaultPool.find()).toBeUndefined();
    expect(await assignments.inheritedPool(network, { fresh: true })).toBe(agentId);
    admin.envZero.setDefaultAgent({ organizationId, agentId: null });
    expect(await defaultPool.find({ fresh: true })).toBeUndefined();
    expect(defaultPool.set).toBeUndefined();
  });

  it("are gone where neither list nor map has them", async () => {
    const { assignments, projects } = await openEmulator();
    await expect(assignments.confirmGone({ kind: "project", name: "other" })).resolves.toBeUndefined();
    expect((await failureOf(assignments.confirmGone({ kind: "project", name: projects.app }))).message).toBe(
      `env zero: could not confirm that project ${projects.app} is gone: it is there. Run again.`,
    );
  });

  it("are not gone where they are hidden", async () => {
    const map = { projectsAgents: { j9: "p1" } };
    const { assignments } = await openCanned(answers({ map }));
    expect((await failureOf(assignments.confirmGone({ kind: "project", name: "j9" }))).message).toBe(
      "env zero: could not confirm that project j9 is gone: the API key does not see it, but the agent assignments name it. Use an API key that may see the project.",
    );
    for (const route of ["GET /projects", `GET ${mapRoute}`]) {
      const hidden = await openCanned({ ...answers(), [route]: forbidden });
      const failure = await failureOf(hidden.assignments.confirmGone({ kind: "project", name: "j2" }));
      expect(failure.status).toBe(403);
    }
  });

  it("are looked for now before they count as gone", async () => {
    const { assignments, api } = await openCanned({
      ...answers(),
      "GET /projects": [{ body: [] }, { body: [project("j1", "network")] }],
    });
    expect(await assignments.find(network)).toBeUndefined();
    await failureOf(assignments.confirmGone(network));
    expect(api.routes().filter((route) => route === `GET ${mapRoute}`)).toHaveLength(2);
  });

  it("are written again where an answer was lost", async () => {
    const { assignments, poolId, admin } = await openEmulator();
    const id = poolId();
    admin.addFault({ operation: "assignAgents", kind: "drop-after", times: 1 });
    const before = await assignments.find({ kind: "project", name: "network" });
    if (!before) throw new Error("no project");
    await assignments.assign(before, id);
    expect(await assignments.find(before, { fresh: true })).toMatchObject({ poolId: id });
  });

  it("are not sent to hosted runners", async () => {
    const { assignments, api } = await openCanned(answers());
    expect((await failureOf(assignments.release({ ...network, poolId: "p1" }, "hosted"))).message).toBe(
      'env zero: could not send project j1 to hosted runners: the API cannot say so: without a pool of its own it uses the organization\'s default. Set onDestroy: "inherit".',
    );
    expect(api.requests).toEqual([]);
  });

  it("are listed once for all readers, and anew where asked", async () => {
    const { assignments, api } = await openCanned(answers());
    expect(await assignments.list("project")).toEqual([network]);
    await assignments.list("project", {});
    expect(api.routes()).toEqual(["GET /organizations", "GET /projects"]);
    await assignments.list("project", {}, { fresh: true });
    expect(api.routes().slice(2)).toEqual(["GET /projects"]);
    expect(api.requests[1]?.query).toEqual({ organizationId: "o1" });
  });

  it.each([{ tag: "team" }, { project: "network" }])("cannot be selected by %j", async (filter) => {
    const { assignments, api } = await openCanned(answers());
    expect((await failureOf(assignments.list("project", filter))).message).toBe(
      "env zero: could not list the projects: they cannot be selected by tag or project. Select them by name or id.",
    );
    expect(api.requests).toEqual([]);
  });

  it("are written for their organization", async () => {
    const { assignments, api } = await openCanned(answers());
    await assignments.assign({ ...network, poolId: undefined }, "p1");
    expect(api.requests.at(-1)).toMatchObject({ query: { organizationId: "o1" }, body: { j1: "p1" } });
  });
});

describe("names of projects on env zero", () => {
  const { project: target } = envZero.targets;
  it.each(["a", "ab", "all of them", "e0e0-1", "a/b"])("may be %s", (name) =>
    expect(target?.name.pattern.test(name)).toBe(true),
  );
  it.each(["", " ", " a", "a ", "*", "a*", "*a", "a*b"])("may not be %j", (name) =>
    expect(target?.name.pattern.test(name)).toBe(false),
  );
});
