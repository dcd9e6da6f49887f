import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type {
  AssignedTarget,
  ControlPlane,
  Freshness,
  TargetReference,
} from "../../control-planes/control-plane.ts";
import { fakeClock } from "../../testing/clock.ts";
import type { LifecycleContext } from "../framework/lifecycle.ts";
import { atRest } from "./active-work.ts";

const found: AssignedTarget = { kind: "workspace", id: "ws-1", name: "network-prod", poolId: "apool-1" };
/** Time at which each test begins. */
const begun = 1_000_000;
/** As it is once its work has ended. */
const later: AssignedTarget = { ...found, poolId: "apool-2" };

/** Waits for a target whose work goes on as stated, one text for each look. */
function wait(timeoutSeconds: number, works: readonly (string | undefined)[], cancelled?: AbortSignal) {
  const told: string[] = [];
  const looks: number[] = [];
  const asked: [TargetReference, Freshness | undefined][] = [];
  const assignments = {
    activeWork: async () => {
      looks.push(Date.now());
      return works[Math.min(looks.length, works.length) - 1];
    },
    find: async (reference: TargetReference, freshness?: Freshness) => {
      asked.push([reference, freshness]);
      return later;
    },
  };
  const plane = { displayName: "P", assignments } as unknown as ControlPlane;
  const context = { clock: fakeClock, cancelled, progress: (text: string) => void told.push(text) };
  const target = atRest(plane, found, timeoutSeconds, context as unknown as LifecycleContext);
  return { target, told, looks, asked };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "Date"], now: begun });
});

afterEach(() => vi.useRealTimers());

it("a target without work is at rest as it was found, and is not asked for again", async () => {
  const { target, asked, told } = wait(0, [undefined]);
  expect(await target).toBe(found);
  expect({ asked, told }).toEqual({ asked: [], told: [] });
});

it("a target whose work has ended is asked for afresh, by its id", async () => {
  const { target, asked, looks } = wait(60, ["run 1 is planning", undefined]);
  expect(await target).toBe(later);
  expect(asked).toEqual([[{ kind: "workspace", name: "ws-1" }, { fresh: true }]]);
  expect(looks).toEqual([begun, begun + 2_000]);
});

it("a wait tells what goes on once, and again when that changes", async () => {
  const { target, told } = wait(60, [
    "run 1 is planning",
    "run 1 is planning",
    "run 1 is applying",
    undefined,
  ]);
  await target;
  expect(told).toEqual([
    "workspace network-prod: run 1 is planning; its pool is changed once that has ended",
    "workspace network-prod: run 1 is applying; its pool is changed once that has ended",
  ]);
});

it.each([
  [0, [0], ""],
  [4, [0, 2_000, 4_000], "It was waited for 4 seconds. "],
])("a wait of at most %s seconds ends with a refusal", async (seconds, times, waited) => {
  const { target, looks } = wait(seconds, ["run 1 is planning"]);
  await expect(target).rejects.toThrow(
    `P: workspace network-prod was left as it is: run 1 is planning, and a change of its pool would make that fail. ${waited}Run the deployment again`,
  );
  expect(looks).toEqual(times.map((time) => begun + time));
});

it("a target is at rest on a control plane where a move breaks no work", async () => {
  const plane = { assignments: {} } as ControlPlane;
  expect(await atRest(plane, found, 0, { clock: fakeClock } as LifecycleContext)).toBe(found);
});

it("a wait ends with a refusal once the deployment is cancelled", async () => {
  const cancellation = new AbortController();
  setTimeout(() => cancellation.abort(), 500);
  const { target } = wait(60, ["run 1 is planning"], cancellation.signal);
  await expect(target).rejects.toThrow("the deployment was cancelled while run 1 is planning.");
  expect(Date.now()).toBe(begun + 500);
});
