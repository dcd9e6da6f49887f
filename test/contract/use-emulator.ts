import { afterAll, beforeAll, beforeEach } from "vitest";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";

/**
 * The emulator of a test file: started before its tests, as good as new before each of them, stopped at the end. It can
 * be handed on at once, for example to `clientOf`, but has a URL only while tests run.
 */
export function useEmulator(): Emulator {
  let started: Emulator;
  beforeAll(async () => {
    started = await startEmulator();
  });
  beforeEach(() => started.admin.reset());
  afterAll(() => started?.stop());
  return {
    get url() {
      return started.url;
    },
    get secureUrl() {
      return started.secureUrl;
    },
    get port() {
      return started.port;
    },
    get admin() {
      return started.admin;
    },
    stop: () => started.stop(),
  };
}
