import { expect } from "vitest";
import type { Credential, PlaneAddress, PlaneDescriptor } from "../descriptor.ts";
import { ControlPlaneError } from "../http/error.ts";

/** The parts of a control plane, opened as connections open them, with retries that take no time. */
export function openParts<Session>(
  descriptor: PlaneDescriptor<string, Session>,
  address: PlaneAddress,
  credential: Credential,
) {
  const retries = { attempts: 2, firstDelay: 1, longestDelay: 2, totalTime: 1000 };
  const session = descriptor.open(address, credential, { retries });
  const { parts } = descriptor;
  return {
    pools: parts.pools(session),
    tokens: parts.tokens?.(session),
    assignments: parts.assignments(session),
    defaultPool: parts.defaultPool(session),
    agents: parts.agents?.(session),
    demand: parts.demand?.(session),
    organizationId: () => parts.organizationId?.(session),
  };
}

/** The error of a call that has to fail. */
export async function failureOf(call: Promise<unknown>): Promise<ControlPlaneError> {
  const error = await call.then(
    (value) => expect.fail(`expected a failure, got ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ControlPlaneError);
  return error as ControlPlaneError;
}
