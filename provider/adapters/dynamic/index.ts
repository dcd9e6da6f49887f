import type * as dynamic from "@pulumi/pulumi/dynamic";
import type { ResourceName } from "../../resources";
import { dynamicProvider } from "./provider";

/**
 * The resources as Pulumi dynamic providers. A resource's `__provider` names one of these functions, so that state holds
 * a reference of a few bytes and never code: the dynamic host requires this module and calls the function. These names
 * stand in every user's state and must stay.
 */
export const RunnerPool = () => dynamicProvider("RunnerPool");
export const PoolToken = () => dynamicProvider("PoolToken");
export const StackPoolAssignment = () => dynamicProvider("StackPoolAssignment");
export const StackPoolAssignments = () => dynamicProvider("StackPoolAssignments");
export const OrganizationDefaultPool = () => dynamicProvider("OrganizationDefaultPool");
export const AgentsOnline = () => dynamicProvider("AgentsOnline");

/** Every resource has its export: a resource that is added without one does not compile. */
({
  RunnerPool,
  PoolToken,
  StackPoolAssignment,
  StackPoolAssignments,
  OrganizationDefaultPool,
  AgentsOnline,
}) satisfies Readonly<Record<ResourceName, () => dynamic.ResourceProvider>>;
