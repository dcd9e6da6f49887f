import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { firstGiven, isHttp, isSameService, normalizeUrl, readJson, textAt } from "./sources.ts";

describe("the first text that is given", () => {
  it.each([
    [["a", "b"], "a"],
    [[undefined, "", "b"], "b"],
    [[undefined, ""], undefined],
  ])("of %j is %j", (texts, first) => expect(firstGiven(...texts)).toBe(first));
});

describe("the URL of an API", () => {
  it.each(["https://a.test", "http://a.test/api", "HTTPS://A.test"])("may be %s", (url) =>
    expect(isHttp(url)).toBe(true),
  );
  it.each([undefined, "", "a.test", "file:///a", "s3://https://a", "https://", "http://a:b"])(
    "may not be %j",
    (url) => expect(isHttp(url)).toBe(false),
  );

  it.each([
    ["HTTPS://A.test:443//", "https://a.test"],
    ["http://a.test:8080/Api/", "http://a.test:8080/Api"],
    ["https://a.test/?x=1#y", "https://a.test"],
  ])("%s has the one spelling %s", (url, spelling) => expect(normalizeUrl(url)).toBe(spelling));

  it.each([
    ["https://a.test/x", "https://A.test:443/y", true],
    ["https://a.test", "http://a.test", false],
    ["https://a.test", "https://a.test:8443", false],
    ["https://a.test", "a.test", false],
    ["a.test", "https://a.test", false],
    ["a.test", "a.test", false],
    ["file:///a", "file:///a", false],
  ])("%s is of the same service as %s: %s", (one, other, same) =>
    expect(isSameService(one, other)).toBe(same),
  );
});

describe("the text at a place", () => {
  const document = { accounts: { "https://a.test": { token: "t" } }, list: ["x"], none: null, number: 7 };
  it.each([
    [["accounts", "https://a.test", "token"], "t"],
    [["list", "0"], "x"],
    [["accounts", "https://b.test", "token"], undefined],
    [["none", "token"], undefined],
    [["number"], undefined],
    [["accounts"], undefined],
    [[], undefined],
  ])("%j is %j", (path, text) => expect(textAt(document, ...path)).toBe(text));

  it.each([undefined, null, 7, "token"])("of %j is none", (value) =>
    expect(textAt(value, "token")).toBeUndefined(),
  );
});

describe("a JSON file", () => {
  const folder = () => {
    const path = mkdtempSync(join(tmpdir(), "runner-pools-"));
    onTestFinished(() => rmSync(path, { recursive: true }));
    return path;
  };

  it("is read", () => {
    const file = join(folder(), "credentials.json");
    writeFileSync(file, '{"current":"https://a.test"}');
    expect(readJson(file)).toEqual({ current: "https://a.test" });
  });

  it("counts as none where it is broken or absent", () => {
    const file = join(folder(), "credentials.json");
    expect(readJson(file)).toBeUndefined();
    writeFileSync(file, '{"current":');
    expect(readJson(file)).toBeUndefined();
  });
});
