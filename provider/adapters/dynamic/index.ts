import type * as dynamic from "@pulumi/pulumi/dynamic";
import { Connections } from "../../control-planes/connect";
import { type Settings, settingKeys } from "../../control-planes/credentials";
import { redact } from "../../control-planes/redact";
import { lifecycles, type ResourceName } from "../../resources";
import { checkInputs, containsUnknown } from "../../resources/check";
import {
  type Lifecycle,
  type LifecycleContext,
  PartialFailure,
  type Properties,
} from "../../resources/lifecycle";
import { createsAreFor } from "../../resources/pending-creates";
import { engineAddressIn } from "../engine-address";
import {
  asSecret,
  ownProperties as own,
  replacedProperties,
  secretKeysOf,
  withoutUndefined,
} from "../properties";

/**
 * The lifecycles as Pulumi dynamic providers. A resource's `__provider` names one of these functions, so that state
 * holds a reference of a few bytes and never code: the dynamic host requires this module and calls the function. These
 * names stand in every user's state and must stay.
 */
export const RunnerPool = () => provider("RunnerPool");
export const PoolToken = () => provider("PoolToken");
export const StackPoolAssignment = () => provider("StackPoolAssignment");
export const StackPoolAssignments = () => provider("StackPoolAssignments");
export const OrganizationDefaultPool = () => provider("OrganizationDefaultPool");
export const AgentsOnline = () => provider("AgentsOnline");

const connectionsBySettings = new Map<string, Connections>();

function provider(name: ResourceName): dynamic.ResourceProvider {
  const lifecycle: Lifecycle = lifecycles[name];
  const secrets = secretKeysOf(lifecycle.definition);
  let context = contextFor({});

  const wire = (state: Properties): Properties =>
    Object.fromEntries(
      Object.entries(withoutUndefined(state)).map(([key, value]) => [
        key,
        secrets.has(key) ? asSecret(value) : value,
      ]),
    );

  return {
    // Must not wait for anything: the host uses the provider for other calls meanwhile.
    async configure({ config }) {
      const settings = settingKeys.map((key) => [key, config.get(`runner-pools:${key}`)] as const);
      context = contextFor(Object.fromEntries(settings));
    },

    async check(olds: Properties, news: Properties) {
      const exists = Object.keys(own(olds)).length > 0;
      const { inputs, failures } = checkInputs(lifecycle, own(news), context, { exists });
      return {
        inputs: withoutUndefined(inputs),
        failures: failures.map(({ property, reason }) => ({ property, reason: redact(reason) })),
      };
    },

    async diff(_id, olds: Properties, news: Properties) {
      const state = own(olds);
      const wanted = own(news);
      const replaces = replacedProperties(lifecycle, state, wanted, context);
      const outdated =
        replaces.length === 0 &&
        !containsUnknown(wanted) &&
        (await lifecycle.outdated?.(state, wanted, context)) === true;
      // Without an answer the engine compares the inputs itself, and shows which of them changed.
      return { ...(outdated && { changes: true }), replaces };
    },

    async create(given: Properties) {
      return reporting(wire, given, async () => {
        const { id, state } = await lifecycle.create(own(given), context);
        return { id, outs: wire(state) };
      });
    },

    async read(id, given: Properties = {}) {
      return reporting(wire, given, async () => {
        const found = await lifecycle.read(id, own(given), context);
        return found ? { id, props: wire(found.state), inputs: withoutUndefined(found.inputs) } : {};
      });
    },

    async update(id, olds: Properties, news: Properties) {
      return reporting(wire, news, async () => ({
        outs: wire(await lifecycle.update(id, own(olds), own(news), context)),
      }));
    },

    async delete(id, state: Properties) {
      return reporting(wire, state, () => lifecycle.delete(id, own(state), context));
    },
  };
}

// A host is started with the engine's address, as a plugin is.
createsAreFor(engineAddressIn(process.argv.slice(2)));

/** All resources of a stack share connections and what was read over them. */
function contextFor(settings: Settings): LifecycleContext {
  const key = JSON.stringify(settings);
  const connections = connectionsBySettings.get(key) ?? new Connections(settings);
  connectionsBySettings.set(key, connections);
  // The engine passes a dynamic host's output on to the user.
  return {
    connections,
    warn: (message) => console.error(`warning: ${redact(message)}`),
    progress: (message) => console.log(redact(message)),
  };
}

/** Errors in the form that the host understands, without secrets. */
async function reporting<Result>(
  wire: (state: Properties) => Properties,
  given: Properties,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const clean = new Error(redact(error instanceof Error ? error.message : String(error)));
    if (!(error instanceof PartialFailure)) throw clean;
    throw Object.assign(clean, {
      id: error.id,
      // The host adds it to what succeeds only, and without it nothing can be done with the resource any more.
      properties: { ...wire(error.state), __provider: given["__provider"] },
      reasons: error.reasons.map(redact),
    });
  }
}
