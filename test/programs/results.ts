import { expect } from "vitest";
import type { OperationResult } from "../engine/engine.ts";

/** What the user is told went wrong. */
export function errorsOf({ diagnostics }: OperationResult): string {
  return diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ message }) => message)
    .join("\n");
}

/** All that the user is told. */
export function messagesOf({ diagnostics }: OperationResult): string {
  return diagnostics.map(({ message }) => message).join("\n");
}

/** Expects that the operation succeeded, and shows its errors where it did not. */
export function expectSuccess(result: OperationResult): OperationResult {
  expect(errorsOf(result)).toBe("");
  expect(result.result).toBe("succeeded");
  return result;
}
