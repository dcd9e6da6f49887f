import type { ResourceState } from "../deployment.ts";
import type { Goal } from "./goal.ts";

/** What is known about a registration while its steps are worked out. */
export interface Registration {
  urn: string;
  goal: Goal;
  old?: ResourceState;
  next: ResourceState;
}

/** A registration of a resource that is in state already. */
export type KnownRegistration = Registration & { old: ResourceState };
