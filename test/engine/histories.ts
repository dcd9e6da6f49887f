import type { PropertyValue } from "./deployment.ts";
import type { OperationOptions } from "./engine.ts";
import { type DescribedResource, type Description, thingUrn } from "./world.ts";

/** One operation in the life of a stack, and what changed before it. */
export interface HistoryStep {
  operation: "preview" | "up" | "refresh" | "destroy";
  options?: OperationOptions;
  program?: Description | DescribedResource[];
  /** Things changed behind the engine's back, by id; null takes one away. */
  drift?: Record<string, Record<string, PropertyValue> | null>;
  heal?: boolean;
}

const thing = (
  name: string,
  args: Record<string, unknown> = {},
  options?: Record<string, unknown>,
): DescribedResource => ({
  name,
  args: { value: name, ...args },
  ...(options && { options }),
});

const output = (path: string) => ({ output: path });

const AFTER_A = { dependsOn: ["a"] };

const CHAIN = [thing("a"), thing("b", { value: output("a.serial") }), thing("c", {}, { dependsOn: ["b"] })];

/** Lives of stacks that every engine must bring to the same end. */
export const COMPARED_HISTORIES: Record<string, HistoryStep[]> = {
  "create, change, leave out, destroy": [
    { operation: "preview", program: CHAIN },
    { operation: "up" },
    { operation: "up" },
    { operation: "preview", program: [thing("a", { value: "A" }), CHAIN[1] as DescribedResource] },
    { operation: "up" },
    { operation: "destroy" },
  ],
  "secrets, configuration and outputs": [
    {
      operation: "up",
      program: {
        resources: [
          thing("a", {
            secretValue: { secretConfig: "password" },
            list: [1, { deep: { secret: "x" } }, null],
          }),
          thing("b", { value: output("a.token"), colour: { config: "colour" }, none: null, flag: true }),
        ],
        outputs: { token: output("a.token"), list: output("a.list"), plain: { a: 1, b: [true, null] } },
      },
    },
    {
      operation: "up",
      program: { resources: [thing("a", { secretValue: { secret: "new" } })], outputs: {} },
    },
    { operation: "refresh" },
    { operation: "up", program: { resources: [thing("a", { secretValue: "plain" })] } },
  ],
  "components and inherited options": [
    {
      operation: "up",
      program: [
        { name: "outer", kind: "group", args: { size: 1 }, options: { protect: true } },
        { name: "inner", kind: "group", options: { parent: "outer" } },
        thing("leaf", {}, { parent: "inner" }),
        thing("free", {}, { parent: "inner", protect: false }),
      ],
    },
    { operation: "destroy" },
    {
      operation: "up",
      program: [
        { name: "outer", kind: "group", args: { size: 2 } },
        { name: "inner", kind: "group", options: { parent: "outer" } },
        thing("leaf", {}, { parent: "inner" }),
      ],
    },
    { operation: "destroy" },
  ],
  "replace, create first": [
    { operation: "up", program: [thing("a", { kind: "x" }), thing("b", { value: output("a.serial") })] },
    { operation: "preview", program: [thing("a", { kind: "y" }), thing("b", { value: output("a.serial") })] },
    { operation: "up" },
  ],
  "replace, delete first": [
    {
      operation: "up",
      program: [
        thing("a", { kind: "x", deleteFirst: true }),
        thing("b", { kind: output("a.serial") }),
        thing("c", {}, { dependsOn: ["a"] }),
      ],
    },
    {
      operation: "preview",
      program: [
        thing("a", { kind: "y", deleteFirst: true }),
        thing("b", { kind: output("a.serial") }),
        thing("c", {}, { dependsOn: ["a"] }),
      ],
    },
    { operation: "up" },
    {
      operation: "up",
      program: [
        thing("a", { kind: "z" }, { deleteBeforeReplace: true }),
        thing("c", {}, { dependsOn: ["a"] }),
      ],
    },
  ],
  "the engine's own diff": [
    {
      operation: "up",
      program: [thing("a", { diff: "unknown", list: [1, 2, { x: 1 }], kind: "x", map: { "a.b": 1, c: 2 } })],
    },
    {
      operation: "up",
      program: [thing("a", { diff: "unknown", list: [1, 3, { x: 2 }, 4], kind: "x", map: { "a.b": 2 } })],
    },
    { operation: "up", program: [thing("a", { diff: "unknown", list: [9], kind: "y" })] },
    {
      operation: "preview",
      program: [thing("a", { diff: "unknown", list: [8], kind: "y" }, { replaceOnChanges: ["list[0]"] })],
    },
    { operation: "up" },
    {
      operation: "up",
      program: [
        thing("a", { diff: "unknown", list: [7], kind: "y", size: 5 }, { ignoreChanges: ["list", "size"] }),
      ],
    },
    {
      operation: "up",
      program: [
        thing("a", { diff: "unknown", list: [7, 8], kind: "y" }, { ignoreChanges: ["list[1]", "map.*"] }),
      ],
    },
  ],
  "refresh finds drift and loss": [
    { operation: "up", program: [thing("a"), thing("b", { value: output("a.serial") }), thing("c")] },
    { operation: "refresh", drift: { "thing-a-1": { value: "drifted" }, "thing-c-1": null } },
    { operation: "preview" },
    { operation: "up" },
    { operation: "up", options: { refresh: true }, drift: { "thing-THING-A-1-1": { size: 7 } } },
    {
      operation: "refresh",
      options: { targets: [thingUrn("a")] },
      drift: { "thing-a-1": { value: "again" } },
    },
    { operation: "destroy", options: { refresh: true } },
  ],
  "protect, retain and unprotect": [
    {
      operation: "up",
      program: [
        thing("a", {}, { protect: true }),
        thing("b", {}, { retainOnDelete: true }),
        thing("c", { value: output("a.serial") }),
      ],
    },
    { operation: "up", program: [thing("a", { kind: "new" }, { protect: true })] },
    { operation: "up", program: [] },
    { operation: "destroy" },
    { operation: "up", program: [thing("a")] },
    { operation: "destroy" },
  ],
  aliases: [
    {
      operation: "up",
      program: [thing("a"), { name: "g", kind: "group" }, thing("g-child", {}, { parent: "g" })],
    },
    {
      operation: "up",
      program: [
        thing("b", { value: "a" }, { aliases: [{ name: "a" }] }),
        { name: "h", kind: "group", options: { aliases: [{ name: "g" }] } },
        thing("h-child", { value: "g-child" }, { parent: "h" }),
      ],
    },
    { operation: "up", program: [thing("c", { value: "a" }, { aliases: [thingUrn("b")] })] },
  ],
  "targets and dependents": [
    { operation: "up", program: CHAIN },
    {
      operation: "up",
      program: [thing("a", { value: "A" }), ...CHAIN.slice(1), thing("d")],
      options: { targets: [thingUrn("a")] },
    },
    { operation: "up", options: { targets: [thingUrn("d")] } },
    { operation: "up", program: [thing("a", { value: "B" })], options: { targets: [thingUrn("a")] } },
    { operation: "destroy", options: { targets: [thingUrn("a")] } },
    { operation: "destroy", options: { targets: [thingUrn("a")], targetDependents: true } },
    { operation: "up", program: [thing("d")], options: { replace: [thingUrn("d")] } },
  ],
  // In a chain, since it is chance how much of what is independent of a failure still happens.
  "failures of single resources": [
    {
      operation: "up",
      program: [
        thing("a"),
        thing("b", { fail: "create" }, AFTER_A),
        thing("c", { value: output("b.serial") }),
      ],
    },
    {
      operation: "up",
      program: [thing("a"), thing("b", {}, AFTER_A), thing("c", { value: output("b.serial") })],
    },
    { operation: "up", program: [thing("a", { fail: "update" }), thing("b", {}, AFTER_A)] },
    { operation: "up", program: [thing("a", { fail: "delete" }), thing("b", {}, AFTER_A)] },
    { operation: "destroy" },
    { operation: "up", program: [thing("a", { value: "invalid" }), thing("b", {}, AFTER_A)] },
  ],
  "a failed replacement leaves the old one to be deleted": [
    { operation: "up", program: [thing("a", { kind: "x", fail: "delete" })] },
    { operation: "up", program: [thing("a", { kind: "y" })] },
    { operation: "destroy" },
  ],
  "partial failure": [
    { operation: "up", program: [thing("a", { fail: "init" }), thing("b", { value: output("a.serial") })] },
    { operation: "preview", program: [thing("a", { fail: "no" })] },
    { operation: "up" },
    { operation: "up" },
  ],
  "the program fails": [
    { operation: "up", program: { resources: [thing("a"), thing("b")], outputs: { one: 1 } } },
    { operation: "up", program: { resources: [thing("a")], outputs: { two: 2 }, fail: "on purpose" } },
  ],
  "reading what is managed elsewhere": [
    { operation: "up", program: [thing("a")] },
    {
      operation: "up",
      program: [
        thing("a"),
        { name: "r", get: "thing-a-1", args: { value: "?" } },
        thing("b", { value: output("r.serial") }),
      ],
    },
    { operation: "refresh" },
    { operation: "up", program: [thing("a")] },
  ],
  "going with another resource": [
    {
      operation: "up",
      program: [
        thing("a", { kind: "x" }),
        thing("b", {}, { deletedWith: "a" }),
        thing("c", {}, { replaceWith: ["a"] }),
      ],
    },
    {
      operation: "up",
      program: [
        thing("a", { kind: "y" }),
        thing("b", {}, { deletedWith: "a" }),
        thing("c", {}, { replaceWith: ["a"] }),
      ],
    },
    { operation: "destroy" },
  ],
  "timeouts and expectations": [
    { operation: "up", program: [thing("a", {}, { customTimeouts: { create: "1m30s", delete: "2h" } })] },
    { operation: "preview", options: { expectNoChanges: true } },
    { operation: "preview", program: [thing("a", { value: "z" })], options: { expectNoChanges: true } },
  ],
};
