import type { ResourceState } from "../deployment.ts";
import type { DiffResult } from "./diff.ts";

/** Everything that can be done to a resource, by the names that the CLI gives it. */
export type StepOp =
  | "same"
  | "create"
  | "create-replacement"
  | "update"
  | "replace"
  | "delete"
  | "delete-replaced"
  | "discard"
  | "discard-replaced"
  | "remove-pending-replace"
  | "read"
  | "read-replacement"
  | "refresh"
  | "import"
  | "import-replacement";

/** One thing to do to one resource. */
export interface Step {
  op: StepOp;
  urn: string;
  /** As it is in state. */
  old?: ResourceState;
  /** As it shall be; completed by the step. */
  next?: ResourceState;
  diff?: DiffResult;
  /** What made it a replacement. */
  replaceKeys?: string[];
  /** Paths that the provider is told to leave alone. */
  ignoreChanges?: string[];
  /** Of a creation that `targets` leaves out: nothing is done, and the program gets unknowns. */
  skippedCreate?: boolean;
  /** Of a resource that `targets` leaves out: it stays as it is. */
  untargeted?: boolean;
  /** Of a creation: the old resource is deleted at the end. */
  deletesOldLater?: boolean;
  /** Of a deletion: everything that goes in this operation, for resources that go with another one. */
  deletedUrns?: ReadonlySet<string>;
  /** Of an import: the program registered it too, and says what it shall be. */
  registered?: boolean;
  /** Of a deletion: the resource stays in state, marked, until it is created again. */
  pendingReplacement?: boolean;
}

/** As the resource shall be, in a step that makes it something. */
export function nextOf(step: Step): ResourceState {
  if (step.next === undefined) {
    throw new Error(`the step ${step.op} of ${step.urn} has no new state`);
  }
  return step.next;
}

/** As the resource is in state, in a step on something that is there. */
export function oldOf(step: Step): ResourceState {
  if (step.old === undefined) {
    throw new Error(`the step ${step.op} of ${step.urn} has no old state`);
  }
  return step.old;
}
