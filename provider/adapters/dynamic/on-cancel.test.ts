import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { onCancel } from "./on-cancel.ts";

const folder = mkdtempSync(join(tmpdir(), "runner-pools-host-"));
const host = join(folder, "host.js");

afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("hears the copy of the library that the host has, where that is not this package's", () => {
  const library = join(folder, "node_modules/@grpc/grpc-js");
  mkdirSync(library, { recursive: true });
  writeFileSync(
    join(library, "index.js"),
    "exports.Server = class { _retrieveHandler(path) { return 'handles ' + path; } };",
  );
  const cancel = vi.fn();
  onCancel(cancel, host);
  const server = new (createRequire(host)("@grpc/grpc-js").Server)();
  expect(server._retrieveHandler("/pulumirpc.ResourceProvider/Check")).toBe(
    "handles /pulumirpc.ResourceProvider/Check",
  );
  expect(cancel).not.toHaveBeenCalled();
  server._retrieveHandler("/pulumirpc.ResourceProvider/Cancel");
  expect(cancel).toHaveBeenCalledOnce();
});

it("does without where the host has no such library", () => {
  expect(() => onCancel(vi.fn(), host)).not.toThrow();
});
