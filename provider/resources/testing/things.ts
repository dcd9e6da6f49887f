import { ControlPlaneError } from "../../control-planes/http/error.ts";
import type { CreateOnce } from "../create-once/create-once.ts";

/** A thing on a control plane; what others made carries no mark of ours. */
export interface Thing {
  name: string;
  mark: string;
}

/** The answer to a create that may have been carried out. */
export const lostAnswer = new ControlPlaneError({
  plane: "P",
  operation: "make it",
  message: "bad gateway",
  ambiguous: true,
  status: 502,
});

/** The answer to a create that came too early, of a control plane that may have carried it out all the same. */
export const rateLimited = lostAnswer.with({ message: "too many requests", status: 429 });

/** The answer to a create that was not carried out. */
export const refusal = new ControlPlaneError({
  plane: "P",
  operation: "make it",
  message: "no",
  status: 422,
});

/** A control plane that holds `things`; `make` says what each create does. */
export function thing(
  things: Thing[],
  make: (mark: string, attempt: number) => Thing,
  options: Partial<CreateOnce<Thing, Thing>> = {},
): CreateOnce<Thing, Thing> {
  let attempt = 0;
  return {
    key: "P thing x",
    prepare: async () => undefined,
    create: async (mark) => make(mark, ++attempt),
    find: async (marks) => things.filter((known) => marks.includes(known.mark)),
    recover: async (left) => left,
    remove: async (left) => void things.splice(things.indexOf(left), 1),
    ...options,
  };
}

/** Makes a thing and loses the answer. */
export function makeAndLose(things: Thing[]) {
  return (mark: string): Thing => {
    things.push({ name: "x", mark });
    throw lostAnswer;
  };
}
