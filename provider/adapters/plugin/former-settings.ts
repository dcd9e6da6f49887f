import type { Properties } from "../../resources/framework/lifecycle";
import type { Violation } from "../../resources/framework/violation";

/** The settings of version 0.1.0 that have another name now. States hold them, in what a provider was configured with. */
const currentNames: Readonly<Record<string, string>> = {
  pulumiAccessToken: "pulumiCloudAccessToken",
  pulumiUrl: "pulumiCloudUrl",
  env0ApiKey: "envZeroApiKey",
  env0ApiSecret: "envZeroApiSecret",
  env0Url: "envZeroUrl",
  tfeToken: "hcpTerraformToken",
  tfeUrl: "hcpTerraformUrl",
};

/** Settings of a state under the names that they have now. */
export function withCurrentNames(settings: Properties): Properties {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [currentNames[key] ?? key, value]),
  );
}

/** Says of a setting that a program or a stack still gives under its former name what it is called now. */
export function namingRenamed(violation: Violation): Violation {
  const current = currentNames[violation.property];
  return current === undefined ? violation : { ...violation, reason: `is called ${current} now` };
}
