import { z } from "zod";
import { AdminError, command, findCommand } from "./admin-command";
import { agentTimeoutsSchema } from "./agent-timeouts";
import type { DelayedRequests } from "./delayed-requests";
import { envZeroAdmin } from "./env-zero/admin";
import { type Faults, faultSchema } from "./faults";
import { hcpTerraformAdmin } from "./hcp-terraform/admin";
import { type Interpositions, interpositionSchema } from "./interpositions";
import type { Journal, JournalCounts } from "./journal";
import { pulumiCloudAdmin } from "./pulumi-cloud/admin";
import { defaultRateLimits, type RateLimiter } from "./rate-limits";
import { addCredential, credentialSchema, plant, type Seed, seedSchema } from "./seed";
import { jobsOf, settle } from "./settle";
import { type EmulatorState, emptyState, snapshotOf } from "./state";
import type { Job } from "./work";

/** What the admin API works on. */
export interface AdminSubject {
  state: EmulatorState;
  faults: Faults;
  interpositions: Interpositions;
  delayed: DelayedRequests;
  journal: Journal;
  rateLimiter: RateLimiter;
  /** What `reset` goes back to when it is given nothing else. */
  initialSeed: Seed;
}

const plane = z.enum(["pulumi-cloud", "hcp-terraform", "env-zero"]);
const rateLimit = z
  .strictObject({ requests: z.number().positive(), perMilliseconds: z.number().positive() })
  .nullable()
  .optional();

/**
 * The admin API: in the process as `emulator.admin`, over HTTP as `POST /_emulator/<command>` with the argument as
 * JSON body, e.g. `POST /_emulator/addFault` or `POST /_emulator/pulumiCloud/deleteAgentPool`.
 */
export function createAdmin(subject: AdminSubject) {
  const { state, faults, interpositions, delayed, journal, rateLimiter, initialSeed } = subject;
  const isCommand = (name: string): boolean => findCommand(admin, name) !== undefined;
  const runCommand = (name: string, input: unknown): unknown => {
    const run = findCommand(admin, name);
    if (run === undefined) throw new AdminError(`there is no admin command ${name}`);
    return run(input);
  };

  const admin = {
    /** Adds organizations, credentials and things to assign. */
    seed: command(seedSchema, (seed) => plant(state, seed)),

    /** Forgets everything (faults, interpositions, delayed requests, journal and rate limits too) and starts over with a seed; by default the first one. */
    reset: command(seedSchema.optional(), (seed) => {
      Object.assign(state, emptyState());
      plant(state, seed ?? initialSeed);
      faults.clear();
      interpositions.clear();
      delayed.clear();
      journal.clear();
      rateLimiter.limits = structuredClone(defaultRateLimits);
      rateLimiter.reset();
    }),

    /** The whole state, without anything that derives from a secret. */
    snapshot: (): EmulatorState => {
      settle(state);
      return snapshotOf(state);
    },

    /** Every job: a queued, running or ended deployment or run, and which agent took it. Oldest first per plane. */
    jobs: command(z.strictObject({ plane: plane.optional() }).optional(), (filter = {}): Job[] =>
      jobsOf(state, filter.plane),
    ),

    /** Changes after how many seconds of silence agents and their jobs are given up. What isn't named stays. */
    setAgentTimeouts: command(agentTimeoutsSchema, (timeouts) => {
      for (const key of ["pulumiCloud", "hcpTerraform", "envZero"] as const) {
        const named = Object.entries(timeouts[key] ?? {}).filter(([, seconds]) => seconds !== undefined);
        Object.assign(state[key].agentTimeouts, Object.fromEntries(named));
      }
    }),

    /** Adds a credential, or changes what the one with this value may do. */
    addCredential: command(credentialSchema, (credential) => ({ id: addCredential(state, credential) })),

    removeCredential: command(z.strictObject({ id: z.string() }), ({ id }) => {
      state.credentials = state.credentials.filter((credential) => credential.id !== id);
    }),

    addFault: command(faultSchema, (fault) => faults.add(fault)),
    listFaults: () => faults.list(),
    removeFault: command(z.strictObject({ id: z.string() }), ({ id }) => faults.remove(id)),
    clearFaults: () => faults.clear(),

    /** Carries out at once what faults of kind `delayed` put off; answers how many requests those were. */
    carryOutDelayed: (): Promise<number> => delayed.carryOut(),

    /**
     * Does something just before or just after a request that matches is handled: what somebody else does between two
     * requests of a client. While it runs, it doesn't strike again, so it may send requests of its own. When it throws,
     * the request that it struck is answered with status 500 and the message.
     */
    interpose: command(interpositionSchema, (interposition) =>
      interpositions.add(interposition, runCommand, isCommand),
    ),
    /** What is interposed, and how often each has run. */
    listInterpositions: () => interpositions.list(),
    removeInterposition: command(z.strictObject({ id: z.string() }), ({ id }) => interpositions.remove(id)),
    clearInterpositions: () => interpositions.clear(),

    /** The requests so far, oldest first. */
    journal: command(
      z
        .strictObject({
          plane: plane.optional(),
          operation: z.string().optional(),
        })
        .optional(),
      (filter = {}) =>
        journal.list({
          ...(filter.plane && { plane: filter.plane }),
          ...(filter.operation && { operation: filter.operation }),
        }),
    ),
    journalCounts: (): JournalCounts => journal.counts(),
    clearJournal: () => journal.clear(),
    /** Keeps bodies in the journal from now on, secrets masked. */
    recordBodies: command(z.strictObject({ enabled: z.boolean() }), ({ enabled }) => {
      journal.recordBodies = enabled;
    }),

    /** Changes rate limits and empties the buckets; null switches one off. */
    setRateLimits: command(
      z.strictObject({
        hcpTerraform: rateLimit,
        hcpTerraformRunLists: rateLimit,
        envZero: rateLimit,
        pulumiCloud: rateLimit,
      }),
      (limits) => {
        const named = Object.entries(limits).filter(([, limit]) => limit !== undefined);
        Object.assign(rateLimiter.limits, Object.fromEntries(named));
        rateLimiter.reset();
      },
    ),

    pulumiCloud: pulumiCloudAdmin(state),
    hcpTerraform: hcpTerraformAdmin(state),
    envZero: envZeroAdmin(state),
  };
  return admin;
}

/** The admin API of a running emulator. */
export type EmulatorAdmin = ReturnType<typeof createAdmin>;
