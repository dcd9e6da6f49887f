import { once } from "node:events";
import type Docker from "dockerode";

/** Something that happened to an agent's container. */
export interface ContainerEvent {
  container: string;
  /** `kill` is a signal to it, `die` its end. */
  action: "start" | "kill" | "die";
  /** Milliseconds, as `Date.now` counts. */
  time: number;
}

/** What happened to containers since a moment, in order, as their daemon noted it: nothing is missed between two looks. */
export async function containerEvents(client: Docker, since: number): Promise<ContainerEvent[]> {
  const stream = await client.getEvents({
    since: since / 1000,
    // The daemon goes on for ever unless it is told a moment; one that is over ends the answer at once.
    until: Date.now() / 1000,
    filters: { type: ["container"], event: ["start", "kill", "die"] },
  });
  let text = "";
  stream.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  await once(stream, "end");
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line))
    .map(({ Action, Actor, timeNano }) => ({
      container: Actor.Attributes.name,
      action: Action,
      time: timeNano / 1e6,
    }));
}

/** The fewest containers that ran at any time, of so many at first. */
export function fewestRunning(atFirst: number, events: readonly ContainerEvent[]): number {
  let running = atFirst;
  const counts = events.map(({ action }) => {
    if (action !== "kill") running += action === "start" ? 1 : -1;
    return running;
  });
  return Math.min(atFirst, ...counts);
}
