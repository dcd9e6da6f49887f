import type { Answer, EmulatedRequest, Method, Operation, Plane } from "./exchange";
import type { RateDecision } from "./rate-limits";

/** What is common to all answers of one plane. */
export interface PlaneProfile<State> {
  plane: Plane;
  operations: readonly Operation<State>[];
  /** Media type of JSON answers. */
  mediaType: string;
  /** Media types that a request body may have. */
  acceptedMediaTypes: readonly string[];
  /** Name of the header that carries the request id. */
  requestIdHeader: string;
  /** Headers of every answer. */
  headers: (decision: RateDecision | undefined) => Record<string, string>;
  unauthorized: () => Answer;
  tooManyRequests: (decision: RateDecision) => Answer;
  unknownRoute: () => Answer;
  malformedBody: () => Answer;
  unsupportedMediaType: () => Answer;
  /** The emulator itself failed: a bug, shown as the plane would show one. */
  internalError: (message: string) => Answer;
}

/** A request before the plane's state joins it. */
export type StatelessRequest = Omit<EmulatedRequest<unknown>, "state">;

/** An operation with its plane's state bound to it. */
export interface BoundOperation {
  id: string;
  method: Method;
  path: string;
  anonymous: boolean;
  mediaTypes: readonly string[];
  handle: (request: StatelessRequest) => Answer | Promise<Answer>;
}

/** A plane with its state bound to it. */
export interface BoundPlane extends Omit<PlaneProfile<never>, "operations"> {
  operations: readonly BoundOperation[];
}

/** Binds a plane to its state, which may be exchanged as a whole by a reset. */
export function bindPlane<State>(profile: PlaneProfile<State>, stateOf: () => State): BoundPlane {
  return {
    ...profile,
    operations: profile.operations.map(
      ({ id, method, path, anonymous = false, mediaTypes = [], handle }) => ({
        id,
        method,
        path,
        anonymous,
        mediaTypes,
        handle: (request) => handle({ ...request, state: stateOf() }),
      }),
    ),
  };
}
