import { createRequire } from "node:module";
import { join } from "node:path";
import type { Language } from "../language.ts";

/** Programs for Node: run by the SDK's own `cmd/run`, with what was installed beside them. */
export const nodejs: Language = {
  unavailable: undefined,
  options: ["typescript", "nodeargs", "tsconfig", "packagemanager"],
  prepare: async () => process.execPath,
  command(executable, { project, stack, organization, monitorAddress, engineAddress, parallel, dryRun }) {
    const require = createRequire(join(project.programFolder, "package.json"));
    const { nodeargs = "", typescript = true, tsconfig } = project.runtimeOptions;
    return {
      command: executable,
      args: [
        ...nodeargs.split(" ").filter((argument) => argument !== ""),
        require.resolve("@pulumi/pulumi/cmd/run"),
        ...["--monitor", monitorAddress],
        ...["--engine", engineAddress],
        ...["--organization", organization],
        ...["--project", project.name],
        ...["--root-directory", project.rootFolder],
        ...["--stack", stack],
        ...["--pwd", project.programFolder],
        ...(dryRun ? ["--dry-run"] : []),
        ...["--parallel", String(parallel)],
        project.entryPoint,
      ],
      environment: {
        ...(typescript && { PULUMI_NODEJS_TYPESCRIPT: "true" }),
        ...(tsconfig !== undefined && { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
      },
    };
  },
};
