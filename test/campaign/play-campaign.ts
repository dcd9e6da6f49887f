import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { explain, playSeeds } from "./campaign.ts";
import { campaignSettings } from "./campaign-settings.ts";
import { useTemporaryHome } from "./home.ts";

/** Histories of one test. */
const perTest = 50;

/** A test goes on for so many failures, to tell a rare defect from a common one. */
const failuresPerTest = 3;

/**
 * Defines the tests of one part of the campaign. The parts are files of their own, since files run beside each other.
 * @param part from 0
 */
export function playCampaign(part: number, parts: number): void {
  const { seed, histories, scope } = campaignSettings();
  const mine = Array.from({ length: histories }, (_, index) => seed + index).filter(
    (_, index) => index % parts === part,
  );
  const chunks = Array.from({ length: Math.ceil(mine.length / perTest) }, (_, index) =>
    mine.slice(index * perTest, (index + 1) * perTest),
  );

  describe.runIf(mine.length > 0)(
    `random programs, CAMPAIGN_SEED=${seed}, part ${part + 1} of ${parts}`,
    () => {
      let restoreHome = () => {};
      beforeAll(() => {
        console.log(`campaign: CAMPAIGN_SEED=${seed}, ${mine.length} of ${histories} histories`);
        restoreHome = useTemporaryHome();
      });
      afterAll(() => restoreHome());

      it.each(chunks.map((seeds) => ({ seeds, from: seeds[0], to: seeds.at(-1) })))(
        "end with what the last program declares: seeds $from to $to",
        { timeout: 600_000 },
        async ({ seeds }) => {
          const { failures, played } = await playSeeds(seeds, scope, failuresPerTest);
          const [first] = failures;
          if (first === undefined) return;
          const others = failures.map((failed) => failed.seed).join(", ");
          expect.fail(
            `${failures.length} of ${played} histories failed (seeds ${others}).\n${await explain(first.seed, first.failure, scope)}`,
          );
        },
      );
    },
  );
}
