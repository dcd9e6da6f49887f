import { describe, expect, it } from "vitest";
import { byText, type Member, membersOf, stateOf } from "./members.ts";
import { driftOf, knownMembers, listByKind } from "./observe.ts";
import { mostReleases } from "./release.ts";

const member = (kind: string, name: string, id = name, accessGranted = false): Member => ({
  kind,
  id,
  name,
  accessGranted,
});

const members = [
  member("workspace", "b", "ws-b", true),
  member("stack", "app/prod"),
  member("workspace", "a", "ws-a"),
];

const state = {
  assigned: ["stack:app/prod", "workspace:a", "workspace:b"],
  accessGranted: ["workspace:b"],
  targetIds: { "workspace:a": "ws-a", "workspace:b": "ws-b" },
};

describe("the targets of a set", () => {
  it("are held by state in order, with those ids that are not names", () => {
    expect(stateOf(members)).toEqual(state);
    expect(stateOf([...members].reverse())).toEqual(state);
    expect(stateOf([member("stack", "app/prod")])).toEqual({
      assigned: ["stack:app/prod"],
      accessGranted: [],
    });
  });

  it("are known from state by kind and id, and by text", () => {
    const [workspaceB, stack, workspaceA] = members;
    expect([...membersOf(state)]).toEqual([
      ["stack:app/prod", stack],
      ["workspace:ws-a", workspaceA],
      ["workspace:ws-b", workspaceB],
    ]);
    expect([...byText(membersOf(state).values())]).toEqual([
      ["stack:app/prod", stack],
      ["workspace:a", workspaceA],
      ["workspace:b", workspaceB],
    ]);
  });

  it("are not known to an import", () => {
    expect(knownMembers({})).toBeUndefined();
  });

  it("are those at another pool, too, each once", () => {
    const elsewhere = { "workspace:b": "pool-2", "workspace:c": "pool-2" };
    const [workspaceB, stack, workspaceA] = members;
    const others = [member("workspace", "c")];
    expect(knownMembers({ ...state, elsewhere })).toEqual([stack, workspaceA, workspaceB, ...others]);
    expect(knownMembers({ assigned: ["stack:a/b"] })).toEqual([member("stack", "a/b")]);
  });
});

describe("targets at another pool", () => {
  it("are held with their pools and ids, and with the access that the set gave them", () => {
    const drifted = [
      { ...member("workspace", "c", "ws-c"), poolId: "pool-2" },
      { ...member("stack", "app/dev"), poolId: "pool-3" },
    ];
    expect(driftOf(drifted, state, ["workspace:c", "workspace:gone"])).toEqual({
      elsewhere: { "workspace:c": "pool-2", "stack:app/dev": "pool-3" },
      targetIds: { ...state.targetIds, "workspace:c": "ws-c" },
      accessGranted: ["workspace:b", "workspace:c"],
    });
  });
});

describe("the most targets that a set may release", () => {
  it.each([
    [undefined, 3, 10],
    [undefined, 100, 10],
    [undefined, 101, 11],
    [undefined, 125, 13],
    [0, 125, 0],
    [40, 3, 40],
  ])("is with maxReleases %s, of %d targets, %d", (maxReleases, size, most) => {
    expect(mostReleases({ maxReleases }, size)).toBe(most);
  });
});

describe("targets that are found", () => {
  it("are listed by kind and in order, by name", () => {
    const found = [
      member("workspace", "b", "ws-b"),
      member("project", "b", "prj-b"),
      member("workspace", "a"),
    ];
    expect(listByKind(found)).toEqual({ workspaces: ["a", "b"], projects: ["b"] });
  });

  it("are listed by id where two of a kind have one name", () => {
    const found = [member("project", "b", "2"), member("project", "b", "1"), member("project", "a", "3")];
    expect(listByKind(found)).toEqual({ projects: ["1", "2", "a"] });
  });
});
