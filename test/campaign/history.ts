import type { PlaneKind, Side, Target } from "./organization.ts";
import type { Program } from "./program.ts";

/** How an operation is kept from doing all that it would do. */
export type Cut =
  /** It is cancelled, as by Ctrl-C, once so many resources are done. */
  | { readonly kind: "cancel"; readonly afterResources: number }
  /** Changing requests fail, after so many that do not; all following ones, or so many. */
  | {
      readonly kind: "fault";
      readonly fault: "forbidden" | "unavailable" | "lost-request" | "lost-answer";
      readonly afterRequests: number;
      readonly times?: number;
    };

/** What one deployment does in a step. */
export type Action =
  | {
      readonly kind: "up";
      readonly program: Program;
      /** What was changed, in words. */
      readonly changes: readonly string[];
      readonly refresh?: boolean;
      readonly cut?: Cut;
    }
  | { readonly kind: "refresh" };

/** What somebody else does who works in the same organization. */
export type StrangerAct =
  | { readonly kind: "take"; readonly target: Target }
  | { readonly kind: "release"; readonly target: Target }
  | { readonly kind: "make-pool"; readonly plane: PlaneKind; readonly name: string }
  /** Lets a workspace of the stranger's use the shared pool. */
  | { readonly kind: "share"; readonly target: Target }
  | { readonly kind: "default"; readonly plane: PlaneKind; readonly isSet: boolean };

/** One step: the deployments act at the same time. */
export interface Step {
  readonly first?: Action;
  readonly second?: Action;
  readonly stranger: readonly {
    readonly act: StrangerAct;
    /** Once so many resources are done in this step; without it before the step. */
    readonly afterResources?: number;
  }[];
}

/** What two deployments and a stranger do to one organization. */
export interface History {
  readonly seed: number;
  readonly steps: readonly Step[];
}

/** The deployments of a step that act. */
export function actionsOf({ first, second }: Step): [Side, Action][] {
  const both: [Side, Action | undefined][] = [
    ["first", first],
    ["second", second],
  ];
  return both.filter((entry): entry is [Side, Action] => entry[1] !== undefined);
}
