import { describe, expect, it } from "vitest";
import { isRetryableStatus, parseRetryAfter, retryDelay } from "./retry.ts";

const policy = { attempts: 9, firstDelay: 100, longestDelay: 1000, totalTime: 60_000 };

describe("retryDelay", () => {
  it.each([
    [1, 100],
    [2, 200],
    [4, 800],
    [5, 1000],
    [9, 1000],
  ])("after attempt %i is between half of and all of %i ms", (attempt, longest) => {
    const delays = Array.from({ length: 200 }, () => retryDelay(policy, attempt));
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(longest / 2);
    expect(Math.max(...delays)).toBeLessThanOrEqual(longest);
    expect(new Set(delays).size).toBeGreaterThan(100);
  });

  it("is never shorter than told, nor than the backoff", () => {
    expect(retryDelay(policy, 1, 20_000)).toBe(20_000);
    expect(retryDelay(policy, 9, 1)).toBeGreaterThanOrEqual(500);
  });
});

describe("parseRetryAfter", () => {
  it.each([
    ["20", 20_000],
    ["0", 0],
    ["0.25", 250],
    ["-5", 0],
    ["Thu, 01 Jan 1970 00:00:00 GMT", 0],
    ["999999999", 999_999_999_000],
    ["1000000000", 0],
    ["soon", undefined],
    ["", undefined],
    [" ", undefined],
    [undefined, undefined],
  ])("reads %j", (value, milliseconds) => {
    expect(parseRetryAfter(value)).toBe(milliseconds);
  });

  it("reads an HTTP date, and a time in seconds since 1970", () => {
    const inAMinute = Date.now() + 60_000;
    for (const value of [new Date(inAMinute).toUTCString(), String(inAMinute / 1000)]) {
      expect(parseRetryAfter(value)).toBeGreaterThan(58_000);
      expect(parseRetryAfter(value)).toBeLessThanOrEqual(60_000);
    }
  });
});

it.each([
  [408, true],
  [425, true],
  [429, true],
  [500, true],
  [502, true],
  [503, true],
  [504, true],
  [520, true],
  [400, false],
  [404, false],
  [407, false],
  [409, false],
  [501, false],
  [505, false],
])("status %i may pass: %s", (status, passes) => {
  expect(isRetryableStatus(status)).toBe(passes);
});
