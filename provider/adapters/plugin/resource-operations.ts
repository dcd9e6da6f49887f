import { lifecycles, type ResourceName } from "../../resources";
import { checkInputs, containsUnknown } from "../../resources/check";
import type { Lifecycle } from "../../resources/lifecycle";
import { secretKeysOf } from "../properties";
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
import { diffResponse, resourceChanges } from "./resource-diff";
import { typeToken } from "./type-token";
import { type SecretPath, withSecretKeys } from "./wire-properties";

/** The lifecycles as methods of the provider protocol. */
export class ResourceOperations {
  private readonly configuration: Configuration;

  constructor(configuration: Configuration) {
    this.configuration = configuration;
  }

  async check(request: CheckRequest): Promise<CheckResponse> {
    const { lifecycle, name, urn } = subjectOf(request);
    const news = received(request.getNews());
    const exists = Object.keys(received(request.getOlds()).values).length > 0;
    const result = checkInputs(lifecycle, news.values, this.configuration.contextFor(urn), {
      exists,
      resourceName: name,
      skipCredentials: !this.configuration.isKnown,
    });
    const response = new CheckResponse();
    response.setInputs(struct(result.inputs, secretsIn(lifecycle, news.secrets)));
    response.setFailuresList(checkFailures(result.failures));
    return response;
  }

  async diff(request: DiffRequest): Promise<DiffResponse> {
    const { lifecycle, urn } = subjectOf(request);
    const state = received(request.getOlds()).values;
    const wanted = received(request.getNews()).values;
    const before = request.hasOldInputs() ? received(request.getOldInputs()).values : undefined;
    const context = this.configuration.contextFor(urn);
    const changes = resourceChanges(lifecycle, { before, state, wanted }, context);
    if (changes.length > 0 || containsUnknown(wanted) || !this.configuration.isKnown) {
      return diffResponse(lifecycle, changes);
    }
    const outdated = await lifecycle.outdated?.(state, wanted, context);
    return diffResponse(lifecycle, [], outdated === true);
  }

  async create(request: CreateRequest): Promise<CreateResponse> {
    const { lifecycle, urn } = subjectOf(request);
    const { values, secrets } = received(request.getProperties());
    const hidden = secretsIn(lifecycle, secrets);
    const response = new CreateResponse();
    if (request.getPreview()) {
      response.setProperties(struct(previewedState(lifecycle.definition, values), hidden));
      return response;
    }
    this.configuration.requireRunning(`create ${urn}`);
    const { id, state } = await withRefusals(hidden, () =>
      lifecycle.create(values, this.configuration.contextFor(urn)),
    );
    response.setId(id);
    response.setProperties(struct(state, hidden));
    return response;
  }

  async read(request: ReadRequest): Promise<ReadResponse> {
    const { lifecycle, urn } = subjectOf(request);
    const { values, secrets } = received(request.getProperties());
    const hidden = secretsIn(lifecycle, [...secrets, ...received(request.getInputs()).secrets]);
    this.configuration.requireKnown(`read ${urn}`);
    const found = await lifecycle.read(request.getId(), values, this.configuration.contextFor(urn));
    const response = new ReadResponse();
    // No id: the resource is gone.
    if (!found) return response;
    response.setId(found.id);
    response.setProperties(struct(found.state, hidden));
    response.setInputs(struct(found.inputs, hidden));
    return response;
  }

  async update(request: UpdateRequest): Promise<UpdateResponse> {
    const { lifecycle, urn } = subjectOf(request);
    const state = received(request.getOlds()).values;
    const { values, secrets } = received(request.getNews());
    const hidden = secretsIn(lifecycle, secrets);
    const response = new UpdateResponse();
    if (request.getPreview()) {
      response.setProperties(struct(previewedState(lifecycle.definition, values, state), hidden));
      return response;
    }
    this.configuration.requireRunning(`update ${urn}`);
    const updated = await withRefusals(hidden, () =>
      lifecycle.update(request.getId(), state, values, this.configuration.contextFor(urn)),
    );
    response.setProperties(struct(updated, hidden));
    return response;
  }

  async delete(request: DeleteRequest): Promise<void> {
    const { lifecycle, urn } = subjectOf(request);
    const state = received(request.getProperties()).values;
    this.configuration.requireRunning(`delete ${urn}`);
    await lifecycle.delete(request.getId(), state, this.configuration.contextFor(urn));
  }
}

interface Subject {
  readonly lifecycle: Lifecycle;
  readonly name: string;
  readonly urn: string;
}

/** Which resource a request is about. Older engines send only its URN: `urn:pulumi:stack::project::parent$type::name`. */
function subjectOf(request: { getUrn(): string; getType(): string; getName(): string }): Subject {
  const urn = request.getUrn();
  const [, , qualifiedType = "", ...names] = urn.split("::");
  const type = request.getType() || (qualifiedType.split("$").at(-1) ?? "");
  const name = request.getName() || names.join("::");
  const known = Object.keys(lifecycles) as ResourceName[];
  const match = known.find((candidate) => typeToken(candidate) === type);
  if (match) return { lifecycle: lifecycles[match], name, urn };
  throw new InvalidRequest(
    `there is no resource type ${type}: the runner-pools plugin has ${known.map(typeToken).join(", ")}.`,
  );
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
