import type { IncomingMessage, ServerResponse } from "node:http";
import { createAdmin, type EmulatorAdmin } from "./admin";
import { adminPrefix, serveAdmin } from "./admin-server";
import { defaultSeed } from "./default-seed";
import { DelayedRequests } from "./delayed-requests";
import { envZeroProfile } from "./env-zero/profile";
import { ExchangeServer } from "./exchange-server";
import { Faults } from "./faults";
import { hcpTerraformProfile } from "./hcp-terraform/profile";
import { Interpositions } from "./interpositions";
import { Journal } from "./journal";
import { listen, type TlsIdentity } from "./listener";
import { type BoundPlane, bindPlane } from "./plane-profile";
import { pulumiCloudProfile } from "./pulumi-cloud/profile";
import { RateLimiter } from "./rate-limits";
import { ownAgentPrefix } from "./router";
import { plant, type Seed, seedSchema } from "./seed";
import { settle } from "./settle";
import { type EmulatorState, emptyState } from "./state";

/** How to start an emulator. */
export interface EmulatorOptions {
  /** @default 0, any free port */
  port?: number;
  /** Address to listen on. The admin API answers on loopback only, whatever this is. @default "127.0.0.1" */
  host?: string;
  /** With this the same port also speaks TLS. */
  tls?: TlsIdentity;
  /** @default {@link defaultSeed} */
  seed?: Seed;
}

/** A running emulator. */
export interface Emulator {
  /** Address for plain HTTP, e.g. `http://127.0.0.1:8080`. */
  url: string;
  /** Address for HTTPS; undefined without `tls`. */
  secureUrl: string | undefined;
  port: number;
  admin: EmulatorAdmin;
  /** Stops at once: open connections are destroyed, requests that hang with them, and delayed ones are forgotten. */
  stop: () => Promise<void>;
}

/**
 * Starts an emulator of Pulumi Cloud, HCP Terraform and env zero on one port of this process. All state is in memory.
 *
 * @throws when the port is taken, or the seed is not valid
 * @example
 * const emulator = await startEmulator();
 * Object.assign(process.env, emulatorEnvironment(emulator.url));
 * emulator.admin.addFault({ plane: "hcp-terraform", method: "POST", kind: "status", status: 503, times: 1 });
 * await emulator.stop();
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { port = 0, host = "127.0.0.1", tls, seed = defaultSeed } = options;
  const initialSeed = seedSchema.parse(seed);
  const state = emptyState();
  plant(state, initialSeed);
  const faults = new Faults();
  const interpositions = new Interpositions();
  const delayed = new DelayedRequests();
  const journal = new Journal();
  const rateLimiter = new RateLimiter();
  const admin = createAdmin({
    state,
    faults,
    interpositions,
    delayed,
    journal,
    rateLimiter,
    initialSeed,
  });
  const exchanges = new ExchangeServer({
    state,
    faults,
    interpositions,
    delayed,
    journal,
    rateLimiter,
    planes: emulatedPlanes(state),
    settle: () => settle(state),
  });

  const listener = await listen({ host, port, tls }, (message: IncomingMessage, response: ServerResponse) => {
    const isAdmin = message.url?.startsWith(adminPrefix) && !message.url.startsWith(ownAgentPrefix);
    const served = isAdmin ? serveAdmin(admin, message, response) : exchanges.serve(message, response);
    // A body that is too large or damaged, or a client that left: there is nobody to tell.
    served.catch(() => response.destroy());
  });
  const authority = `${host.includes(":") ? `[${host}]` : host}:${listener.port}`;
  return {
    url: `http://${authority}`,
    secureUrl: tls && `https://${authority}`,
    port: listener.port,
    admin,
    stop: () => {
      delayed.clear();
      return listener.close();
    },
  };
}

/** Every plane with everything that it serves, bound to a state. */
export function emulatedPlanes(state: EmulatorState): BoundPlane[] {
  return [
    bindPlane(pulumiCloudProfile, () => state.pulumiCloud),
    bindPlane(hcpTerraformProfile, () => state.hcpTerraform),
    bindPlane(envZeroProfile, () => state.envZero),
  ];
}
