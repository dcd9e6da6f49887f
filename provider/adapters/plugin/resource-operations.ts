import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { lifecycles, type ResourceName } from "../../resources";
import { ResourceHandler } from "../../resources/framework/handler";
import type { Lifecycle, LifecycleContext, Properties } from "../../resources/framework/lifecycle";
import { typeToken } from "../../type-token";
import { rotationIn, secretKeysOf, withRotation } from "../properties";
import type { Configuration } from "./configuration";
import { InvalidRequest, refusalOf } from "./errors";
import { checkFailures, received, struct } from "./messages";
import { previewedState } from "./preview";
import {
  type CheckRequest,
  CheckResponse,
  type CreateRequest,
  CreateResponse,
  type DeleteRequest,
  type DiffRequest,
  type DiffResponse,
  type ReadRequest,
  ReadResponse,
  type UpdateRequest,
  UpdateResponse,
} from "./protocol";
import { diffResponse } from "./resource-diff";
import { type SecretPath, withSecretKeys } from "./wire-properties";

/** The resources as methods of the provider protocol: it translates between messages and the resources' handlers. */
export class ResourceOperations {
  private readonly configuration: Configuration;

  constructor(configuration: Configuration) {
    this.configuration = configuration;
  }

  async check(request: CheckRequest): Promise<CheckResponse> {
    const { lifecycle, handler, name, context } = this.subjectOf(request);
    const news = received(request.getNews());
    const olds = received(request.getOlds()).values;
    const declared = plain(request.getNews());
    const { inputs, violations } = await handler.check(news.values, context, {
      previous: Object.keys(olds).length > 0 ? olds : undefined,
      resourceName: name,
      rotation: rotationIn(declared),
      formerRotation: rotationIn(plain(request.getOlds())),
      isReachable: this.configuration.isKnown,
    });
    const response = new CheckResponse();
    response.setInputs(struct(withRotation(inputs, declared), secretsIn(lifecycle, news.secrets)));
    response.setFailuresList(checkFailures(violations));
    return response;
  }

  async diff(request: DiffRequest): Promise<DiffResponse> {
    const { lifecycle, handler, context } = this.subjectOf(request);
    const state = received(request.getOlds()).values;
    const wanted = received(request.getNews()).values;
    const before = request.hasOldInputs() ? received(request.getOldInputs()).values : undefined;
    const options = { isReachable: this.configuration.isKnown };
    return diffResponse(lifecycle, await handler.diff({ before, state, wanted }, context, options));
  }

  async create(request: CreateRequest): Promise<CreateResponse> {
    const { lifecycle, handler, context } = this.subjectOf(request);
    const { values, secrets } = received(request.getProperties());
    const hidden = secretsIn(lifecycle, secrets);
    const response = new CreateResponse();
    if (request.getPreview()) {
      response.setProperties(struct(previewedState(lifecycle.definition, values), hidden));
      return response;
    }
    const { id, state } = await withRefusals(hidden, () => handler.create(values, context));
    response.setId(id);
    response.setProperties(struct(state, hidden));
    return response;
  }

  async read(request: ReadRequest): Promise<ReadResponse> {
    const { lifecycle, handler, context, urn } = this.subjectOf(request);
    const { values, secrets } = received(request.getProperties());
    const hidden = secretsIn(lifecycle, [...secrets, ...received(request.getInputs()).secrets]);
    this.configuration.requireKnown(`read ${urn}`);
    const found = await handler.read(request.getId(), values, context);
    const response = new ReadResponse();
    // No id: the resource is gone.
    if (!found) return response;
    response.setId(found.id);
    response.setProperties(struct(found.state, hidden));
    response.setInputs(struct(withRotation(found.inputs, plain(request.getInputs())), hidden));
    return response;
  }

  async update(request: UpdateRequest): Promise<UpdateResponse> {
    const { lifecycle, handler, context } = this.subjectOf(request);
    const state = received(request.getOlds()).values;
    const { values, secrets } = received(request.getNews());
    const hidden = secretsIn(lifecycle, secrets);
    const response = new UpdateResponse();
    if (request.getPreview()) {
      response.setProperties(struct(previewedState(lifecycle.definition, values, state), hidden));
      return response;
    }
    const updated = await withRefusals(hidden, () => handler.update(request.getId(), state, values, context));
    response.setProperties(struct(updated, hidden));
    return response;
  }

  async delete(request: DeleteRequest): Promise<void> {
    const { handler, context } = this.subjectOf(request);
    const state = received(request.getProperties()).values;
    await handler.delete(request.getId(), state, context);
  }

  /** Which resource a request is about. Older engines send only its URN: `urn:pulumi:stack::project::parent$type::name`. */
  private subjectOf(request: { getUrn(): string; getType(): string; getName(): string }): Subject {
    const urn = request.getUrn();
    const [, , qualifiedType = "", ...names] = urn.split("::");
    const types = qualifiedType.split("$");
    const type = request.getType() || (types.at(-1) ?? "");
    const name = request.getName() || names.join("::");
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

/** Properties of a request as they come, with those that hosts and engines keep for themselves. */
function plain(struct: Struct | undefined): Properties {
  return (struct?.toJavaScript() ?? {}) as Properties;
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
