import { describe, expect, it } from "vitest";
import { newSettings, observedSettings, settingsChange, shownName, withoutRepetitions } from "./settings.ts";

const generation = 1;

describe("the name that a control plane shows", () => {
  it("carries the generation from the second one on", () => {
    expect(shownName({ name: "a", generation: 1 })).toBe("a");
    expect(shownName({ name: "a", generation: 2 })).toBe("a-g2");
    expect(shownName({ generation: 1 })).toBe("");
  });
});

describe("what a new pool is made with", () => {
  it("is what is declared, and an empty description", () => {
    const logHosting = { accountId: "1", region: "r" };
    expect(newSettings({ name: "a", generation })).toEqual({ name: "a", description: "" });
    expect(newSettings({ name: "a", generation, description: "d", logHosting })).toEqual({
      name: "a",
      description: "d",
      logHosting,
    });
  });

  it.each([
    [{ mode: "assigned" }, { organizationScoped: false }],
    [{ mode: "organization" }, { organizationScoped: true }],
    [{ mode: "listed" }, { organizationScoped: false, allowedWorkspaces: [], allowedProjects: [] }],
    [
      { mode: "listed", allowedWorkspaces: ["ws-1"], allowedProjects: ["prj-1"] },
      { organizationScoped: false, allowedWorkspaces: ["ws-1"], allowedProjects: ["prj-1"] },
    ],
    [
      { mode: "organization", excludedWorkspaces: ["ws-1"] },
      { organizationScoped: true, excludedWorkspaces: ["ws-1"] },
    ],
  ] as const)("has the scope %o", (scope, settings) => {
    expect(newSettings({ name: "a", generation, scope: structuredClone(scope) as never }).scope).toEqual(
      settings,
    );
  });
});

describe("what an update changes", () => {
  it("is nothing where nothing differs", () => {
    const inputs = {
      name: "a",
      description: "d",
      scope: { mode: "listed" as const, allowedWorkspaces: ["ws-1"] },
      logHosting: { accountId: "1", region: "r" },
      generation: 2,
    };
    expect(settingsChange(inputs, structuredClone(inputs))).toEqual({});
    expect(settingsChange({}, {})).toEqual({});
    // States of the first versions have no generation.
    const { generation: _, ...former } = inputs;
    expect(settingsChange(inputs, former)).toEqual({});
  });

  it("is what differs, and what is no longer declared", () => {
    const before = { name: "a", description: "d", logHosting: { accountId: "1", region: "r" }, generation };
    expect(settingsChange({ ...before, name: "b" }, before)).toEqual({ name: "b" });
    expect(settingsChange({ ...before, name: undefined }, before)).toEqual({});
    expect(settingsChange(before, { ...before, name: undefined })).toEqual({ name: "a" });
    expect(settingsChange({ ...before, description: "e" }, before)).toEqual({ description: "e" });
    expect(settingsChange({ ...before, description: undefined }, before)).toEqual({ description: "" });
    expect(settingsChange({ ...before, logHosting: undefined }, before)).toEqual({ logHosting: null });
    expect(settingsChange({ name: "a", generation: 2 }, { name: "a", generation: 1 })).toEqual({
      name: "a-g2",
    });
  });

  it("leaves a scope alone that is no longer declared, and empties exclusions", () => {
    const scope = { mode: "organization" as const };
    const excluding = { ...scope, excludedWorkspaces: ["ws-1"] };
    expect(settingsChange({}, { scope })).toEqual({});
    expect(settingsChange({ scope }, { scope: excluding })).toEqual({
      scope: { organizationScoped: true, excludedWorkspaces: [] },
    });
    expect(settingsChange({ scope: excluding }, { scope })).toEqual({
      scope: { organizationScoped: true, excludedWorkspaces: ["ws-1"] },
    });
  });
});

