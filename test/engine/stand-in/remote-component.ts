import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import resourceMessages from "@pulumi/pulumi/proto/resource_pb.js";
import { type Goal, goalFromRequest, plainGoal, type RegisterRequest } from "./goal.ts";
import type { PackageReferences } from "./package-references.ts";
import { mapValues, outputDependencies, withoutOutputValues } from "./property-values.ts";
import type { Constructed, Provider } from "./provider.ts";
import type { Registrar } from "./registrar.ts";
import type { RunProgramOptions } from "./run-program.ts";
import { fromStruct } from "./wire.ts";

/** What components are made with. */
export interface RemoteComponentOptions {
  registrar: Registrar;
  packages: PackageReferences;
  providerOf: (reference: string) => Promise<Provider>;
  program: RunProgramOptions;
  stack: string;
  dryRun: boolean;
  /** Where the plugin registers the component and its children. */
  monitorAddress: string;
}

/** Has a plugin make a component: its process registers the component and everything below it by itself. */
export async function constructComponent(
  request: RegisterRequest,
  options: RemoteComponentOptions,
): Promise<Constructed> {
  const { registrar, packages, providerOf, program } = options;
  const goal = goalFromRequest(request, program.project.rootFolder);
  registrar.inheritFromParent(goal, true);
  const plugin = packages.find(goal.type, request);
  const providers = new Map(request.getProvidersMap().entries());
  const reference = await registrar.providerOf({ ...goal, package: plugin, providers });
  const provider = await providerOf(reference);
  if (!provider.configuration.isKnown) {
    // A plugin that cannot be asked yet has no children to register, but the component has a URN all the same.
    const { state } = await registrar.register(
      { ...plainGoal(goal.type, goal.name, false, {}), parent: goal.parent },
      providers,
      plugin,
    );
    return { urn: state.urn, outputs: {}, dependencies: {} };
  }
  const { urn, outputs, dependencies } = await provider
    .construct(constructRequest(request, goal, options), fromStruct(request.getObject()) ?? {})
    .catch((error: Error) => {
      throw new Error(`${goal.type} resource '${goal.name}' has a problem: ${error.message}`);
    });
  const all = Object.entries(outputs).map(([key, value]) => [
    key,
    [...new Set([...(dependencies[key] ?? []), ...outputDependencies(value)])],
  ]);
  return { urn, outputs: mapValues(outputs, withoutOutputValues), dependencies: Object.fromEntries(all) };
}

/** What a component depends on, for the program. */
export function setDependencies(
  response: InstanceType<typeof resourceMessages.RegisterResourceResponse>,
  dependencies: Constructed["dependencies"],
): void {
  for (const [key, urns] of Object.entries(dependencies)) {
    const message = new resourceMessages.RegisterResourceResponse.PropertyDependencies().setUrnsList(urns);
    response.getPropertydependenciesMap().set(key, message);
  }
}

function constructRequest(
  registered: RegisterRequest,
  goal: Goal,
  { program, stack, dryRun, monitorAddress }: RemoteComponentOptions,
): InstanceType<typeof providerMessages.ConstructRequest> {
  const { values, secretKeys } = program.config.forProgram();
  const request = new providerMessages.ConstructRequest()
    .setProject(program.project.name)
    .setStack(stack)
    .setOrganization(program.organization)
    .setConfigsecretkeysList(secretKeys)
    .setDryrun(dryRun)
    .setParallel(program.parallel)
    .setMonitorendpoint(monitorAddress)
    .setType(goal.type)
    .setName(goal.name)
    .setParent(goal.parent ?? "")
    .setAliasesList(registered.getAliasesList())
    .setDependenciesList(goal.dependencies)
    .setAdditionalsecretoutputsList(goal.additionalSecretOutputs)
    .setDeletedwith(goal.deletedWith ?? "")
    .setReplaceWithList(goal.replaceWith)
    .setIgnorechangesList(goal.ignoreChanges)
    .setReplaceonchangesList(goal.replaceOnChanges)
    .setAcceptsOutputValues(true);
  if (goal.protect !== undefined) request.setProtect(goal.protect);
  if (goal.retainOnDelete !== undefined) request.setRetainondelete(goal.retainOnDelete);
  if (goal.deleteBeforeReplace !== undefined) request.setDeletebeforereplace(goal.deleteBeforeReplace);
  for (const [key, value] of Object.entries(values)) {
    request.getConfigMap().set(key, value);
  }
  for (const [name, reference] of registered.getProvidersMap().entries()) {
    request.getProvidersMap().set(name, reference);
  }
  for (const [key, dependencies] of registered.getPropertydependenciesMap().entries()) {
    const urns = dependencies.getUrnsList();
    const message = new providerMessages.ConstructRequest.PropertyDependencies().setUrnsList(urns);
    request.getInputdependenciesMap().set(key, message);
  }
  const timeouts = registered.getCustomtimeouts();
  if (timeouts !== undefined) {
    request.setCustomtimeouts(
      new providerMessages.ConstructRequest.CustomTimeouts()
        .setCreate(timeouts.getCreate())
        .setUpdate(timeouts.getUpdate())
        .setDelete(timeouts.getDelete()),
    );
  }
  return request;
}
