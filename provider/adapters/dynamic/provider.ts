import type * as dynamic from "@pulumi/pulumi/dynamic";
import { settingKeys } from "../../control-planes/credentials/settings";
import { messageOf } from "../../control-planes/http/error";
import { redact } from "../../control-planes/http/redact";
import { lifecycles, type ResourceName } from "../../resources";
import { ResourceHandler } from "../../resources/framework/handler";
import { type Lifecycle, PartialFailure, type Properties } from "../../resources/framework/lifecycle";
import { checkFailures } from "../check-failures";
import {
  asSecret,
  ownProperties as own,
  resourceNameKey,
  resourcePathKey,
  rotationIn,
  secretKeysOf,
  withoutUndefined,
  withRotation,
} from "../properties";
import { Deployment } from "./deployment";
import { onCancel } from "./on-cancel";

/** The deployment that this process, a dynamic host, works for. */
const deployment = new Deployment();
onCancel(() => deployment.cancel());

/** A resource as a dynamic provider: it translates between the host's calls and the resource's handler. */
export function dynamicProvider(name: ResourceName): dynamic.ResourceProvider {
  const lifecycle: Lifecycle = lifecycles[name];
  const handler = new ResourceHandler(lifecycle);
  const secrets = secretKeysOf(lifecycle.definition);
  let connect = deployment.connectionsFor({});
  const contextFor = (inputs: Properties) => deployment.contextFor(name, inputs, connect);
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
      connect = deployment.connectionsFor(Object.fromEntries(settings));
    },

    async check(olds: Properties, news: Properties) {
      const previous = own(olds);
      const given = own(news);
      const resourceName = textIn(news, resourceNameKey);
      const path = textIn(news, resourcePathKey);
      const context = deployment.contextNamed(name, resourceName, path, connect);
      const { inputs, violations } = await handler.check(given, context, {
        resourceName,
        rotation: rotationIn(news),
        formerRotation: rotationIn(olds),
        previous: Object.keys(previous).length > 0 ? previous : undefined,
      });
      deployment.remember(name, inputs, context);
      return {
        inputs: withRotation(withoutUndefined(inputs), news),
        failures: checkFailures(violations),
      };
    },

    async diff(_id, olds: Properties, news: Properties) {
      const wanted = own(news);
      return reporting(name, wire, news, async () => {
        const context = contextFor(wanted);
        // What is replaced is deleted with this state.
        deployment.remember(name, own(olds), context);
        const { changes, needsUpdate } = await handler.diff({ state: own(olds), wanted }, context);
        const replaced = changes
          .filter(({ replaces }) => replaces)
          .map(({ path }) => path.split(/[.[]/)[0] ?? "");
        if (needsUpdate) return { changes: true, replaces: [] };
        // Where inputs changed, the engine compares them itself and shows which.
        return { ...(changes.length === 0 && { changes: false }), replaces: [...new Set(replaced)] };
      });
    },

    async create(given: Properties) {
      const inputs = own(given);
      return reporting(name, wire, given, async () => {
        const { id, state } = await handler.create(inputs, contextFor(inputs));
        return { id, outs: wire(state) };
      });
    },

    async read(id, given: Properties = {}) {
      const known = own(given);
      return reporting(name, wire, given, async () => {
        const found = await handler.read(id, known, contextFor(known));
        if (!found) return {};
        const props = wire(found.state);
        // The engine keeps the inputs that it has, and with them what is no input.
        if (lifecycle.isWithoutDrift && Object.keys(known).length > 0) return { id, props };
        return { id, props, inputs: withoutUndefined(found.inputs) };
      });
    },

    async update(id, olds: Properties, news: Properties) {
      const inputs = own(news);
      return reporting(name, wire, news, async () => {
        return { outs: wire(await handler.update(id, own(olds), inputs, contextFor(inputs))) };
      });
    },

    async delete(id, state: Properties) {
      const known = own(state);
      return reporting(name, wire, state, async () => {
        await handler.delete(id, known, contextFor(known));
      });
    },
  };
}

function textIn(properties: Properties, key: string): string | undefined {
  const value = properties[key];
  return typeof value === "string" ? value : undefined;
}

/** Errors in the form that the host understands, without secrets. */
async function reporting<Result>(
  type: string,
  wire: (state: Properties) => Properties,
  given: Properties,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const clean = toldOnce(type, new Error(redact(messageOf(error))));
    if (!(error instanceof PartialFailure)) throw clean;
    throw Object.assign(clean, {
      id: error.id,
      // The host adds it to what succeeds only, and without it nothing can be done with the resource any more.
      properties: { ...wire(error.state), __provider: given["__provider"] },
      reasons: error.reasons.map(redact),
    });
  }
}

/**
 * Besides handing an error to the engine, which shows its message, the host prints it with its stack for most calls: that
 * would be the same text three times, and places in this package's code.
 */
function toldOnce(type: string, error: Error): Error {
  return Object.defineProperties(error, {
    toString: { value: () => type },
    stack: { value: "failed; its error stands at the resource" },
  });
}
