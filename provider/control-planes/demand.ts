import type { Demand } from "./control-plane";

/** How long a read of an organization's demand stays good: what asks for pool after pool causes one read. Milliseconds. */
export const demandLifetime = 5_000;

/** Nothing waits and nothing runs. */
export const noDemand: Demand = { waiting: 0, running: 0 };
