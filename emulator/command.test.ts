import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type EmulatorCommandOptions, runEmulatorCommand } from "./command.ts";

/** Runs the command until it has printed, and then whatever the test does with what it printed. */
async function runWhile(
  options: Partial<EmulatorCommandOptions>,
  use: (printed: string, url: string) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  let running = Promise.resolve();
  const text = await new Promise<string>((resolve, reject) => {
    running = runEmulatorCommand({ port: 0, output: { write: resolve }, signal: stop.signal, ...options });
    running.catch(reject);
  });
  await use(text, /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0] ?? "");
  stop.abort();
  await running;
}

test("the command says where it is and how to use it, and stops when told to", async () => {
  let address = "";
  await runWhile({}, async (printed, url) => {
    address = url;
    expect(printed).toContain("export PULUMI_ACCESS_TOKEN=pul-");
    expect(printed).not.toContain("PULUMI_BACKEND_URL");
    expect((await fetch(`${url}/_emulator/health`)).status).toBe(200);
  });
  await expect(fetch(`${address}/_emulator/health`)).rejects.toThrow();
});

test("a seed file takes the place of the default seed", async () => {
  const seedFile = join(mkdtempSync(join(tmpdir(), "emulator-seed-")), "seed.json");
  writeFileSync(seedFile, JSON.stringify({ pulumiCloud: [{ organization: "mine", stacks: ["a/b"] }] }));
  await runWhile({ seedFile }, async (printed, url) => {
    expect(printed).toContain(seedFile);
    const snapshot = (await (await fetch(`${url}/_emulator/snapshot`)).json()) as object;
    expect(snapshot).toMatchObject({ pulumiCloud: { organizations: [{ name: "mine" }] } });
  });
});

test("a wrong seed file, or half of TLS, is told before anything starts", async () => {
  const seedFile = join(mkdtempSync(join(tmpdir(), "emulator-seed-")), "seed.json");
  writeFileSync(seedFile, JSON.stringify({ pulumi: [] }));
  await expect(runEmulatorCommand({ port: 0, seedFile })).rejects.toThrow(seedFile);
  await expect(runEmulatorCommand({ port: 0, tlsCert: "cert.pem" })).rejects.toThrow("key");
});
