import type { Connections } from "../control-planes/connect";
import type { Circumstances, Failure } from "./check";
import type { ResourceDefinition } from "./definition";

/** Properties of a resource whose types are not known where they pass through. */
export type Properties = Record<string, unknown>;

/** What a lifecycle may use of the process that it runs in. */
export interface LifecycleContext {
  readonly connections: Connections;
  /** Tells the user something that is no failure. */
  warn(message: string): void;
  /** Tells the user how a wait goes on. */
  progress(message: string): void;
  /** Aborted when the deployment is cancelled: a wait must end then. */
  readonly cancelled?: AbortSignal;
}

/** A resource that was just made. */
export interface Created<State> {
  readonly id: string;
  readonly state: State;
}

/** A resource as it really is, with the inputs that would have made it so. */
export interface Observed<Inputs, State> {
  readonly id: string;
  readonly inputs: Inputs;
  readonly state: State;
}

/**
 * What happens to one kind of resource, told apart from how Pulumi is spoken to and from HTTP. Methods get checked
 * inputs. Any of them may throw; {@link PartialFailure} where something was made all the same.
 */
export interface Lifecycle<Inputs extends Properties = Properties, State extends Properties = Properties> {
  readonly definition: ResourceDefinition;
  /** Rules that need more than one property. Called only when those present are valid; unknown ones are absent. */
  rules(inputs: Partial<Inputs>, circumstances: Circumstances): Failure[];
  /** Inputs in one canonical form, so that equal things compare equal. */
  normalize?(inputs: Inputs): Inputs;
  /** Properties besides `replaceOn` whose change, between state and inputs, makes a new resource. */
  replaces?(state: State, inputs: Inputs): string[];
  /** Whether the world asks for an update although the inputs did not change. */
  outdated?(state: State, inputs: Inputs, context: LifecycleContext): Promise<boolean>;
  create(inputs: Inputs, context: LifecycleContext): Promise<Created<State>>;
  /** Undefined: the resource is gone. `state` is empty where only the id is known. */
  read(
    id: string,
    state: Partial<State>,
    context: LifecycleContext,
  ): Promise<Observed<Inputs, State> | undefined>;
  update(id: string, state: State, inputs: Inputs, context: LifecycleContext): Promise<State>;
  /** Something already gone is a success. */
  delete(id: string, state: State, context: LifecycleContext): Promise<void>;
}

/** The resource exists, but not all of it succeeded: it is kept in state and updated by the next deployment. */
export class PartialFailure extends Error {
  override readonly name = "PartialFailure";
  readonly id: string;
  readonly state: Readonly<Record<string, unknown>>;
  readonly reasons: readonly string[];

  constructor(id: string, state: Readonly<Record<string, unknown>>, reasons: readonly string[]) {
    super(reasons.join("; "));
    this.id = id;
    this.state = state;
    this.reasons = reasons;
  }
}
