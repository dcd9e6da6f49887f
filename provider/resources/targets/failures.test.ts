import { expect, it } from "vitest";
import { ControlPlaneError } from "../../control-planes/http/error.ts";
import { describeFailures } from "./failures.ts";

const stack = (number: number) => ({ kind: "stack", id: `app/s${number}`, name: `app/s${number}` });
const refusal = (number: number, status: number, requestId: string) => ({
  item: stack(number),
  error: new ControlPlaneError({
    plane: "Pulumi Cloud",
    operation: `assign the pool to stack app/s${number}`,
    status,
    message: `no access to app/s${number}`,
    requestId,
    advice: "Ask an administrator.",
  }),
});

it("says each reason once, and which targets it concerns", () => {
  const failed = [
    ...Array.from({ length: 4_900 }, (_, number) => refusal(number, 403, `r-${number}`)),
    refusal(5_000, 404, "r"),
    { item: stack(1), error: new Error('stack "app/s1" has pool "theirs"') },
    { item: stack(2), error: new Error('stack "app/s2" has pool "theirs"') },
  ];
  expect(describeFailures(failed)).toEqual([
    "Pulumi Cloud: could not assign the pool to stack app/s0: HTTP 403: no access to app/s0 (request id r-0). Ask an administrator. 4899 other targets failed for the same reason: stack app/s1, stack app/s2, stack app/s3, stack app/s4, stack app/s5 and 4894 more.",
    "Pulumi Cloud: could not assign the pool to stack app/s5000: HTTP 404: no access to app/s5000 (request id r). Ask an administrator.",
    'stack "app/s1" has pool "theirs" Another target failed for the same reason: stack app/s2.',
  ]);
});

it("says nothing of nothing, and takes whatever was thrown", () => {
  expect(describeFailures([])).toEqual([]);
  expect(describeFailures([{ item: stack(1), error: "a text" }])).toEqual(["a text"]);
});

it("takes what differs by the number of the request for one reason, and tells ten reasons", () => {
  const failing = (number: number, message: string) => ({ item: stack(number), error: new Error(message) });
  const numbered = Array.from({ length: 50 }, (_, number) =>
    failing(number, `blocked, trace ${number}ab-4f00:${number}`),
  );
  expect(describeFailures(numbered)).toEqual([
    "blocked, trace 0ab-4f00:0 49 other targets failed for the same reason: stack app/s1, stack app/s2, stack app/s3, stack app/s4, stack app/s5 and 44 more.",
  ]);
  expect(describeFailures([failing(1, 'has pool "team-1"'), failing(2, 'has pool "team-2"')])).toHaveLength(
    2,
  );
  const words = Array.from({ length: 4_900 }, (_, number) => failing(number, "x".repeat(number + 1)));
  const told = describeFailures(words);
  expect(told).toHaveLength(11);
  expect(told[10]).toBe(
    "4890 other targets failed for other reasons: stack app/s10, stack app/s11, stack app/s12, stack app/s13, stack app/s14 and 4885 more.",
  );
});
