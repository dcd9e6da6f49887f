import { z } from "zod";
import { countRequest, matchesRequest, type RequestSubject, requestMatch } from "./request-matching";

const answer = {
  status: z.int().min(100).max(599),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.json().optional(),
};

/**
 * A fault, and the requests that it strikes.
 * - `latency`: answer later by so many milliseconds; other faults still apply
 * - `status`: answer with this status (and headers and body) without doing anything
 * - `status-after`: do the work, then answer with this status (and headers and body) in place of what came of it; a
 *   client that repeats the request does it twice
 * - `delayed`: answer with this status at once (504 when none is given), and carry the request out so many
 *   milliseconds later, as a proxy does that gave up waiting and forwards late; see {@link DelayedRequests}
 * - `html`: the page of a proxy in place of JSON, without doing anything
 * - `malformed-json`, `truncate`: do the work, then garble the answer (`truncate` promises the whole length and
 *   closes the connection in the middle)
 * - `without-field`: do the work, then leave one field out of the JSON answer. `field` is a path of keys and indexes
 *   with dots between them, `*` stands for every item or key: `stacks`, `agentPools.0.id`, `data.*.attributes.name`
 * - `drop-before`: close the connection before anything is done
 * - `drop-after`: do the work, then close the connection, so that the answer is lost
 * - `hang`: never answer, do nothing
 */
export const faultSchema = z.discriminatedUnion("kind", [
  z.strictObject({ ...requestMatch, kind: z.literal("latency"), milliseconds: z.number().nonnegative() }),
  z.strictObject({ ...requestMatch, kind: z.literal("status"), ...answer }),
  z.strictObject({ ...requestMatch, kind: z.literal("status-after"), ...answer }),
  z.strictObject({
    ...requestMatch,
    kind: z.literal("delayed"),
    milliseconds: z.number().nonnegative(),
    ...answer,
    status: answer.status.optional(),
  }),
  z.strictObject({ ...requestMatch, kind: z.literal("html"), status: z.int().min(200).max(599).optional() }),
  z.strictObject({ ...requestMatch, kind: z.literal("malformed-json") }),
  z.strictObject({ ...requestMatch, kind: z.literal("truncate") }),
  z.strictObject({
    ...requestMatch,
    kind: z.literal("without-field"),
    field: z.string().regex(/^[^.]+(\.[^.]+)*$/, "must be keys with dots between them"),
  }),
  z.strictObject({ ...requestMatch, kind: z.literal("drop-before") }),
  z.strictObject({ ...requestMatch, kind: z.literal("drop-after") }),
  z.strictObject({ ...requestMatch, kind: z.literal("hang") }),
]);

/** A fault, and the requests that it strikes. */
export type Fault = z.input<typeof faultSchema>;

/** A fault that was added, and how often it has struck. */
export interface ActiveFault {
  id: string;
  fault: Fault;
  /** Requests that matched, including skipped ones. */
  matched: number;
  /** Requests that it struck. */
  struck: number;
}

/** The faults of one emulator. The first one that strikes wins, save that latency adds up with others. */
export class Faults {
  #active: ActiveFault[] = [];
  #sequence = 0;

  add(fault: Fault): ActiveFault {
    const active: ActiveFault = { id: `fault-${++this.#sequence}`, fault, matched: 0, struck: 0 };
    this.#active.push(active);
    return { ...active };
  }

  list(): ActiveFault[] {
    return this.#active.map((active) => ({ ...active }));
  }

  remove(id: string): boolean {
    const before = this.#active.length;
    this.#active = this.#active.filter((active) => active.id !== id);
    return this.#active.length < before;
  }

  clear(): void {
    this.#active = [];
  }

  /** Faults that strike this request, counted as struck: any latencies, then at most one of the others. */
  strike(subject: RequestSubject): ActiveFault[] {
    const striking: ActiveFault[] = [];
    let decided = false;
    for (const active of this.#active) {
      if (decided && active.fault.kind !== "latency") continue;
      if (!matchesRequest(active.fault, subject) || !countRequest(active.fault, active)) continue;
      striking.push(active);
      if (active.fault.kind !== "latency") decided = true;
    }
    return striking;
  }
}
