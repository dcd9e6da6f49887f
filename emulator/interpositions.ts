import { z } from "zod";
import { AdminError } from "./admin-command";
import { countRequest, matchesRequest, type RequestSubject, requestMatch } from "./request-matching";

const callback = z.custom<() => void | Promise<void>>((value) => typeof value === "function");

/**
 * Something that a stranger does just before or just after a request is handled: `run`, in the process, or admin
 * commands. Requests that a fault keeps from being handled don't count.
 */
export const interpositionSchema = z
  .strictObject({
    ...requestMatch,
    /** `before`: when the request has arrived; `after`: when it is done and not yet answered. */
    when: z.enum(["before", "after"]),
    run: callback.optional(),
    /** Admin commands by name, e.g. `{ command: "pulumiCloud/deleteStack", input: {…} }`, done in this order. */
    commands: z.array(z.strictObject({ command: z.string(), input: z.json().optional() })).optional(),
  })
  .refine(({ run, commands }) => (run === undefined) !== (commands === undefined), {
    message: "needs either run or commands",
  });

/** What to interpose, and where. */
export type Interposition = z.input<typeof interpositionSchema>;

/** An interposition that is in place. */
export interface ActiveInterposition {
  id: string;
  /** How often it has run. */
  readonly count: number;
  /** Takes it away; false when it was away already. */
  remove: () => boolean;
}

/** Does one admin command by its name, e.g. `pulumiCloud/deleteStack`. Throws {@link AdminError} for an unknown one. */
export type RunCommand = (command: string, input: unknown) => unknown;

interface Entry {
  id: string;
  interposition: z.output<typeof interpositionSchema>;
  run: () => void | Promise<void>;
  counts: { matched: number; struck: number };
  /** While it runs, requests pass it by: they may be its own. */
  isRunning: boolean;
}

/** What is interposed in the requests of one emulator. */
export class Interpositions {
  #entries: Entry[] = [];
  #sequence = 0;

  add(
    interposition: z.output<typeof interpositionSchema>,
    runCommand: RunCommand,
    isCommand: (name: string) => boolean,
  ): ActiveInterposition {
    const { commands = [] } = interposition;
    const unknown = commands.find(({ command }) => !isCommand(command));
    if (unknown !== undefined) throw new AdminError(`there is no admin command ${unknown.command}`);
    const entry: Entry = {
      id: `interposition-${++this.#sequence}`,
      interposition,
      run:
        interposition.run ??
        (async () => {
          for (const { command, input } of commands) await runCommand(command, input);
        }),
      counts: { matched: 0, struck: 0 },
      isRunning: false,
    };
    this.#entries.push(entry);
    return {
      id: entry.id,
      get count() {
        return entry.counts.struck;
      },
      remove: () => this.remove(entry.id),
    };
  }

  list(): { id: string; count: number }[] {
    return this.#entries.map(({ id, counts }) => ({ id, count: counts.struck }));
  }

  remove(id: string): boolean {
    const before = this.#entries.length;
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
    return this.#entries.length < before;
  }

  clear(): void {
    this.#entries = [];
  }

  /** Runs what is interposed before or after this request, in the order in which it was added. */
  async run(when: "before" | "after", subject: RequestSubject): Promise<void> {
    for (const entry of this.#entries) {
      const { interposition, counts } = entry;
      if (interposition.when !== when || entry.isRunning) continue;
      if (!matchesRequest(interposition, subject) || !countRequest(interposition, counts)) continue;
      entry.isRunning = true;
      try {
        await entry.run();
      } finally {
        entry.isRunning = false;
      }
    }
  }
}
