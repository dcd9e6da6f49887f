import { execFile, execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, expect, it } from "vitest";
import { type Emulator, emulatorCredentials, startEmulator } from "../../emulator/index.ts";

const script = fileURLToPath(new URL("list-pools.mjs", import.meta.url));
const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Lists the pools in a process with that environment, and gives what it said. */
async function listPools(url: string, environment: Record<string, string>): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [script, url], {
    env: { PATH: process.env["PATH"] ?? "", TOKEN: emulatorCredentials.hcpTerraformToken, ...environment },
  });
  return stdout.trim();
}

async function emulatorWithPool(tls?: { key: string; cert: string }): Promise<Emulator> {
  const emulator = await startEmulator(tls ? { tls } : {});
  closers.push(() => emulator.stop());
  emulator.admin.hcpTerraform.createAgentPool({ organization: "acme", name: "builders" });
  return emulator;
}

/** A proxy that tunnels, and remembers to where. */
async function startProxy(): Promise<{ url: string; tunnels: string[] }> {
  const tunnels: string[] = [];
  const proxy = createServer();
  proxy.on("connect", (request, client, head) => {
    tunnels.push(request.url ?? "");
    const [host, port] = (request.url ?? "").split(":");
    const server = connect(Number(port), host, () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      server.write(head);
      server.pipe(client).pipe(server);
    });
    for (const socket of [server, client]) socket.on("error", () => socket.destroy());
  });
  await new Promise<void>((ready) => proxy.listen(0, "127.0.0.1", ready));
  closers.push(() => proxy.close());
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, tunnels };
}

it("goes through the proxy of the environment, except where NO_PROXY says so", async () => {
  const { url } = await emulatorWithPool();
  const proxy = await startProxy();
  expect(await listPools(url, { HTTP_PROXY: proxy.url })).toBe('["builders"]');
  expect(proxy.tunnels).toEqual([new URL(url).host]);
  expect(await listPools(url, { HTTP_PROXY: proxy.url, NO_PROXY: "127.0.0.1" })).toBe('["builders"]');
  expect(proxy.tunnels).toHaveLength(1);
});

it.skipIf(!hasOpenssl)(
  "trusts the certificate authority of NODE_EXTRA_CA_CERTS, and names it where it is missing (skipped without openssl)",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "runner-pools-tls-"));
    closers.push(() => rmSync(folder, { recursive: true }));
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    execFileSync(
      "openssl",
      [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-keyout",
        key,
        "-out",
        cert,
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
      ],
      { stdio: "ignore" },
    );
    const emulator = await emulatorWithPool({
      key: readFileSync(key, "utf8"),
      cert: readFileSync(cert, "utf8"),
    });
    const url = `https://127.0.0.1:${emulator.port}`;
    expect(await listPools(url, { NODE_EXTRA_CA_CERTS: cert })).toBe('["builders"]');
    expect(await listPools(url, {})).toMatch(/TLS failed: .*NODE_EXTRA_CA_CERTS/);
  },
);
