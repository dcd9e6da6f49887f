import { expect, it } from "vitest";
import { unknownValue } from "../../resources/framework/unknown.ts";
import { asSecret, signatureKey, signatures } from "../properties.ts";
import { receive, send } from "./wire-properties.ts";

it("brings secrets back to where they were", () => {
  const wire = { plain: 1, hidden: asSecret("a"), nested: { hidden: asSecret({ deep: true }) } };
  const { values, secrets } = receive(wire);
  expect(values).toEqual({ plain: 1, hidden: "a", nested: { hidden: { deep: true } } });
  expect(send(values, secrets)).toEqual(wire);
});

it("makes a whole list secret for one secret item, since items have no fixed place", () => {
  const { values, secrets } = receive({ list: ["a", asSecret("b")] });
  expect(send(values, secrets)).toEqual({ list: asSecret(["a", "b"]) });
});

it("takes a secret that is not known yet for both", () => {
  const { values, secrets } = receive({ token: asSecret(unknownValue) });
  expect(values).toEqual({ token: unknownValue });
  expect(send(values, secrets)).toEqual({ token: asSecret(unknownValue) });
});

it("wraps nothing twice", () => {
  expect(send({ outer: { inner: 1 } }, [["outer"], ["outer", "inner"], ["outer"]])).toEqual({
    outer: asSecret({ inner: 1 }),
  });
});

it("leaves out what has no value, and what belongs to hosts", () => {
  expect(receive({ a: null, b: { c: null, d: 1 }, __provider: "x", __defaults: [] }).values).toEqual({
    b: { d: 1 },
  });
  expect(send({ a: undefined, b: [{ c: undefined }] }, [["a"]])).toEqual({ b: [{}] });
});

it("leaves out a secret or an output without a value: an optional argument that was not given", () => {
  const output = { [signatureKey]: signatures.output, value: null };
  const { values } = receive({ a: asSecret(null), b: { c: output, d: asSecret(null), e: [{ f: output }] } });
  expect(values).toEqual({ b: { e: [{}] } });
});

it("takes a component, which has no id, for its URN, and an empty id for one to come", () => {
  const reference = (fields: object) => ({ [signatureKey]: signatures.resource, urn: "urn:x", ...fields });
  const { values } = receive({
    one: reference({}),
    two: reference({ id: "" }),
    three: reference({ id: "3" }),
  });
  expect(values).toEqual({ one: "urn:x", two: unknownValue, three: "3" });
});
