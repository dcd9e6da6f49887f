import { expect, it } from "vitest";
import { eachInParallel, inParallel } from "./in-parallel.ts";

const numbers = Array.from({ length: 400 }, (_, number) => number);
const moment = (milliseconds = 1) => new Promise((resolve) => setTimeout(resolve, milliseconds));

it("keeps the order and the bound", async () => {
  let active = 0;
  let most = 0;
  const doubled = await inParallel(numbers, async (number) => {
    most = Math.max(most, ++active);
    await moment(number % 3);
    active--;
    return number * 2;
  });
  expect(doubled).toEqual(numbers.map((number) => number * 2));
  expect(most).toBe(256);
});

it("begins nothing after a failure, ends what is under way, and tells the first failure", async () => {
  let begun = 0;
  let active = 0;
  const failing = inParallel(numbers, async (number) => {
    begun++;
    active++;
    await moment(number === 3 ? 2 : 20);
    active--;
    if (number >= 3) throw new Error(`failure ${number}`);
  });
  await expect(failing).rejects.toThrow("failure 3");
  expect(active).toBe(0);
  expect(begun).toBe(256);
});

it("does each where failures stop nothing, and tells them with their items", async () => {
  const { done, failed } = await eachInParallel(numbers, async (number) => {
    if (number % 100 === 0) throw new Error(`failure ${number}`);
    return -number;
  });
  expect(done).toHaveLength(396);
  expect(done).toContainEqual({ item: 7, result: -7 });
  expect(failed.map(({ item, error }) => [item, (error as Error).message])).toEqual(
    [0, 100, 200, 300].map((number) => [number, `failure ${number}`]),
  );
});

it("begins nothing after a cancellation, and tells what was not begun", async () => {
  const cancel = new AbortController();
  const { done, failed } = await eachInParallel(
    numbers,
    async (number) => {
      if (number === 255) cancel.abort();
      await moment();
    },
    cancel.signal,
  );
  expect(done.map(({ item }) => item)).toEqual(numbers.slice(0, 256));
  expect(failed.map(({ item }) => item)).toEqual(numbers.slice(256));
  expect(String(failed[0]?.error)).toContain("was cancelled before");
});

it("does nothing with nothing", async () => {
  expect(await inParallel([], async () => 1)).toEqual([]);
});
