import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import resourceMessages from "@pulumi/pulumi/proto/resource_pb.js";
import type { PackageReferences } from "./package-references.ts";
import { mapValues, withoutReferences } from "./property-values.ts";
import type { Provider } from "./provider.ts";
import type { Registrar } from "./registrar.ts";
import { fromStruct, toStruct } from "./wire.ts";

/** What functions are called with. */
export interface InvocationOptions {
  registrar: Registrar;
  packages: PackageReferences;
  providerOf: (reference: string) => Promise<Provider>;
  dryRun: boolean;
}

/** Calls a provider's function for a program. Its error is the program's to handle, and not yet the operation's. */
export async function invokeFunction(
  request: InstanceType<typeof resourceMessages.ResourceInvokeRequest>,
  { registrar, packages, providerOf, dryRun }: InvocationOptions,
): Promise<InstanceType<typeof resourceMessages.ResourceInvokeResponse>> {
  const token = request.getTok();
  const reference = await registrar.providerOf({
    provider: request.getProvider() || undefined,
    parent: request.getParent() || undefined,
    package: packages.find(token, request),
  });
  const provider = await providerOf(reference);
  const { result, failures } = await provider
    .invoke(token, fromStruct(request.getArgs()) ?? {}, dryRun)
    .catch((error: Error) => {
      throw new Error(`invocation of ${token} returned an error: ${error.message}`);
    });
  const understood = request.getAcceptresources() ? result : mapValues(result, withoutReferences);
  return new resourceMessages.ResourceInvokeResponse()
    .setReturn(toStruct(understood))
    .setFailuresList(
      failures.map(({ property, reason }) =>
        new providerMessages.CheckFailure().setProperty(property).setReason(reason),
      ),
    );
}
