import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import {
  preparePythonEnvironment,
  pythonOf,
  pythonUnavailable,
} from "../../toolchains/python-environment.ts";
import type { Language } from "../language.ts";

const LAUNCHER = fileURLToPath(new URL("run_program.py", import.meta.url));

/** Programs in Python: in the virtual environment that the project names, or one made from its requirements. */
export const python: Language = {
  unavailable: pythonUnavailable,
  options: ["virtualenv"],
  async prepare({ rootFolder, programFolder, runtimeOptions: { virtualenv } }, signal) {
    const named = virtualenv === undefined ? undefined : pythonOf(resolve(rootFolder, virtualenv));
    return named !== undefined && existsSync(named)
      ? named
      : pythonOf(await preparePythonEnvironment(programFolder, signal));
  },
  command: (executable, { project }) => ({
    command: executable,
    args: ["-u", LAUNCHER, project.entryPoint],
    // Compiled modules would be written beside the program.
    environment: { PYTHONDONTWRITEBYTECODE: "1" },
  }),
};
