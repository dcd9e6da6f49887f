import { type FunctionName, functions } from "../../functions";
import { callFunction } from "../../functions/call";
import { typeToken } from "../../type-token";
import type { Configuration } from "./configuration";
import { InvalidRequest } from "./errors";
import type { Request, Response } from "./protocol";
import { propertyFailures, received, send } from "./wire-properties";

/** The functions as methods of the provider protocol. */
export class FunctionOperations {
  private readonly configuration: Configuration;

  constructor(configuration: Configuration) {
    this.configuration = configuration;
  }

  async invoke(request: Request<"InvokeRequest">): Promise<Response<"InvokeResponse">> {
    const name = functionNamed(request.tok);
    this.configuration.requireKnown(`call ${name}`);
    const { values, secrets } = received(request.args);
    const connections = this.configuration.currentConnections;
    const { result, violations } = await callFunction(functions[name], values, connections);
    // What was asked for with a secret may contain it.
    const hidden = secrets.length > 0 ? Object.keys(result ?? {}).map((key) => [key]) : [];
    return { return: send(result ?? {}, hidden), failures: propertyFailures(violations) };
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
