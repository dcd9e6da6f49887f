import { describe, expect, it } from "vitest";
import { ControlPlaneError, type ControlPlaneFailure, hasStatus, messageOf } from "./error.ts";

const failure: ControlPlaneFailure = {
  plane: "Some Plane",
  operation: 'create runner pool "ci"',
  status: 503,
  message: " the service is busy ",
  requestId: "r-1",
  advice: "Run again.",
  ambiguous: true,
  retryAfterMs: 2000,
};
const { plane, operation, message } = failure;

describe("an error of a control plane", () => {
  it("is one sentence, and the advice", () => {
    expect(new ControlPlaneError(failure).message).toBe(
      'Some Plane: could not create runner pool "ci": HTTP 503: the service is busy (request id r-1). Run again.',
    );
  });

  it("leaves out what is not known", () => {
    const error = new ControlPlaneError({ plane, operation, message });
    expect(error.message).toBe('Some Plane: could not create runner pool "ci": the service is busy.');
    expect(error).toMatchObject({ ambiguous: false, status: undefined, advice: undefined });
    expect(error.cause).toBeUndefined();
  });

  it.each(["It is busy.", "It is busy!", "Is it busy?"])(
    "keeps the end of the vendor's sentence: %s",
    (text) => {
      const { message } = new ControlPlaneError({ plane, operation, message: text });
      expect(message).toBe(`Some Plane: could not create runner pool "ci": ${text}`);
    },
  );

  it("is the same failure with other advice, and knows the one that it stands for", () => {
    const before = new ControlPlaneError(failure);
    const error = before.withAdvice("Wait.");
    const { advice: _before, message: _text, ...kept } = failure;
    expect(error).toMatchObject({ ...kept, vendorMessage: failure.message, advice: "Wait." });
    expect(error.message).toMatch(/\(request id r-1\)\. Wait\.$/);
    expect(error.cause).toBe(before);
  });

  it("is told by its status", () => {
    const error = new ControlPlaneError(failure);
    expect(hasStatus(error, 503)).toBe(true);
    expect(hasStatus(error, 404, 503)).toBe(true);
    expect(hasStatus(error, 404)).toBe(false);
    expect(hasStatus(error)).toBe(false);
    expect(hasStatus(new ControlPlaneError({ plane, operation, message }), 503)).toBe(false);
    expect(hasStatus(Object.assign(new Error("other"), { status: 503 }), 503)).toBe(false);
  });
});

it("the text of what was thrown is an error's message, else what it is as a text", () => {
  expect(messageOf(new Error("no"))).toBe("no");
  expect(messageOf("no")).toBe("no");
  expect(messageOf(undefined)).toBe("undefined");
});
