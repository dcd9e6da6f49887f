import { buildGoProgram, goUnavailable } from "../../toolchains/go-program.ts";
import type { Language } from "../language.ts";

/** Programs in Go: built, then run as they are. */
export const go: Language = {
  unavailable: goUnavailable,
  options: [],
  prepare: ({ programFolder }, signal) => buildGoProgram(programFolder, signal),
  command: (executable) => ({ command: executable, args: [] }),
};
