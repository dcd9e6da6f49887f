import * as pulumi from "@pulumi/pulumi";
import { packageRoot } from "../../provider/package-root";
import { isPluginProcess } from "../resources/resource";

/**
 * Makes sure that the SDK that a fleet is made with is there: only programs with such a fleet need it, so this package
 * does not bring it.
 * @param specifier package and versions, for example `@pulumi/docker@^5.0.0`.
 * @param fleet who needs it.
 * @throws pulumi.RunError that says which package to install, and where.
 */
export function requirePackage(specifier: string, fleet: string): void {
  const name = specifier.slice(0, specifier.lastIndexOf("@"));
  try {
    require.resolve(`${name}/package.json`);
  } catch {
    const command = `npm install ${specifier}`;
    throw new pulumi.RunError(
      isPluginProcess()
        ? `${fleet} needs the package ${name}, which is not installed for the plugin runner-pools. Run \`${command}\` in the folder ${packageRoot()}.`
        : `${fleet} needs the package ${name}, which is not installed. Run \`${command}\` in the folder of the program.`,
    );
  }
}
