import type resourceMessages from "@pulumi/pulumi/proto/resource_pb.js";
import { NotSupportedError } from "../engine.ts";
import { packageOf } from "../urn.ts";

/** Which plugin serves a resource or function that has no provider of its own. */
export interface PackageRequest {
  name: string;
  /** Empty: any. Plugins are found by name alone, as those on the CLI's PATH are; the version is kept in state. */
  version: string;
}

/** What requests say about the package that they need. */
interface PackageFields {
  getVersion: () => string;
  getPlugindownloadurl: () => string;
  getPackageref: () => string;
}

/** Packages that a program registers once, to name them by a short reference from then on. */
export class PackageReferences {
  private readonly references = new Map<string, PackageRequest>();

  /** Takes in a package; the same one has the same reference. */
  register(request: InstanceType<typeof resourceMessages.RegisterPackageRequest>): string {
    const [name, version] = [request.getName(), request.getVersion()];
    refuse(name, {
      parameterization: request.hasParameterization(),
      downloadUrl: request.getDownloadUrl() !== "",
    });
    const reference = `${name}@${version}`;
    this.references.set(reference, { name, version });
    return reference;
  }

  /** The package of a type or function. */
  find(token: string, request: PackageFields): PackageRequest {
    refuse(token, { pluginDownloadURL: request.getPlugindownloadurl() !== "" });
    const reference = request.getPackageref();
    if (reference === "") {
      return { name: packageOf(token), version: request.getVersion() };
    }
    const registered = this.references.get(reference);
    if (registered === undefined) {
      throw new Error(`unknown provider package '${reference}'`);
    }
    return registered;
  }
}

function refuse(name: string, features: Record<string, boolean>): void {
  for (const [feature, isUsed] of Object.entries(features)) {
    if (isUsed) {
      throw new NotSupportedError(`Using ${name}: ${feature} is not supported by the stand-in engine`);
    }
  }
}
