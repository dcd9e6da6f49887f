import { type FunctionName, functions } from "../../functions";
import { callFunction } from "../../functions/call";
import { typeToken } from "../../type-token";
import type { Configuration } from "./configuration";
import { InvalidRequest } from "./errors";
import { checkFailures, received, struct } from "./messages";
import { type InvokeRequest, InvokeResponse } from "./protocol";

/** The functions as methods of the provider protocol. */
export class FunctionOperations {
  private readonly configuration: Configuration;

  constructor(configuration: Configuration) {
    this.configuration = configuration;
  }

  async invoke(request: InvokeRequest): Promise<InvokeResponse> {
    const name = functionNamed(request.getTok());
    this.configuration.requireKnown(`call ${name}`);
    const { values, secrets } = received(request.getArgs());
    const connections = this.configuration.currentConnections;
    const { result, violations } = await callFunction(functions[name], values, connections);
    const response = new InvokeResponse();
    response.setFailuresList(checkFailures(violations));
    // What was asked for with a secret may contain it.
    const hidden = secrets.length > 0 ? Object.keys(result ?? {}).map((key) => [key]) : [];
    response.setReturn(struct(result ?? {}, hidden));
    return response;
  }
}

function functionNamed(token: string): FunctionName {
  const known = Object.keys(functions) as FunctionName[];
  const match = known.find((candidate) => typeToken(candidate) === token);
  if (match) return match;
  throw new InvalidRequest(
    `there is no function ${token}: the runner-pools plugin has ${known.map(typeToken).join(", ")}.`,
  );
}
