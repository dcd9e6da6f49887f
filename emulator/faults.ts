import { z } from "zod";
import type { Method, Plane } from "./exchange";

const match = {
  plane: z.enum(["pulumi-cloud", "hcp-terraform", "env-zero"]).optional(),
  method: z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]).optional(),
  /** Regular expression, searched in the path without its query. */
  path: z.string().refine(isRegularExpression, "is not a regular expression").optional(),
  /** Operation id, as the journal shows it. */
  operation: z.string().optional(),
  /** Let so many matching requests pass before the first one fails. Default 0. */
  skip: z.int().nonnegative().optional(),
  /** Fail so many requests, then stop. Without it the fault stays until it is removed. */
  times: z.int().positive().optional(),
};

/**
 * A fault, and the requests that it strikes.
 * - `latency`: answer later by so many milliseconds; other faults still apply
 * - `status`: answer with this status (and headers and body) without doing anything
 * - `html`: the page of a proxy in place of JSON, without doing anything
 * - `malformed-json`, `truncate`: do the work, then garble the answer (`truncate` promises the whole length and
 *   closes the connection in the middle)
 * - `drop-before`: close the connection before anything is done
 * - `drop-after`: do the work, then close the connection, so that the answer is lost
 * - `hang`: never answer, do nothing
 */
export const faultSchema = z.discriminatedUnion("kind", [
  z.strictObject({ ...match, kind: z.literal("latency"), milliseconds: z.number().nonnegative() }),
  z.strictObject({
    ...match,
    kind: z.literal("status"),
    status: z.int().min(100).max(599),
    headers: z.record(z.string(), z.string()).optional(),
    body: z.json().optional(),
  }),
  z.strictObject({ ...match, kind: z.literal("html"), status: z.int().min(200).max(599).optional() }),
  z.strictObject({ ...match, kind: z.literal("malformed-json") }),
  z.strictObject({ ...match, kind: z.literal("truncate") }),
  z.strictObject({ ...match, kind: z.literal("drop-before") }),
  z.strictObject({ ...match, kind: z.literal("drop-after") }),
  z.strictObject({ ...match, kind: z.literal("hang") }),
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

/** What a fault is matched against. */
export interface FaultSubject {
  plane: Plane;
  method: Method;
  path: string;
  operation: string | undefined;
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
  strike(subject: FaultSubject): ActiveFault[] {
    const striking: ActiveFault[] = [];
    let decided = false;
    for (const active of this.#active) {
      if (decided && active.fault.kind !== "latency") continue;
      if (!matches(active.fault, subject)) continue;
      active.matched++;
      if (active.matched <= (active.fault.skip ?? 0)) continue;
      if (active.fault.times !== undefined && active.struck >= active.fault.times) continue;
      active.struck++;
      striking.push(active);
      if (active.fault.kind !== "latency") decided = true;
    }
    return striking;
  }
}

function matches(fault: Fault, subject: FaultSubject): boolean {
  return (
    (fault.plane === undefined || fault.plane === subject.plane) &&
    (fault.method === undefined || fault.method === subject.method) &&
    (fault.operation === undefined || fault.operation === subject.operation) &&
    (fault.path === undefined || new RegExp(fault.path).test(subject.path))
  );
}

function isRegularExpression(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}