describe("what is seen of a pool", () => {
  const pool = { id: "1", name: "a" };
  const inputs = { generation, name: "a" };

  it("is its name as it was declared, or another one", () => {
    expect(observedSettings({ ...pool, name: "a-g2" }, { name: "a", generation: 2 })).toEqual({ name: "a" });
    expect(observedSettings({ ...pool, name: "a-g2" }, inputs)).toEqual({ name: "a-g2" });
    expect(observedSettings(pool, { name: "a" })).toEqual({ name: "a" });
    expect(observedSettings(pool, { generation })).toEqual({});
    expect(observedSettings(pool, undefined)).toEqual({ name: "a" });
  });

  it("is a description where one is declared, or where it is imported and there is one", () => {
    const described = { ...pool, description: "d" };
    expect(observedSettings(described, inputs)).toEqual({ name: "a" });
    expect(observedSettings(described, undefined)).toEqual({ name: "a", description: "d" });
    expect(observedSettings({ ...pool, description: "" }, undefined)).toStrictEqual({ name: "a" });
    expect(observedSettings(described, { ...inputs, description: "" })).toEqual({
      name: "a",
      description: "d",
    });
    // An empty one and none are the same; it is shown as it was declared.
    expect(observedSettings(pool, { ...inputs, description: "" })).toEqual({ name: "a", description: "" });
    expect(observedSettings(pool, { ...inputs, description: "d" })).toEqual({ name: "a" });
  });

  it("is log hosting where it is declared, with the external id where that is declared, too", () => {
    const logHosting = { accountId: "1", region: "r", externalId: "x" };
    const { externalId: _, ...withoutId } = logHosting;
    const logged = { ...pool, logHosting };
    const seen = (known: object | undefined) =>
      observedSettings(logged, known && { ...inputs, ...known }).logHosting;
    expect(seen({})).toBeUndefined();
    expect(seen({ logHosting: withoutId })).toEqual(withoutId);
    expect(seen({ logHosting: { ...logHosting, externalId: "y" } })).toEqual(logHosting);
    expect(seen(undefined)).toEqual(logHosting);
    expect(observedSettings({ ...pool, logHosting: withoutId }, undefined).logHosting).toStrictEqual(
      withoutId,
    );
    expect(observedSettings(pool, { ...inputs, logHosting })).toEqual({ name: "a" });
  });

  const scopeOf = (scope: object | undefined, known: object | undefined) =>
    observedSettings({ ...pool, scope } as never, known && ({ ...inputs, ...known } as never)).scope;
  const lists = { allowedWorkspaces: ["ws-1", "ws-2"], allowedProjects: [], excludedWorkspaces: ["ws-3"] };

  it("is a scope where it is declared or imported", () => {
    expect(scopeOf(undefined, undefined)).toBeUndefined();
    expect(scopeOf(undefined, { scope: { mode: "assigned" } })).toBeUndefined();
    expect(scopeOf({ organizationScoped: false, ...lists }, {})).toBeUndefined();
    expect(scopeOf({ organizationScoped: false, ...lists }, undefined)).toEqual({ mode: "assigned" });
    expect(scopeOf({ organizationScoped: false, ...lists }, { scope: { mode: "assigned" } })).toEqual({
      mode: "assigned",
    });
  });

  it("is the exclusions of an organization's pool where they are declared or imported", () => {
    const wide = { organizationScoped: true, ...lists };
    const excludedWorkspaces = ["ws-3"];
    expect(scopeOf(wide, undefined)).toEqual({ mode: "organization", excludedWorkspaces });
    expect(scopeOf({ ...wide, excludedWorkspaces: [] }, undefined)).toEqual({ mode: "organization" });
    expect(scopeOf(wide, { scope: { mode: "organization" } })).toEqual({ mode: "organization" });
    expect(scopeOf(wide, { scope: { mode: "organization", excludedWorkspaces: [] } })).toEqual({
      mode: "organization",
      excludedWorkspaces,
    });
    expect(
      scopeOf({ organizationScoped: true }, { scope: { mode: "organization", excludedWorkspaces } }),
    ).toEqual({ mode: "organization", excludedWorkspaces: [] });
  });

  it("is the lists of a listed pool: the same members as they were declared, others as they are", () => {
    const seen = (declared: object) =>
      scopeOf({ organizationScoped: false, ...lists }, { scope: { mode: "listed", ...declared } });
    const all = { mode: "listed", allowedWorkspaces: ["ws-1", "ws-2"] };
    expect(seen({})).toEqual(all);
    expect(seen({ allowedProjects: [] })).toEqual({ ...all, allowedProjects: [] });
    expect(seen({ allowedWorkspaces: ["ws-2", "ws-1"] })).toEqual({
      mode: "listed",
      allowedWorkspaces: ["ws-2", "ws-1"],
    });
    for (const declared of [["ws-2"], ["ws-2", "ws-9"], ["ws-2", "ws-1", "ws-9"]]) {
      expect(seen({ allowedWorkspaces: declared })).toEqual(all);
    }
  });
});

describe("a list that names an id twice", () => {
  it("has it once, in the order that was declared", () => {
    expect(withoutRepetitions({ mode: "listed", allowedWorkspaces: ["ws-2", "ws-1", "ws-2"] })).toEqual({
      mode: "listed",
      allowedWorkspaces: ["ws-2", "ws-1"],
    });
    expect(withoutRepetitions(undefined)).toBeUndefined();
  });
});
