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

/** The most containers that were told to end and not yet replaced at any time. One that ends by itself restarts and does not count. */
export function mostLeaving(events: readonly ContainerEvent[]): number {
  const leaving = new Set<string>();
  const counts = events.map(({ container, action }) => {
    if (action === "kill") leaving.add(container);
    if (action === "start") leaving.delete(container);
    return leaving.size;
  });
  return Math.max(0, ...counts);
}
