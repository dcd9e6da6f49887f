import { systemClock } from "../../clock";
import { Connections } from "../../control-planes/connect";
import type { Settings } from "../../control-planes/descriptor";
import { redact } from "../../control-planes/http/redact";
import type { LifecycleContext, Properties } from "../../resources/framework/lifecycle";
import { Claims } from "../../resources/ownership/claims";
import { engineAddressIn } from "../engine-address";

/** Which resource of the program it is. */
type Identity = Pick<LifecycleContext, "subject" | "urn">;

/**
 * What all resources of one deployment share: connections, claims, cancellation. A dynamic host serves one deployment,
 * and is started with the engine's address as a plugin is.
 */
export class Deployment {
  private readonly claims = new Claims();
  private readonly cancellation = new AbortController();
  private readonly connections = new Map<string, Connections>();
  private readonly engineAddress = engineAddressIn(process.argv.slice(2));
  private readonly resources = new Map<string, Identity>();

  /** Connections with these settings: all resources share them, and what was read over them. */
  connectionsFor(settings: Settings): Connections {
    const key = JSON.stringify(settings);
    const known = this.connections.get(key);
    if (known) return known;
    const made = new Connections(settings, { cancelled: this.cancellation.signal });
    this.connections.set(key, made);
    return made;
  }

  /** Waits end at once; what is under way is finished, and nothing new begins. */
  cancel(): void {
    this.cancellation.abort();
  }

  /**
   * What a lifecycle may use, with the name that the resource has in the program.
   * @param path where in the program it is: it stands for the URN, which no dynamic provider gets to see.
   */
  contextNamed(
    type: string,
    name: string | undefined,
    path: string | undefined,
    connections: Connections,
  ): LifecycleContext {
    const subject = name === undefined ? type : `${type} "${name}"`;
    return this.context({ subject, urn: path && `${type}::${path}` }, connections);
  }

  /** What a lifecycle may use. Only checks are told the resource's name, so it is found by the inputs that they gave. */
  contextFor(type: string, inputs: Properties, connections: Connections): LifecycleContext {
    return this.context(this.resources.get(contentOf(type, inputs)) ?? { subject: type }, connections);
  }

  /** Remembers the resource that has these inputs, or this state. */
  remember(type: string, properties: Properties, { subject, urn }: Identity): void {
    this.resources.set(contentOf(type, properties), { subject, urn });
  }

  private context({ subject, urn }: Identity, connections: Connections): LifecycleContext {
    return {
      connections,
      claims: this.claims,
      subject,
      urn,
      engineAddress: this.engineAddress,
      cancelled: this.cancellation.signal,
      clock: systemClock,
      // The engine passes a dynamic host's output on to the user.
      warn: (message) => console.error(`warning: ${redact(message)}`),
      inform: (message) => console.log(redact(message)),
      progress: (message) => console.log(redact(message)),
    };
  }
}

/** Inputs travel through the engine, which does not keep the order of keys. */
function contentOf(type: string, inputs: Properties): string {
  return JSON.stringify([type, sorted(inputs)]);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, item]) => [key, sorted(item)]);
}
