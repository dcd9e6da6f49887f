import { expect, it } from "vitest";
import { refusalOf } from "./errors.ts";
import { responses } from "./protocol.ts";

it("refuses with a text that gRPC can send, also where a character was cut in half", () => {
  const { details } = refusalOf(new Error("an answer that starts with: \ud83d"));
  expect(() => encodeURI(details)).not.toThrow();
  expect(details).toContain("an answer that starts with");
});

it("sends texts and properties in valid UTF-8, also where a character was cut in half", () => {
  const utf8 = new TextDecoder("utf-8", { fatal: true });
  const failures = [{ property: "p", reason: "cut \ud83d" }];
  const sent = responses.CheckResponse.encode({ inputs: { name: "cut \ud83d" }, failures });
  expect(utf8.decode(sent)).toContain("cut \ufffd");
});
