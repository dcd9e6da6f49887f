import { z } from "zod";

/** Thrown by an admin command that can't do what it was asked. */
export class AdminError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "AdminError";
  }
}

/** A command of the admin API: called in the process, or with the same JSON argument over HTTP. */
export type AdminCommand<Input, Output> = undefined extends Input
  ? (input?: Input) => Output
  : (input: Input) => Output;

/** A command whose argument is checked, wherever it comes from. */
export function command<Schema extends z.ZodType, Output>(
  schema: Schema,
  run: (input: z.output<Schema>) => Output,
): AdminCommand<z.input<Schema>, Output> {
  return (input?: z.input<Schema>): Output => {
    const result = schema.safeParse(input);
    if (!result.success) throw new AdminError(z.prettifyError(result.error));
    return run(result.data);
  };
}

/** The item that matches, or an error that names what was sought. */
export function required<Item>(item: Item | undefined, what: string): Item {
  if (item === undefined) throw new AdminError(`there is no ${what}`);
  return item;
}

/** The command with this name, `/` between a plane and its command; undefined when there is none. */
export function findCommand(admin: object, name: string): ((input: unknown) => unknown) | undefined {
  let found: unknown = admin;
  for (const key of name.split("/")) {
    // Own keys only: a name must not reach what every object inherits.
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return typeof found === "function" ? (found as (input: unknown) => unknown) : undefined;
}
