import type providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import type { PropertyMap } from "../deployment.ts";

/** What is wrong with one input. */
export interface CheckFailure {
  property: string;
  reason: string;
}

/** What a check found. */
export interface CheckResult {
  inputs: PropertyMap;
  failures: CheckFailure[];
}

/** What a provider answers when asked to check inputs. */
export type CheckResponse = InstanceType<typeof providerMessages.CheckResponse>;

/** Reads which inputs a provider does not accept. */
export function decodeFailures(
  failures: readonly InstanceType<typeof providerMessages.CheckFailure>[],
): CheckFailure[] {
  return failures.map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() }));
}
