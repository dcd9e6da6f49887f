import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { reach } from "./reach.ts";

const host = { name: "edge", index: 1 };

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Something that listens, at a port or a socket, until the end of `use`. */
async function listening(at: number | string, use: (port: number) => Promise<void>): Promise<void> {
  const server = createServer((socket) => socket.end());
  server.listen(at);
  await once(server, "listening");
  try {
    await use((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

describe("reaching a Docker daemon", () => {
  it("is content with whoever listens", async () => {
    await listening(0, async (port) => {
      expect(await reach(host, `tcp://127.0.0.1:${port}`)).toBe(`tcp://127.0.0.1:${port}`);
      expect(await reach(host, `tcp://localhost:${port}`)).toBe(`tcp://localhost:${port}`);
    });
    const folder = mkdtempSync(join(tmpdir(), "reach-"));
    await listening(join(folder, "docker.sock"), async () => {
      expect(await reach(host, `unix://${folder}/docker.sock`)).toBe(`unix://${folder}/docker.sock`);
      vi.stubEnv("DOCKER_HOST", `unix://${folder}/docker.sock`);
      expect(await reach(host, undefined)).toBe(`unix://${folder}/docker.sock`);
    });
    rmSync(folder, { recursive: true });
  });

  it("leaves SSH to ssh", async () => {
    expect(await reach(host, "ssh://fleet@edge.invalid")).toBe("ssh://fleet@edge.invalid");
  });

  it.each([
    ["tcp://127.0.0.1:1", "tcp://127.0.0.1:1 (ECONNREFUSED)"],
    ["unix:///nowhere/docker.sock", "unix:///nowhere/docker.sock (ENOENT)"],
    ["tcp://edge.invalid:2376", "tcp://edge.invalid:2376 (E"],
    // An address that is nobody's (RFC 5737): no answer, or none that helps.
    ["tcp://192.0.2.1:2376", "tcp://192.0.2.1:2376 ("],
  ])("names host and address when %s does not answer", { timeout: 8000 }, async (address, tried) => {
    const reaching = reach({ ...host, insecure: true }, address);
    await expect(reaching).rejects.toThrow(
      "hosts[1].address: the Docker daemon of host edge cannot be reached",
    );
    await expect(reaching).rejects.toThrow(tried);
  });

  it("refuses another machine without TLS, whoever names it", async () => {
    const refused = /^hosts\[1\]\.address: .*tcp:\/\/10\.0\.0\.1:2375,? is another machine without TLS/;
    await expect(reach(host, "tcp://10.0.0.1:2375")).rejects.toThrow(refused);
    vi.stubEnv("DOCKER_HOST", "tcp://10.0.0.1:2375");
    await expect(reach(host, undefined)).rejects.toThrow(refused);
    await expect(reach(host, undefined)).rejects.toThrow("DOCKER_HOST");
  });

  it("names every place that it looked at without an address", async () => {
    vi.stubEnv("DOCKER_HOST", "");
    vi.stubEnv("HOME", "/nowhere");
    const reaching = reach(host, undefined);
    await expect(reaching).rejects.toThrow("unix:///nowhere/.docker/run/docker.sock (ENOENT)");
  });
});
