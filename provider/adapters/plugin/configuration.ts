import { systemClock } from "../../clock";
import { Connections } from "../../control-planes/connect";
import { providerConfiguration } from "../../control-planes/credentials/settings";
import type { Settings } from "../../control-planes/descriptor";
import { registerSecret } from "../../control-planes/http/redact";
import { validate } from "../../resources/framework/check";
import { secretProperties } from "../../resources/framework/definition";
import type { LifecycleContext, Properties } from "../../resources/framework/lifecycle";
import { unknownValue } from "../../resources/framework/unknown";
import type { Violation } from "../../resources/framework/violation";
import { Claims } from "../../resources/ownership/claims";
import type { Engine } from "./engine";
import { InvalidProperties } from "./errors";
import { namingRenamed, withCurrentNames } from "./former-settings";

/** Keys that the engine itself puts into a provider's inputs. */
const engineKeys = new Set([
  "version",
  "pluginDownloadURL",
  "pluginChecksums",
  "parameterization",
  "__internal",
]);

/** Names of the configuration values that are secret. */
export const secretConfiguration: readonly string[] = secretProperties(providerConfiguration.shape);

/** How this process reaches the control planes: one provider resource's configuration. Each has a process of its own. */
export class Configuration {
  private readonly engine: Engine;
  private readonly cancellation = new AbortController();
  private readonly claims = new Claims();
  private connections: Connections;
  private unknown: string[] = [];

  constructor(engine: Engine) {
    this.engine = engine;
    this.connections = this.connect({});
  }

  /** @throws InvalidProperties where a value cannot be right. */
  configure(stated: Properties): void {
    // Where no program runs, as when a stack is destroyed, it comes from state.
    const given = withCurrentNames(stated);
    const failures = checkConfiguration(given);
    if (failures.length > 0)
      throw new InvalidProperties("the configuration of the runner-pools provider is wrong", failures);
    const settings = ownSettings(given);
    this.unknown = Object.keys(settings).filter((key) => settings[key] === unknownValue);
    for (const key of secretConfiguration) {
      if (typeof settings[key] === "string") registerSecret(settings[key]);
    }
    this.connections = this.connect(settings);
  }

  /** A value is not known yet, as in previews of a program that also makes what the provider logs in to. */
  get isKnown(): boolean {
    return this.unknown.length === 0;
  }

  /** @throws Error where a control plane would be asked with a value that is not known yet. */
  requireKnown(what: string): void {
    if (this.isKnown) return;
    throw new Error(
      `cannot ${what}: the provider's ${this.unknown.join(", ")} ${this.unknown.length === 1 ? "is" : "are"} not known yet. It comes from a resource that does not exist yet: run pulumi up, which makes that first; a preview cannot do this.`,
    );
  }

  /** How functions reach the control planes. */
  get currentConnections(): Connections {
    return this.connections;
  }

  /** What a lifecycle may use while it works on that resource. @param subject how messages name the resource. */
  contextFor(urn: string, subject: string): LifecycleContext {
    return {
      connections: this.connections,
      claims: this.claims,
      subject,
      urn,
      engineAddress: this.engine.address,
      inform: (message) => this.engine.inform(message, urn),
      warn: (message) => this.engine.warn(message, urn),
      progress: (message) => this.engine.progress(message, urn),
      cancelled: this.cancellation.signal,
      clock: systemClock,
    };
  }

  /** Waits end at once; what is under way is finished, and nothing new begins. */
  cancel(): void {
    this.cancellation.abort();
  }

  private connect(settings: Properties): Connections {
    return new Connections(settings as Settings, { cancelled: this.cancellation.signal });
  }
}

/** What is wrong with the configuration of a provider. */
export function checkConfiguration(given: Properties): Violation[] {
  return validate(providerConfiguration, ownSettings(given)).map(namingRenamed);
}

/** The configuration without what the engine adds, and without empty values: those stand for none. */
export function ownSettings(given: Properties): Properties {
  return Object.fromEntries(
    Object.entries(given).filter(
      ([key, value]) => !engineKeys.has(key) && value !== undefined && value !== "",
    ),
  );
}
