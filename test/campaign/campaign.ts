import { inProcess } from "./deployments.ts";
import { generate, type Scope } from "./generate.ts";
import { printHistory } from "./print-history.ts";
import { type Failure, runHistory } from "./run-history.ts";
import { shrink } from "./shrink.ts";

/** Histories that are played at the same time: while one waits for the network, another goes on. */
const atOnce = 6;

/** How a number of histories went. */
export interface CampaignResult {
  readonly played: number;
  readonly failures: readonly { readonly seed: number; readonly failure: Failure }[];
}

/** Plays the histories of seeds; stops beginning new ones once so many have failed. */
export async function playSeeds(
  seeds: readonly number[],
  scope: Scope = {},
  stopAfter = Number.POSITIVE_INFINITY,
): Promise<CampaignResult> {
  const failures: { seed: number; failure: Failure }[] = [];
  let played = 0;
  const waiting = [...seeds];
  const player = async () => {
    for (
      let seed = waiting.shift();
      seed !== undefined && failures.length < stopAfter;
      seed = waiting.shift()
    ) {
      const failure = await runHistory(generate(seed, scope), inProcess);
      played++;
      if (failure) failures.push({ seed, failure });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, player));
  return { played, failures };
}

/** A failed history made small, in words, with how to play it again. */
export async function explain(seed: number, failure: Failure, scope: Scope = {}): Promise<string> {
  const history = generate(seed, scope);
  const small = await shrink(history, failure, (each) => runHistory(each, inProcess));
  return [
    `The history of seed ${seed} failed. To play it again: CAMPAIGN_SEED=${seed} CAMPAIGN_HISTORIES=1 npm test -- test/campaign`,
    `Made small, ${small.steps.length} of its ${history.steps.length} steps:`,
    printHistory(small, small.failure),
  ].join("\n");
}
