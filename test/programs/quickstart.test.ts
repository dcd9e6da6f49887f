import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type Emulator,
  emulatorCredentials,
  emulatorEnvironment,
  emulatorIds,
  startEmulator,
} from "../../emulator/index.ts";
import type { Stack } from "../engine/engine.ts";
import { ENGINES } from "../engine/world.ts";
import { copyExample, type ProjectFolder } from "./project-folder.ts";

const planes = ["pulumi-cloud", "env-zero", "hcp-terraform"] as const;

describe.each(ENGINES)("examples/quickstart on $name", ({ engine }) => {
  let emulator: Emulator;
  let project: ProjectFolder;
  let stack: Stack;
  let workFolder: string;

  beforeEach(async (context) => {
    if (!engine) return context.skip();
    emulator = await startEmulator();
    project = copyExample("quickstart");
    workFolder = mkdtempSync(join(tmpdir(), "runner-pools-state-"));
    stack = await engine.createStack({
      program: project.path,
      workFolder,
      environment: {
        ...emulatorEnvironment(emulator.url),
        PULUMI_ACCESS_TOKEN: emulatorCredentials.pulumiCloudAccessToken,
      },
      config: { envZeroProject: emulatorIds.envZeroProjects.network, url: emulator.url },
    });
  });

  afterEach(async () => {
    await stack?.dispose();
    await emulator?.stop();
    project?.remove();
    if (workFolder) rmSync(workFolder, { recursive: true, force: true });
  });

  const calls = () => {
    const counts = emulator.admin.journalCounts();
    emulator.admin.clearJournal();
    return Object.fromEntries(planes.map((plane) => [plane, counts[plane].total]));
  };

  it("goes up, stays as it is, finds and repairs a change behind its back, and goes down", {
    timeout: 180_000,
  }, async () => {
    const preview = await stack.preview();
    expect(preview).toMatchObject({ result: "succeeded", changes: { create: 10 } });
    // Whether credentials are right, names are free and targets are there.
    expect(calls()).toEqual({ "pulumi-cloud": 3, "env-zero": 4, "hcp-terraform": 2 });

    const up = await stack.up();
    expect(up.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(up).toMatchObject({ result: "succeeded", changes: { create: 10 } });
    calls();

    const again = await stack.up({ expectNoChanges: true });
    expect(again).toMatchObject({ result: "succeeded", changes: { same: 10 } });
    expect(calls()).toEqual({ "pulumi-cloud": 0, "env-zero": 0, "hcp-terraform": 0 });

    const nothing = await stack.preview({ expectNoChanges: true });
    expect(nothing).toMatchObject({ result: "succeeded", changes: { same: 10 } });

    const refresh = await stack.refresh({ expectNoChanges: true });
    expect(refresh).toMatchObject({ result: "succeeded" });

    const state = textBelow(workFolder);
    expect(state).toContain("ciphertext");
    const values = Object.values((up.outputs["tokens"] ?? {}) as Record<string, string>);
    expect(values).toHaveLength(3);
    for (const value of values) {
      expect(value.length).toBeGreaterThan(20);
      expect(state).not.toContain(value);
    }
    expect(state).not.toMatch(/pul-[0-9a-f]{20}|atlasv1|env0agent_/);

    const [pool] = emulator.admin.snapshot().pulumiCloud.organizations[0]?.agentPools ?? [];
    emulator.admin.pulumiCloud.updateAgentPool({
      organization: "acme",
      agentPoolId: pool?.id ?? "",
      name: "renamed",
    });
    const drift = await stack.refresh();
    expect(drift.changes).toMatchObject({ update: 1 });
    const repaired = await stack.up();
    expect(repaired.changes).toMatchObject({ update: 1 });
    expect(emulator.admin.snapshot().pulumiCloud.organizations[0]?.agentPools[0]?.name).toBe("builders");

    const destroy = await stack.destroy();
    expect(destroy).toMatchObject({ result: "succeeded", changes: { delete: 10 } });
    const left = emulator.admin.snapshot();
    expect(left.pulumiCloud.organizations[0]?.agentPools).toEqual([]);
  });
});

/** Everything that the engine wrote: state, backups, configuration. */
function textBelow(folder: string): string {
  const files = readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)));
  return files
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
}
