import { readdirSync, readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { emulatorEnvironment } from "../../emulator/index.ts";
import type { Deployment as State } from "../engine/deployment.ts";
import type { Stack } from "../engine/engine.ts";
import { ENGINES } from "../engine/world.ts";
import { programAt } from "./deployment.ts";
import { everyResource } from "./every-resource.ts";
import { type ProjectFolder, writeProject } from "./project-folder.ts";

const folder = new URL("states/", import.meta.url);

/** Versions of this package whose state is kept here, each with every resource. */
const versions = readdirSync(folder).map((file) => file.replace(".json", ""));

let project: ProjectFolder | undefined;
let stack: Stack | undefined;

afterEach(async () => {
  await stack?.dispose();
  project?.remove();
});

describe.each(ENGINES)("state of earlier versions on $name", ({ engine }) => {
  it.skipIf(!engine).each(versions)(
    "previews no change over what %s wrote",
    { timeout: 60_000 },
    async (version) => {
      if (!engine) return;
      // Nothing is called: a preview of what did not change asks no control plane.
      const url = "http://emulator.test";
      project = writeProject(programAt(url, everyResource("builders")));
      stack = await engine.createStack({ program: project.path, environment: emulatorEnvironment(url) });
      await stack.importState(JSON.parse(readFileSync(new URL(`${version}.json`, folder), "utf8")) as State);
      const preview = await stack.preview({ expectNoChanges: true });
      expect(preview.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      expect(preview).toMatchObject({ result: "succeeded", changes: { same: 12 } });
    },
  );
});
