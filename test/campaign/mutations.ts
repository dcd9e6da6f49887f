import { movingMutations } from "./moving-mutations.ts";
import type { Mutation } from "./mutation-tools.ts";
import { plainMutations } from "./plain-mutations.ts";

/** All mutations by what they do. */
export const mutations: Readonly<Record<string, Mutation>> = { ...plainMutations, ...movingMutations };
