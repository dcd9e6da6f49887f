import { packageSchema } from "../../package-root";
import { Configuration } from "./configuration";
import { ConfigurationOperations } from "./configuration-operations";
import type { Engine } from "./engine";
import { InvalidRequest } from "./errors";
import { FunctionOperations } from "./function-operations";
import type { Request, Response } from "./protocol";
import { ResourceOperations } from "./resource-operations";

export { refusalOf } from "./errors";

/** The version of the schema format that the protocol has so far. */
const schemaFormat = 0;

/** What the plugin does for the resources, functions and configuration of one provider. */
export class Operations {
  readonly settings: ConfigurationOperations;
  readonly resources: ResourceOperations;
  readonly functions: FunctionOperations;
  private readonly configuration: Configuration;

  constructor(engine: Engine) {
    this.configuration = new Configuration(engine);
    this.settings = new ConfigurationOperations(this.configuration);
    this.resources = new ResourceOperations(this.configuration);
    this.functions = new FunctionOperations(this.configuration);
  }

  /** Waits end at once; what is under way is finished, and nothing new begins. */
  cancel(): void {
    this.configuration.cancel();
  }
}

/** The package's schema. @throws InvalidRequest where another format of it, or a schema for parameters, is wanted. */
export function getSchema({
  version,
  subpackageName,
}: Request<"GetSchemaRequest">): Response<"GetSchemaResponse"> {
  if (version !== schemaFormat) {
    throw new InvalidRequest(
      `there is no package schema in format ${version}: the runner-pools plugin has format ${schemaFormat}.`,
    );
  }
  if (subpackageName) {
    throw new InvalidRequest(`there is no package ${subpackageName}: runner-pools takes no parameters.`);
  }
  return { schema: packageSchema() };
}
