import { expect } from "vitest";
import { emulatorIds } from "../../emulator/index.ts";
import { describeForms } from "./forms.ts";
import { accessIn, assignmentsIn, poolsIn, writesTo } from "./organization.ts";
import { errorsOf, expectSuccess } from "./results.ts";

const project = emulatorIds.envZeroProjects.network;

/** A pool on each plane; `pools` makes them. */
const threePools = `
  const [pulumiPool, envZeroPool, hcpPool] = ["pulumi", "envZero", "hcp"]
    .map((plane) => new pools.RunnerPool(plane, { controlPlane: address[plane] }));`;

/** Everything that gives something to a pool, once for each suffix of the names. */
const everyAssignment = (...suffixes: string[]) => `${threePools}
  const { pulumi: cloud, envZero, hcp } = address;
  for (const suffix of ${JSON.stringify(suffixes)}) {
    new pools.StackPoolAssignment("stack-" + suffix, { controlPlane: cloud, pool: pulumiPool, target: { stack: "network/prod" } });
    new pools.StackPoolAssignment("project-" + suffix, { controlPlane: envZero, pool: envZeroPool, target: { project: "${project}" } });
    new pools.StackPoolAssignment("workspace-" + suffix, { controlPlane: hcp, pool: hcpPool, target: { workspace: "network-prod" } });
    new pools.StackPoolAssignments("stacks-" + suffix, { controlPlane: cloud, pool: pulumiPool, targets: { stacks: ["app/*"] } });
    new pools.StackPoolAssignments("workspaces-" + suffix, { controlPlane: hcp, pool: hcpPool, targets: { workspaces: ["network-dev"] } });
    new pools.OrganizationDefaultPool("default-" + suffix, { controlPlane: cloud, pool: pulumiPool });
    new pools.OrganizationDefaultPool("hcp-default-" + suffix, { controlPlane: hcp, pool: hcpPool });
  }`;

const everythingAssigned = {
  default: "pulumi",
  "stack network/prod": "pulumi",
  "stack app/dev": "pulumi",
  "stack app/prod": "pulumi",
  "project network": "envZero",
  "workspace network-prod": "hcp",
  "workspace network-dev": "hcp",
};

