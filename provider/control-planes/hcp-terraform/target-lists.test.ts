import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { documents, startCannedService, toOne } from "./testing/canned-service.ts";
import { openPlane, openTestWorld } from "./testing/plane.ts";

let world: Awaited<ReturnType<typeof openTestWorld>>;
let plane: ReturnType<typeof openPlane>;
beforeEach(async () => {
  world = await openTestWorld();
  plane = openPlane(world.emulator.url);
});
afterEach(() => world.emulator.stop());

const seedWorkspaces = (count: number, project?: string) =>
  world.emulator.admin.seed({
    hcpTerraform: [
      {
        organization: "acme",
        workspaces: Array.from({ length: count }, (_, index) => ({
          name: `app-${index}`,
          ...(project && { project }),
        })),
      },
    ],
  });

describe("a list of targets", () => {
  test("has all of a kind, in pages of a hundred, once for all who ask", async () => {
    seedWorkspaces(150);
    const listed = await plane.assignments.list("workspace");
    expect(listed).toHaveLength(153);
    expect(listed[0]).toEqual({
      kind: "workspace",
      id: world.workspace("app-0").id,
      name: "app-0",
      poolId: undefined,
    });
    await plane.assignments.list("workspace", {});
    expect(
      world.requests("listWorkspaces").map(({ query }) => new URLSearchParams(query).get("page[number]")),
    ).toEqual(["1", "2"]);
    await plane.assignments.list("workspace", {}, { fresh: true });
    expect(world.requests("listWorkspaces")).toHaveLength(4);
  });

  test.each([{}, { meta: null }, { meta: {} }, { meta: { pagination: null } }])(
    "ends where the answer tells of no further page: %j",
    async (rest) => {
      const service = await startCannedService({
        "GET /organizations/acme/workspaces": {
          body: { data: [documents.workspace("ws-1", "app")], ...rest },
        },
      });
      expect(await openPlane(service.url).assignments.list("workspace")).toHaveLength(1);
      expect(service.asked).toHaveLength(1);
      await service.stop();
    },
  );

  test("ends where a page names itself as the next one", async () => {
    const service = await startCannedService({
      "GET /organizations/acme/workspaces": {
        body: { data: [], meta: { pagination: { "next-page": 2 } } },
      },
    });
    await expect(openPlane(service.url).assignments.list("workspace")).rejects.toThrow(
      "page 2 names page 2 as the next one, so the list has no end",
    );
    expect(service.asked).toHaveLength(2);
    await service.stop();
  });

  test("of projects is read once too, or afresh", async () => {
    const names = async (fresh: boolean) =>
      (await plane.assignments.list("project", {}, { fresh })).map(({ name }) => name);
    expect(await names(false)).toEqual(["Default Project", "platform"]);
    world.emulator.admin.seed({ hcpTerraform: [{ organization: "acme", projects: ["later"] }] });
    expect(await names(false)).toHaveLength(2);
    expect(await names(true)).toEqual(["Default Project", "platform", "later"]);
  });

  test.each(["name", "id"])("of a project's workspaces takes the project by its %s", async (by) => {
    seedWorkspaces(2);
    const { id } = world.project("platform");
    const project = by === "id" ? id : "platform";
    const names = (await plane.assignments.list("workspace", { project })).map(({ name }) => name);
    expect(names).toEqual(["app-prod", "network-dev", "network-prod"]);
    const query = new URLSearchParams(world.requests("listWorkspaces")[0]?.query);
    expect(Object.fromEntries(query)).toEqual({
      "filter[project][id]": id,
      "page[size]": "100",
      "page[number]": "1",
    });
  });

  test("of a project that does not exist names those that do", async () => {
    await expect(plane.assignments.list("workspace", { project: "platfrom" })).rejects.toThrow(
      "could not find project platfrom: organization acme has no project platfrom that this token may see. It has Default Project, platform.",
    );
    expect(world.requests("listWorkspaces")).toHaveLength(0);
  });

  test.each([
    [20, /p-19\.$/],
    [21, /p-19 and 1 more\.$/],
  ])("of a project that does not exist names twenty of %i at most", async (count, end) => {
    const projects = Array.from({ length: count }, (_, index) =>
      documents.project(`prj-${index}`, `p-${String(index).padStart(2, "0")}`),
    );
    const service = await startCannedService({
      "GET /organizations/acme/projects": { body: { data: projects } },
    });
    const { assignments } = openPlane(service.url);
    await expect(assignments.list("workspace", { project: "none" })).rejects.toThrow(end);
    await service.stop();
  });

  test("of a project that does not exist names the others by alphabet", async () => {
    const projects = ["b", "c", "a"].map((name) => documents.project(`prj-${name}`, name));
    const service = await startCannedService({
      "GET /organizations/acme/projects": { body: { data: projects } },
    });
    const { assignments } = openPlane(service.url);
    await expect(assignments.list("workspace", { project: "d" })).rejects.toThrow("It has a, b, c.");
    await service.stop();
  });

  test("of a project, to a token that sees none, says that", async () => {
    const service = await startCannedService({ "GET /organizations/acme/projects": { body: { data: [] } } });
    const { assignments } = openPlane(service.url);
    await expect(assignments.list("workspace", { project: "none" })).rejects.toThrow(
      "It sees no project at all",
    );
    await service.stop();
  });

  test.each([
    ["a name", "production", { "search[tags]": "production" }],
    ["a key and a value", "env=a=b", { "filter[tagged][0][key]": "env", "filter[tagged][0][value]": "a=b" }],
    ["a key and an empty value", "env=", { "filter[tagged][0][key]": "env", "filter[tagged][0][value]": "" }],
  ])("by a tag that is %s asks the service for it", async (_case, tag, query) => {
    // A key has to be asked for by a service that knows the filter, which is tried out first.
    const probes = tag.includes("=") ? 1 : 0;
    const service = await startCannedService({
      "GET /organizations/acme/workspaces": (times) => ({
        body: { data: times < probes ? [] : [documents.workspace("ws-1", "app")] },
      }),
    });
    const listed = await openPlane(service.url).assignments.list("workspace", { tag });
    expect(listed).toEqual([{ kind: "workspace", id: "ws-1", name: "app", poolId: undefined }]);
    expect(service.asked.slice(probes).map((one) => Object.fromEntries(one.query))).toEqual([
      { ...query, "page[size]": "100", "page[number]": "1" },
    ]);
    await service.stop();
  });

  test("by a tag that nothing has is empty, and no answer for other lists", async () => {
    const service = await startCannedService({
      "GET /organizations/acme/workspaces": (times) => ({
        body: { data: times === 0 ? [] : [documents.workspace("ws-1", "app")] },
      }),
    });
    const { assignments } = openPlane(service.url);
    expect(await assignments.list("workspace", { tag: "none" })).toEqual([]);
    expect(await assignments.list("workspace")).toHaveLength(1);
    await service.stop();
  });

  test("by tag and project asks for both, and drops what a service without that filter sends", async () => {
    const service = await startCannedService({
      "GET /organizations/acme/projects": { body: { data: [documents.project("prj-1", "p")] } },
      "GET /organizations/acme/workspaces": {
        body: {
          data: [
            documents.workspace("ws-1", "mine", { project: toOne("prj-1") }),
            documents.workspace("ws-2", "other", { project: toOne("prj-2") }),
            documents.workspace("ws-3", "unknown"),
          ],
        },
      },
    });
    const listed = await openPlane(service.url).assignments.list("workspace", { tag: "t", project: "p" });
    expect(listed.map(({ name }) => name)).toEqual(["mine", "unknown"]);
    expect(Object.fromEntries(service.asked[1]?.query ?? [])).toMatchObject({
      "search[tags]": "t",
      "filter[project][id]": "prj-1",
    });
    await service.stop();
  });

  test.each([{ tag: "t" }, { project: "p" }])(
    "of projects cannot be filtered by %j, and is not the whole list then",
    async (filter) => {
      await expect(plane.assignments.list("project", filter)).rejects.toThrow(
        "projects cannot be selected by tag or by project",
      );
    },
  );

  test.each([
    ["data", {}],
    ["data.0.attributes.name", { data: [{ id: "ws-1", attributes: { "execution-mode": "remote" } }] }],
    ["data.0.attributes.execution-mode", { data: [{ id: "ws-1", attributes: { name: "app" } }] }],
  ])("that lacks %s is a broken answer, not an empty list", async (field, body) => {
    const service = await startCannedService({ "GET /organizations/acme/workspaces": { body } });
    const { assignments } = openPlane(service.url);
    await expect(assignments.list("workspace")).rejects.toThrow(field);
    await expect(assignments.list("workspace", { tag: "t" })).rejects.toThrow(field);
    await service.stop();
  });
});
