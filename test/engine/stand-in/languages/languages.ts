import type { Language } from "../language.ts";
import { go } from "./go.ts";
import { nodejs } from "./nodejs.ts";
import { python } from "./python.ts";

/** The languages that the stand-in runs programs in, by the name that `runtime` in Pulumi.yaml has. */
export const LANGUAGES: Readonly<Record<string, Language>> = { nodejs, python, go };
