import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { emulatorEnvironment } from "../../emulator/index.ts";
import { describeForms } from "./forms.ts";
import { accessIn, assignmentsIn } from "./organization.ts";
import { expectSuccess } from "./results.ts";

const program = (suffix: string) => `
  const pool = new pools.RunnerPool("builders", { controlPlane: address.hcp });
  new pools.StackPoolAssignment("single-${suffix}", { controlPlane: address.hcp, pool, target: { workspace: "network-dev" } });
  new pools.StackPoolAssignments("set-${suffix}", { controlPlane: address.hcp, pool, targets: { workspaces: ["network-prod"] } });
  new pools.OrganizationDefaultPool("default-${suffix}", { controlPlane: address.hcp, pool });`;

const names = ["single", "set", "default"];

describeForms("a program", ({ form, scenario, start }) => {
  scenario(
    "keeps what has another name now when everything is killed before the old ones are deleted",
    async (engine) => {
      const { stack, project, emulator, workFolder, mark, killEverything } = await start(program("old"));
      expectSuccess(await stack.up());
      const before = assignmentsIn(emulator);
      const access = accessIn(emulator);
      project.write(form.program(emulator, program("new")));

      // Once the new resources are in state, whatever is asked is for the deletes of the old ones: it is never answered.
      let held = 0;
      let letGo = () => {};
      const gone = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      const hold = emulator.admin.interpose({
        plane: "hcp-terraform",
        when: "before",
        run: async () => {
          const known = resourcesIn(workFolder);
          if (!names.every((name) => known.has(`${name}-new`))) return;
          held++;
          await gone;
        },
      });
      const running =
        engine.name === "pulumi"
          ? stack.up().catch(() => undefined)
          : upElsewhere(project.path, workFolder, {
              ...emulatorEnvironment(emulator.url),
              [mark[0]]: mark[1],
            });
      await expect.poll(() => held, { timeout: 60_000, interval: 10 }).toBeGreaterThan(0);
      await writtenOut(workFolder);
      expect(killEverything()).toBeGreaterThan(1);
      hold.remove();
      letGo();
      await running;
      // The CLI holds a lock, which a user takes away with `pulumi cancel`.
      rmSync(join(workFolder, "state/.pulumi/locks"), { recursive: true, force: true });
      const left = [...resourcesIn(workFolder)];
      expect(left).toEqual(expect.arrayContaining(names.map((name) => `${name}-new`)));
      expect(left.some((name) => name.endsWith("-old"))).toBe(true);

      expectSuccess(await stack.up());
      expect(assignmentsIn(emulator)).toEqual(before);
      expect(accessIn(emulator)).toEqual(access);
      expect([...resourcesIn(workFolder)].filter((name) => name.endsWith("-old"))).toEqual([]);
      expectSuccess(await stack.up({ expectNoChanges: true }));
    },
  );
});

/** Runs an update on the stand-in in a process of its own, since an engine in this one cannot be killed. */
async function upElsewhere(project: string, workFolder: string, environment: Record<string, string>) {
  const script = fileURLToPath(new URL("run-up.ts", import.meta.url));
  const child = spawn(process.execPath, [script, project, workFolder], {
    env: { ...process.env, ...environment },
    stdio: "ignore",
  });
  await once(child, "exit");
}

/** Waits until the state on disk stays as it is: a CLI that is killed while it writes leaves an empty file. */
async function writtenOut(workFolder: string): Promise<void> {
  for (let before = ""; ; ) {
    const now = readFileSync(stateFileIn(workFolder), "utf8");
    if (now === before && now !== "") return;
    before = now;
    await new Promise((done) => setTimeout(done, 500));
  }
}

function stateFileIn(workFolder: string): string {
  const files = ["dev.state.json", "state/.pulumi/stacks/pools/dev.json"];
  return files.map((name) => join(workFolder, name)).find(existsSync) ?? "";
}

/** Names of the resources that the state on disk has, whichever engine wrote it. */
function resourcesIn(workFolder: string): Set<string> {
  interface Saved {
    deployment?: { resources?: { urn: string; id?: string }[] };
    checkpoint?: { latest?: Saved["deployment"] };
  }
  const saved = JSON.parse(readFileSync(stateFileIn(workFolder), "utf8")) as Saved;
  const { resources = [] } = saved.deployment ?? saved.checkpoint?.latest ?? {};
  return new Set(resources.filter(({ id }) => id).map(({ urn }) => urn.split("::").at(-1) ?? ""));
}
