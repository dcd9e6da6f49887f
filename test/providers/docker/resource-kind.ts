import type { Connection } from "./connection.ts";
import type { Properties, Shapes } from "./shape.ts";

/** A type of resource of the vendor's plugin. */
export interface ResourceKind {
  readonly shapes: Shapes;
  /** The old one goes before the new one comes, unless the program says otherwise. */
  readonly deleteBeforeReplace: boolean;
  /** Seconds that an operation may take unless the program says otherwise. */
  readonly timeouts: { readonly create: number; readonly delete: number };
  create(connection: Connection, inputs: Properties, timeout: number): Promise<Created>;
  /** What the daemon says, over what only the program knows. Undefined: it is gone. */
  read(connection: Connection, id: string, known: Properties): Promise<Properties | undefined>;
  update(connection: Connection, id: string, state: Properties, inputs: Properties): Promise<void>;
  delete(connection: Connection, id: string, state: Properties, timeout: number): Promise<void>;
}

/** What came of a creation; one that went wrong half way leaves something behind, and says why. */
export interface Created {
  readonly id: string;
  readonly failure?: string;
}

/** Whether the daemon says that there is no such thing. */
export function isGone(error: unknown): boolean {
  return typeof error === "object" && error !== null && "statusCode" in error && error.statusCode === 404;
}

/** Ends with an error when work takes longer than it may, in seconds. */
export async function within<Result>(timeout: number, what: string, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${what}: context deadline exceeded (${timeout}s)`)),
      timeout * 1000,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
