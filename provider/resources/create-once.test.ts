import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ControlPlaneError } from "../control-planes/error";
import { type CreateOnce, createOnce } from "./create-once";

interface Thing {
  id: string;
  createdAt?: string;
}

let home = "";

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "runner-pools-create-once-"));
  vi.stubEnv("PULUMI_HOME", home);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

const lostAnswer = new ControlPlaneError({
  plane: "P",
  operation: "make it",
  message: "cut",
  ambiguous: true,
  status: 502,
});
const refusal = new ControlPlaneError({ plane: "P", operation: "make it", message: "no", status: 422 });

/** A control plane that holds `things`; `make` says what a create does. */
function thing(
  things: Thing[],
  make: () => Thing,
  options: Partial<CreateOnce<Thing>> = {},
): CreateOnce<Thing> {
  return {
    key: "P thing x",
    existing: async () => things.map(({ id }) => id),
    create: async () => make(),
    idOf: ({ id }) => id,
    recover: async (isLeftOver) => things.find(isLeftOver),
    ...options,
  };
}

describe("createOnce", () => {
  it("takes what a lost create has made", async () => {
    const things: Thing[] = [{ id: "old" }];
    const made = await createOnce(
      thing(things, () => {
        things.push({ id: "new" });
        throw lostAnswer;
      }),
    );
    expect(made.id).toBe("new");
    expect(things).toHaveLength(2);
  });

  it("tries again where a lost create has made nothing, and gives up in the end", async () => {
    let tries = 0;
    const failing = thing([], () => {
      tries += 1;
      throw lostAnswer;
    });
    await expect(createOnce(failing)).rejects.toBe(lostAnswer);
    expect(tries).toBe(3);
  });

  it("finds in a later run what an earlier one has left", async () => {
    const things: Thing[] = [{ id: "old" }];
    const first = thing(
      things,
      () => {
        things.push({ id: "left" });
        throw lostAnswer;
      },
      { recover: () => Promise.reject(new Error("no network")) },
    );
    await expect(createOnce(first)).rejects.toBe(lostAnswer);
    const made = await createOnce(thing(things, () => expect.unreachable("it is there already")));
    expect(made.id).toBe("left");
  });

  it("leaves alone what others made long before or after a lost create", async () => {
    const things: Thing[] = [];
    const lost = thing(things, () => {
      throw lostAnswer;
    });
    await expect(createOnce(lost)).rejects.toBe(lostAnswer);
    const anHour = 3_600_000;
    things.push({ id: "older", createdAt: new Date(Date.now() - anHour).toISOString() });
    things.push({ id: "newer", createdAt: new Date(Date.now() + anHour).toISOString() });
    const made = await createOnce(thing(things, () => ({ id: "ours" })));
    expect(made.id).toBe("ours");
  });

  it("keeps no note of a create that was refused", async () => {
    const things: Thing[] = [];
    const refused = thing(things, () => {
      throw refusal;
    });
    await expect(createOnce(refused)).rejects.toBe(refusal);
    things.push({ id: "made by others" });
    const made = await createOnce(thing(things, () => ({ id: "ours" })));
    expect(made.id).toBe("ours");
  });

  it("removes what an earlier try made in the end, once a later one succeeded", async () => {
    const things: Thing[] = [];
    const removed: string[] = [];
    let tries = 0;
    const made = await createOnce(
      thing(
        things,
        () => {
          tries += 1;
          if (tries === 1) throw lostAnswer;
          // The first request is carried out only now.
          things.push({ id: "late" }, { id: "second" });
          return { id: "second" };
        },
        {
          recover: async (isLeftOver) => {
            removed.push(...things.filter(isLeftOver).map(({ id }) => id));
            return undefined;
          },
        },
      ),
    );
    expect(made.id).toBe("second");
    expect(removed).toEqual(["late"]);
  });
});
