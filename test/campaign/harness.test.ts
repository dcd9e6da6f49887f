import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { playSeeds } from "./campaign.ts";
import { inProcess, type StackMaker } from "./deployments.ts";
import { generate, type Scope } from "./generate.ts";
import type { History } from "./history.ts";
import { useTemporaryHome } from "./home.ts";
import { organizationSeed } from "./organization.ts";
import type { Program } from "./program.ts";
import { illegalityOf } from "./rules.ts";
import { runHistory } from "./run-history.ts";
import { shrink } from "./shrink.ts";

let restoreHome = () => {};
beforeAll(() => {
  restoreHome = useTemporaryHome();
});
afterAll(() => restoreHome());

/** Programs that only grow, and assignments whose pool changes in place: nothing is handed from one resource to another. */
const growing: Scope = {
  mutations: [
    "add a pool",
    "describe a pool",
    "add a single assignment",
    "add a set",
    "add a target to a set",
    "add a default",
    "re-order",
    "change the pool of a single assignment",
    "change the pool of a default",
    "toggle deleteBeforeReplace",
  ],
  sharedPools: false,
};

/** One pool with one stack, deployed twice. */
const simple: Pick<History, "steps"> = {
  steps: [1, 2].map((number) => ({
    first: { kind: "up", program: programWith(`described ${number}`), changes: [] },
    stranger: [],
  })),
};

function programWith(description: string): Program {
  const plane = "pulumi-cloud";
  return [
    { type: "pool", key: "pool", plane, name: "builders", aliases: [], description },
    {
      type: "single",
      key: "assignment",
      plane,
      name: "assignment",
      aliases: [],
      pool: "pool",
      members: [{ kind: "stack", name: "app/s1", by: "name" }],
    },
  ];
}

describe("the campaign", () => {
  it("makes the same history of the same seed, and only what is allowed", () => {
    for (let seed = 0; seed < 200; seed++) {
      const history = generate(seed);
      expect(illegalityOf(history)).toBeUndefined();
      if (seed < 20) expect(generate(seed)).toEqual(history);
    }
  });

  it("passes histories in which nothing is renamed or moved", { timeout: 120_000 }, async () => {
    const seeds = Array.from({ length: 15 }, (_, index) => 1000 + index);
    expect((await playSeeds(seeds, growing)).failures).toEqual([]);
  });

  it("notices what was not deployed", async () => {
    const forgetful: StackMaker = async (name, emulator) => {
      const made = await inProcess(name, emulator);
      return {
        ...made,
        setProgram: (program) =>
          made.setProgram(program.filter((resource) => resource.name !== "assignment")),
      };
    };
    expect(await runHistory(simple, forgetful)).toEqual({
      step: 1,
      reasons: ["missing:    pulumi-cloud stack app/s1 is on builders"],
    });
  });

  it("notices what was done to things of the stranger", async () => {
    const careless: StackMaker = async (name, emulator) => {
      const made = await inProcess(name, emulator);
      return {
        ...made,
        setProgram: (program) => {
          emulator.admin.pulumiCloud.assign({ organization, target: { stack: "ops/s1" }, agentPoolId: null });
          made.setProgram(program);
        },
      };
    };
    const failure = await runHistory(simple, careless);
    expect(failure?.reasons).toEqual(["missing:    pulumi-cloud stack ops/s1 is on strangers"]);
  });

  it("notices what a destroy left behind, and what is doubled", async () => {
    const doubling: StackMaker = async (name, emulator) => {
      const made = await inProcess(name, emulator);
      const { pulumiCloud } = emulator.admin;
      const up = made.stack.up.bind(made.stack);
      made.stack.up = async (options) => {
        const result = await up(options);
        pulumiCloud.createAgentPool({ organization, name: "builders", description: "described 1" });
        return result;
      };
      return made;
    };
    const failure = await runHistory(simple, doubling);
    expect(failure?.reasons).toEqual([
      "unexpected: pulumi-cloud builders is a pool described as 'described 1'",
    ]);
  });

  it("leaves out of a failed history what the failure does not need", async () => {
    const history = generate(3);
    const needs = (steps: History["steps"]) =>
      steps.some(({ first }) => first?.kind === "up" && first.refresh !== true);
    const small = await shrink(history, { step: 1, reasons: [] }, async ({ steps }) =>
      needs(steps) ? { step: 1, reasons: ["as before"] } : undefined,
    );
    expect(small.steps).toHaveLength(1);
    expect(small.steps[0]?.second).toBeUndefined();
    expect(small.failure.reasons).toEqual(["as before"]);
  });
});

const organization = organizationSeed.pulumiCloud?.[0]?.organization ?? "";
