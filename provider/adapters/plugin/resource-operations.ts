import { lifecycles, type ResourceName } from "../../resources";
import { ResourceHandler } from "../../resources/framework/handler";
import type { Lifecycle, LifecycleContext } from "../../resources/framework/lifecycle";
import { typeToken } from "../../type-token";
import { checkFailures } from "../check-failures";
import { rotationIn, secretKeysOf, withRotation } from "../properties";
import type { Configuration } from "./configuration";
import { InvalidRequest, refusalOf } from "./errors";
import { previewedState } from "./preview";
import type { Request, Response } from "./protocol";
import { diffResponse } from "./resource-diff";
import { received, type SecretPath, send, withSecretKeys } from "./wire-properties";

/** The resources as methods of the provider protocol: it translates between messages and the resources' handlers. */
export class ResourceOperations {
  private readonly configuration: Configuration;

  constructor(configuration: Configuration) {
    this.configuration = configuration;
  }

  async check(request: Request<"CheckRequest">): Promise<Response<"CheckResponse">> {
    const { lifecycle, handler, name, context } = this.subjectOf(request);
    const news = received(request.news);
    const olds = received(request.olds).values;
    const declared = request.news ?? {};
    const { inputs, violations } = await handler.check(news.values, context, {
      previous: Object.keys(olds).length > 0 ? olds : undefined,
      resourceName: name,
      rotation: rotationIn(declared),
      formerRotation: rotationIn(request.olds ?? {}),
      isReachable: this.configuration.isKnown,
    });
    return {
      inputs: send(withRotation(inputs, declared), secretsIn(lifecycle, news.secrets)),
      failures: checkFailures(violations),
    };
  }

  async diff(request: Request<"DiffRequest">): Promise<Response<"DiffResponse">> {
    const { lifecycle, handler, context } = this.subjectOf(request);
    const state = received(request.olds).values;
    const wanted = received(request.news).values;
    const before = request.oldInputs && received(request.oldInputs).values;
    const options = { isReachable: this.configuration.isKnown };
    return diffResponse(lifecycle, await handler.diff({ before, state, wanted }, context, options));
  }

  async create(request: Request<"CreateRequest">): Promise<Response<"CreateResponse">> {
    const { lifecycle, handler, context } = this.subjectOf(request);
    const { values, secrets } = received(request.properties);
    const hidden = secretsIn(lifecycle, secrets);
    if (request.preview) return { properties: send(previewedState(lifecycle.definition, values), hidden) };
    const { id, state } = await withRefusals(hidden, () => handler.create(values, context));
    return { id, properties: send(state, hidden) };
  }

  async read(request: Request<"ReadRequest">): Promise<Response<"ReadResponse">> {
    const { lifecycle, handler, context, urn } = this.subjectOf(request);
    const { values, secrets } = received(request.properties);
    const hidden = secretsIn(lifecycle, [...secrets, ...received(request.inputs).secrets]);
    this.configuration.requireKnown(`read ${urn}`);
    const found = await handler.read(request.id, values, context);
    // No id: the resource is gone.
    if (!found) return {};
    return {
      id: found.id,
      properties: send(found.state, hidden),
      inputs: send(withRotation(found.inputs, request.inputs ?? {}), hidden),
    };
  }

  async update(request: Request<"UpdateRequest">): Promise<Response<"UpdateResponse">> {
    const { lifecycle, handler, context } = this.subjectOf(request);
    const state = received(request.olds).values;
    const { values, secrets } = received(request.news);
    const hidden = secretsIn(lifecycle, secrets);
    if (request.preview) {
      return { properties: send(previewedState(lifecycle.definition, values, state), hidden) };
    }
    const updated = await withRefusals(hidden, () => handler.update(request.id, state, values, context));
    return { properties: send(updated, hidden) };
  }

  async delete(request: Request<"DeleteRequest">): Promise<void> {
    const { handler, context } = this.subjectOf(request);
    const state = received(request.properties).values;
    await handler.delete(request.id, state, context);
  }

  /** Which resource a request is about. Older engines send only its URN: `urn:pulumi:stack::project::parent$type::name`. */
  private subjectOf({ urn, ...request }: { urn: string; type: string; name: string }): Subject {
    const [, , qualifiedType = "", ...names] = urn.split("::");
    const types = qualifiedType.split("$");
    const type = request.type || (types.at(-1) ?? "");
    const name = request.name || names.join("::");
    const known = Object.keys(lifecycles) as ResourceName[];
    const match = known.find((candidate) => typeToken(candidate) === type);
    if (!match) {
      throw new InvalidRequest(
        `there is no resource type ${type}: the runner-pools plugin has ${known.map(typeToken).join(", ")}.`,
      );
    }
    const lifecycle: Lifecycle = lifecycles[match];
    const context = this.configuration.contextFor(urn, `${match} "${name}"`);
    return {
      lifecycle,
      handler: new ResourceHandler(lifecycle),
      name,
      urn,
      context,
    };
  }
}

interface Subject {
  readonly lifecycle: Lifecycle;
  readonly handler: ResourceHandler;
  readonly name: string;
  readonly urn: string;
  readonly context: LifecycleContext;
}

/** What is secret in a resource: what its definition says, and what the program passed as one. */
function secretsIn(lifecycle: Lifecycle, given: readonly SecretPath[]): SecretPath[] {
  return withSecretKeys(given, secretKeysOf(lifecycle.definition));
}

/** The state in a partial failure carries secrets, which only here it is known where they are. */
async function withRefusals<Result>(
  secrets: readonly SecretPath[],
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw refusalOf(error, secrets);
  }
}
