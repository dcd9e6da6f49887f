import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Emulator, emulatedPlanes, startEmulator } from "../../emulator/emulator.ts";
import type { Plane } from "../../emulator/exchange.ts";
import { emptyState } from "../../emulator/state.ts";
import { checkExchange, checkJournal } from "./check-exchange.ts";
import { describedRoute, descriptionsAvailable } from "./descriptions.ts";
import { driveHcpTerraform } from "./hcp-terraform-scenario.ts";
import { driveEnvZero, drivePulumiCloud } from "./scenario.ts";
import { isUndescribed, undescribed } from "./undescribed.ts";

const drivers: Record<Plane, (emulator: Emulator) => Promise<void>> = {
  "pulumi-cloud": drivePulumiCloud,
  "hcp-terraform": driveHcpTerraform,
  "env-zero": driveEnvZero,
};
const planes = emulatedPlanes(emptyState());
const skipped = descriptionsAvailable ? "" : " (skipped: no vendor descriptions in ../shared/data)";

describe.skipIf(!descriptionsAvailable)(`the emulator against the vendors' descriptions${skipped}`, () => {
  let emulator: Emulator;

  beforeAll(async () => {
    emulator = await startEmulator();
    emulator.admin.recordBodies({ enabled: true });
    emulator.admin.setRateLimits({ hcpTerraform: null, hcpTerraformRunLists: null });
  });
  afterAll(() => emulator.stop());

  describe.each(planes.map(({ plane }) => plane))("%s", (plane) => {
    test("requests and answers are as described, or differ in a known way", async () => {
      await drivers[plane](emulator);
      expect(checkJournal(emulator.admin.journal({ plane }))).toEqual([]);
    });

    test("every operation was called and succeeded", () => {
      const succeeded = emulator.admin
        .journal({ plane })
        .filter(({ status = 0 }) => status >= 200 && status < 300)
        .map(({ operation }) => operation);
      const missed = operationsOf(plane).filter(({ id }) => !succeeded.includes(id));
      expect(missed.map(({ id }) => id)).toEqual([]);
    });

    test("every operation is described, or stands in the table of those that are not", () => {
      const unknown = operationsOf(plane).filter(
        ({ method, path }) =>
          describedRoute(plane, method, example(path)) === undefined &&
          !isUndescribed(plane, method, example(path)),
      );
      expect(unknown.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
    });

    test("operation ids are those of the description", () => {
      const renamed = operationsOf(plane).flatMap(({ id, method, path }) => {
        const described = describedRoute(plane, method, example(path))?.operation.operationId;
        return described === undefined || described === id ? [] : [`${id} is ${described}`];
      });
      expect(renamed).toEqual([]);
    });

    test("the table of undescribed operations names nothing that is described or gone", () => {
      const routes = undescribed.filter((entry) => entry.plane === plane).flatMap((entry) => entry.routes);
      const stale = routes.filter((route) => {
        const [method = "", path = ""] = route.split(" ");
        const served = operationsOf(plane).some(
          (operation) => operation.method === method && example(operation.path) === path.replaceAll("*", "x"),
        );
        return !served || describedRoute(plane, method, path.replaceAll("*", "x")) !== undefined;
      });
      expect(stale).toEqual([]);
    });
  });

  test("an answer that is not as described is noticed", () => {
    const problems = checkExchange({
      plane: "pulumi-cloud",
      method: "GET",
      path: "/api/orgs/acme/agent-pools",
      status: 200,
      responseBody: { agentPools: [{ id: 1 }] },
    });
    expect(problems.length).toBeGreaterThan(0);
  });
});

function operationsOf(plane: Plane) {
  return planes.find((known) => known.plane === plane)?.operations ?? [];
}

/** A path of an operation with something in place of its parameters. */
function example(path: string): string {
  return path.replace(/:\w+/g, "x");
}
