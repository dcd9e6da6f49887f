import { isJsonObject, type Json, type Method, type Plane } from "./exchange";

/** One request that the emulator saw. */
export interface JournalEntry {
  sequence: number;
  /** ISO 8601. */
  time: string;
  plane: Plane;
  method: Method | string;
  path: string;
  /** Query string without the question mark. */
  query: string;
  /** Id of the operation; undefined when no operation has this method and path. */
  operation?: string;
  /** Path of the operation with `:parameters`. */
  route?: string;
  /** Undefined when no answer was sent: dropped or hung. */
  status?: number;
  /** What came of the request when it was carried out after its answer (a fault of kind `delayed`). */
  lateStatus?: number;
  milliseconds: number;
  /** Id of the credential, never its value. */
  credential?: string;
  /** Ids of the faults that struck. */
  faults: string[];
  userAgent?: string;
  /** Present when bodies are recorded. Values of secrets are masked. */
  requestBody?: Json;
  responseBody?: Json;
}

/** How often each operation was called, per plane. */
export type JournalCounts = Record<Plane, { total: number; operations: Record<string, number> }>;

/** Bounds the memory of an emulator that runs for days. */
const mostEntries = 100_000;

/** The requests of one emulator, oldest first. */
export class Journal {
  recordBodies = false;
  #entries: JournalEntry[] = [];
  #sequence = 0;

  add(entry: Omit<JournalEntry, "sequence">): JournalEntry {
    const added = { sequence: ++this.#sequence, ...entry };
    this.#entries.push(added);
    if (this.#entries.length > mostEntries) this.#entries.splice(0, mostEntries / 10);
    return added;
  }

  list(filter: { plane?: Plane; operation?: string } = {}): JournalEntry[] {
    return this.#entries.filter(
      (entry) =>
        (filter.plane === undefined || entry.plane === filter.plane) &&
        (filter.operation === undefined || entry.operation === filter.operation),
    );
  }

  counts(): JournalCounts {
    const counts: JournalCounts = {
      "pulumi-cloud": { total: 0, operations: {} },
      "hcp-terraform": { total: 0, operations: {} },
      "env-zero": { total: 0, operations: {} },
    };
    for (const { plane, operation = "unknown" } of this.#entries) {
      const count = counts[plane];
      count.total++;
      count.operations[operation] = (count.operations[operation] ?? 0) + 1;
    }
    return counts;
  }

  clear(): void {
    this.#entries = [];
  }
}

const secretKeys = new Set([
  "tokenValue",
  "token",
  "secret",
  "access_token",
  "subject_token",
  "jobToken",
  "oidcToken",
  "plaintext",
  "password",
]);

/** A copy of a body in which the values of secrets are masked; its shape stays the same. */
export function withoutSecrets(body: Json): Json {
  if (Array.isArray(body)) return body.map(withoutSecrets);
  if (!isJsonObject(body)) return body;
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [
      key,
      secretKeys.has(key) && typeof value === "string" ? "[masked]" : withoutSecrets(value),
    ]),
  );
}
