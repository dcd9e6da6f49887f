import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { type PluginProcess, type Starter, spawnPlugin, startPlugin } from "./plugin-process.ts";

/** How long a plugin may outlive its engine. Milliseconds: on a busy machine one takes seconds to start, and sees the end only then. */
const grace = 20_000;

const engines: ChildProcess[] = [];
const plugins: PluginProcess[] = [];

afterEach(async () => {
  for (const engine of engines.splice(0)) engine.kill("SIGKILL");
  await Promise.all(plugins.splice(0).map((plugin) => plugin.stop()));
});

/** An engine in a process of its own, which can be killed with nobody left to clean up. */
async function startEngine(): Promise<{ address: string; kill(): void }> {
  const listen =
    'const server = require("node:net").createServer(() => {}).listen(0, "127.0.0.1", () => console.log(server.address().port))';
  const child = spawn(process.execPath, ["-e", listen], { stdio: ["ignore", "pipe", "inherit"] });
  engines.push(child);
  const [port] = await once(child.stdout, "data");
  return { address: `127.0.0.1:${String(port).trim()}`, kill: () => child.kill("SIGKILL") };
}

async function hasEnded(child: ChildProcess): Promise<boolean> {
  if (child.exitCode !== null) return true;
  return Promise.race([once(child, "exit").then(() => true), sleep(grace, false, { ref: false })]);
}

it("ends when the engine is killed while it is idle", async () => {
  const engine = await startEngine();
  const plugin = await startPlugin(engine.address);
  plugins.push(plugin);
  engine.kill();
  expect(await hasEnded(plugin.child)).toBe(true);
});

const starts: [delay: number, starter: Starter][] = [
  ...[0, 50, 100, 200, 400].map((delay) => [delay, "engine"] as [number, Starter]),
  ...[0, 300, 600, 1000].map((delay) => [delay, "language host"] as [number, Starter]),
];

it.each(starts)("ends when the engine is killed %i ms after its start by the %s", async (delay, starter) => {
  const engine = await startEngine();
  const child = spawnPlugin(engine.address, {}, undefined, starter);
  await sleep(delay);
  engine.kill();
  expect(await hasEnded(child)).toBe(true);
});

it("ends when whoever started it is killed, though the engine lives", async () => {
  const engine = await startEngine();
  const host = spawn(
    process.execPath,
    [
      "--input-type=module",
      "-e",
      `import { startPlugin } from ${JSON.stringify(new URL("./plugin-process.ts", import.meta.url).href)};
       const { child } = await startPlugin(${JSON.stringify(engine.address)});
       console.log(child.pid);`,
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  engines.push(host);
  const [pid] = await once(host.stdout, "data");
  host.kill("SIGKILL");
  await expect.poll(() => isAlive(Number(String(pid))), { timeout: grace }).toBe(false);
});

it("stays while the engine only closes a silent connection", async () => {
  const { createServer } = await import("node:net");
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const plugin = await startPlugin(`127.0.0.1:${port}`);
  plugins.push(plugin);
  await expect.poll(() => connections, { timeout: grace }).toBeGreaterThan(4);
  expect(plugin.child.exitCode).toBe(null);
  server.close();
  expect(await hasEnded(plugin.child)).toBe(true);
});

it("can be started twice side by side", async () => {
  const engine = await startEngine();
  const [one, other] = await Promise.all([startPlugin(engine.address), startPlugin(engine.address)]);
  plugins.push(one, other);
  expect(one.client.getChannel().getTarget()).not.toBe(other.client.getChannel().getTarget());
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
