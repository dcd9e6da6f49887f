import { z } from "zod";
import { systemClock } from "../../clock.ts";
import { Connections } from "../../control-planes/connect.ts";
import { controlPlane } from "../common-inputs.ts";
import { defineResource } from "../framework/definition.ts";
import { ResourceHandler } from "../framework/handler.ts";
import type { Lifecycle, LifecycleContext, Properties } from "../framework/lifecycle.ts";
import { type Claim, Claims } from "../ownership/claims.ts";

/** A thing that is replaced with its color. */
export const thing = defineResource({
  name: "Thing",
  description: "A thing.",
  inputs: z.strictObject({ controlPlane, size: z.number().default(1), color: z.string().optional() }),
  outputs: z.object({ serviceUrl: z.string().optional() }),
  replaceOn: ["controlPlane", "color"],
  example: "",
});

/** A thing of a pool, whose name may be left out. */
export const member = defineResource({
  ...thing,
  name: "Member",
  inputs: z.strictObject({
    controlPlane,
    pool: z.string(),
    name: z.string().optional().meta({ defaultsToResourceName: true }),
  }),
  replaceOn: ["controlPlane", "pool"],
});

/** Where things are. */
export const address = { kind: "pulumi-cloud", organization: "acme", url: "https://one.example.com" };

/** Key of a claimed thing there. */
export const keyOf = (thing: string) => `key ${address.kind} ${address.url} ${thing}`;

/** A handler of things, and what was asked of their lifecycle. */
export function handlerOf(lifecycle: Partial<Lifecycle> = {}) {
  const told: string[] = [];
  const warnings: string[] = [];
  const context: LifecycleContext = {
    connections: new Connections({
      pulumiCloudAccessToken: "pul-x",
      pulumiCloudUrl: "https://one.example.com",
    }),
    claims: new Claims(),
    clock: systemClock,
    subject: 'Thing "a"',
    warn: (text) => void warnings.push(text),
    inform: (text) => void told.push(text),
    progress: () => undefined,
  };
  const handler = new ResourceHandler({
    definition: thing,
    rules: () => [],
    create: async (inputs) => ({ id: "1", state: { ...inputs } }),
    read: async () => undefined,
    update: async (_id, _state, inputs) => ({ ...inputs }),
    delete: async () => undefined,
    ...lifecycle,
  });
  return { handler, context, told, warnings };
}

/** Claims of the color, for a pool that is named after the size. */
export const claims: NonNullable<Lifecycle["claims"]> = (inputs, { subject }, state): Claim[] => [
  {
    owner: subject,
    pool: `pool x https://one.example.com size-${inputs["size"]}`,
    declared: [`color ${inputs["color"]}`],
    resolve: async () => [keyOf(`${String(inputs["color"]).toLowerCase()} ${state ? "known" : "new"}`)],
  },
];

/** State of a thing. */
export const state = (more: Properties = {}): Properties => ({ controlPlane: address, size: 1, ...more });