describeForms("what a program declares is not taken away", ({ form, scenario, start }) => {
  scenario("when resources get other names without an alias, and is when all is destroyed", async () => {
    const { stack, project: folder, emulator } = await start(everyAssignment("old"));
    expectSuccess(await stack.up());
    expect(assignmentsIn(emulator)).toEqual(everythingAssigned);
    folder.write(form.program(emulator, everyAssignment("new")));
    emulator.admin.clearJournal();
    const renamed = expectSuccess(await stack.up());
    expect(renamed.changes).toMatchObject({ create: 7, delete: 7 });
    expect(assignmentsIn(emulator)).toEqual(everythingAssigned);
    expect(accessIn(emulator)["hcp"]).toEqual(["network-dev", "network-prod"]);
    // What has its pool already is taken over as it is: at no moment is it without.
    expect(writesTo(emulator)).toEqual([]);
    expectSuccess(await stack.refresh({ expectNoChanges: true }));
    expect(JSON.stringify(await stack.exportState())).not.toContain("__resourceName");
    expectSuccess(await stack.destroy());
    expect(assignmentsIn(emulator)).toEqual({});
    expect(poolsIn(emulator)).toEqual([]);
  });

  scenario("when its other name comes first, as a target alone, and a refresh after it", async () => {
    const { stack, project: folder, emulator } = await start(everyAssignment("old"));
    expectSuccess(await stack.up());
    folder.write(form.program(emulator, everyAssignment("old", "new")));
    const targets = [
      ...["pulumi", "hcp"].map((name) => form.urn("RunnerPool", name)),
      form.urn("StackPoolAssignment", "stack-new"),
      form.urn("StackPoolAssignments", "workspaces-new"),
    ];
    expect(expectSuccess(await stack.up({ targets })).changes).toMatchObject({ create: 2 });
    folder.write(form.program(emulator, everyAssignment("new")));
    expectSuccess(await stack.up({ refresh: true }));
    expect(assignmentsIn(emulator)).toEqual(everythingAssigned);
    expect(accessIn(emulator)["hcp"]).toEqual(["network-dev", "network-prod"]);
    expectSuccess(await stack.up({ expectNoChanges: true }));
  });

  scenario("when single assignments become sets, and sets become single ones again", async () => {
    const single = `${threePools}
      for (const stack of ["app/dev", "app/prod"])
        new pools.StackPoolAssignment(stack.replace("/", "-"), { controlPlane: address.pulumi, pool: pulumiPool, target: { stack } });
      for (const workspace of ["network-dev", "network-prod"])
        new pools.StackPoolAssignment(workspace, { controlPlane: address.hcp, pool: hcpPool, target: { workspace } });
      new pools.StackPoolAssignment("network", { controlPlane: address.envZero, pool: envZeroPool, target: { project: "${project}" } });`;
    const sets = `${threePools}
      new pools.StackPoolAssignments("stacks", { controlPlane: address.pulumi, pool: pulumiPool, targets: { stacks: ["acme/app/*"] } });
      new pools.StackPoolAssignments("workspaces", { controlPlane: address.hcp, pool: hcpPool, targets: { workspaces: ["network-*"] } });
      new pools.StackPoolAssignments("projects", { controlPlane: address.envZero, pool: envZeroPool, targets: { projects: ["network"] } });`;
    const { stack, project: folder, emulator } = await start(single);
    expectSuccess(await stack.up());
    const before = assignmentsIn(emulator);
    expect(Object.keys(before)).toHaveLength(5);
    for (const program of [sets, single]) {
      folder.write(form.program(emulator, program));
      emulator.admin.clearJournal();
      expectSuccess(await stack.up());
      expect(assignmentsIn(emulator)).toEqual(before);
      expect(accessIn(emulator)).toEqual({ hcp: ["network-dev", "network-prod"] });
      expect(writesTo(emulator)).toEqual([]);
    }
    expectSuccess(await stack.destroy());
    expect(assignmentsIn(emulator)).toEqual({});
  });

  scenario("when forty targets change places between two sets while every answer takes a while", async () => {
    const names = Array.from({ length: 20 }, (_, index) => `s${String(index).padStart(2, "0")}`);
    const program = (first: string[], second: string[]) => {
      const set = (plane: string, pool: string, members: string[]) => {
        const targets =
          plane === "pulumi" ? { stacks: members.map((name) => `many/${name}`) } : { workspaces: members };
        return `new pools.StackPoolAssignments("${plane}-${pool}", { controlPlane: address.${plane}, pool: made["${plane}-${pool}"],
          targets: ${JSON.stringify(targets)}, maxReleases: 100 });`;
      };
      return `const made = {};
        for (const plane of ["pulumi", "hcp"]) for (const pool of ["first", "second"])
          made[plane + "-" + pool] = new pools.RunnerPool(plane + "-" + pool, { controlPlane: address[plane], name: pool });
        ${["pulumi", "hcp"].map((plane) => set(plane, "first", first) + set(plane, "second", second)).join("\n")}`;
    };
    const { stack, project: folder, emulator } = await start("");
    emulator.admin.seed({
      pulumiCloud: [{ organization: "acme", stacks: names.map((name) => `many/${name}`) }],
      hcpTerraform: [{ organization: "acme", workspaces: names.map((name) => ({ name })) }],
    });
    const expectSplit = (first: string[], second: string[]) => {
      const expected = [
        ...first.flatMap((name) => [
          [`stack many/${name}`, "first"],
          [`workspace ${name}`, "first"],
        ]),
        ...second.flatMap((name) => [
          [`stack many/${name}`, "second"],
          [`workspace ${name}`, "second"],
        ]),
      ];
      expect(assignmentsIn(emulator)).toEqual(Object.fromEntries(expected));
      expect(accessIn(emulator)).toEqual({ first, second });
    };
    const keep = names.slice(0, 1);
    for (const [first, second] of [
      [names.slice(0, 19), names.slice(19)],
      [keep, names.slice(1)],
      [names.slice(10), names.slice(0, 10)],
    ] as const) {
      folder.write(form.program(emulator, program(first, second)));
      expectSuccess(await stack.up());
      expectSplit(first, second);
      emulator.admin.clearFaults();
      emulator.admin.addFault({ kind: "latency", milliseconds: 40 });
    }
    emulator.admin.clearFaults();
    expectSuccess(await stack.up({ expectNoChanges: true }));
  });

  scenario("when a workspace is named by its id, and by its name again", async () => {
    const { stack, project: folder, emulator } = await start("");
    const workspace = emulator.admin.snapshot().hcpTerraform.workspaces[0];
    const named = (text: string | undefined) => `
      const pool = new pools.RunnerPool("builders", { controlPlane: address.hcp });
      new pools.StackPoolAssignment("workspace", { controlPlane: address.hcp, pool, target: { workspace: "${text}" } });
      new pools.StackPoolAssignments("set", { controlPlane: address.hcp, pool, targets: { workspaces: ["app-*", "${text}"] } });`;
    for (const text of [workspace?.name, workspace?.id, workspace?.name]) {
      folder.write(form.program(emulator, named(text)));
      emulator.admin.clearJournal();
      const up = expectSuccess(await stack.up());
      expect(up.changes["replace"]).toBeUndefined();
      expect(assignmentsIn(emulator)).toEqual({
        [`workspace ${workspace?.name}`]: "builders",
        "workspace app-prod": "builders",
      });
    }
    expect(writesTo(emulator)).toEqual([]);
    // The pattern alone no longer names the workspace, but the single assignment does.
    folder.write(
      form.program(emulator, named(workspace?.name).replace(`"app-*", "${workspace?.name}"`, '"app-*"')),
    );
    expectSuccess(await stack.up());
    expect(assignmentsIn(emulator)).toHaveProperty(`workspace ${workspace?.name}`, "builders");
  });

  scenario("when a pool is replaced by its next generation", async () => {
    const program = (generation: number) => `
      const pool = new pools.RunnerPool("builders", { controlPlane: address.pulumi, generation: ${generation} });
      const token = new pools.PoolToken("builders", { controlPlane: address.pulumi, pool });
      new pools.StackPoolAssignment("stack", { controlPlane: address.pulumi, pool, target: { stack: "network/prod" } });
      new pools.StackPoolAssignments("set", { controlPlane: address.pulumi, pool, targets: { stacks: ["app/*"] } });
      new pools.OrganizationDefaultPool("default", { controlPlane: address.pulumi, pool });
      exports.token = token.value;`;
    const { stack, project: folder, emulator } = await start(program(1));
    const first = expectSuccess(await stack.up());
    expect(Object.values(assignmentsIn(emulator))).toEqual(Array(4).fill("builders"));
    folder.write(form.program(emulator, program(2)));
    emulator.admin.clearJournal();
    const second = expectSuccess(await stack.up());
    expect(poolsIn(emulator)).toEqual(["builders-g2"]);
    expect(Object.values(assignmentsIn(emulator))).toEqual(Array(4).fill("builders-g2"));
    expect(second.outputs["token"]).not.toBe(first.outputs["token"]);
    const writes = writesTo(emulator);
    expect(writes[0]).toMatch(/^POST .*agent-pools$/);
    expect(writes.at(-1)).toMatch(/^DELETE .*agent-pools/);
    expect(writes.filter((write) => /deployments\/settings$/.test(write))).toHaveLength(3);
    expectSuccess(await stack.up({ expectNoChanges: true }));
    folder.write(form.program(emulator, program(4)));
    expect(errorsOf(await stack.preview())).toMatch(/generation.*may only rise by one at a time, to 3/s);
    expectSuccess(await stack.destroy());
    expect(assignmentsIn(emulator)).toEqual({});
  });
});
