import type { Scope } from "./generate.ts";

/** What a campaign is told by the environment. */
export interface CampaignSettings {
  /** Seed of the first history; the others have the numbers after it. */
  readonly seed: number;
  readonly histories: number;
  readonly scope: Scope;
}

/**
 * Reads `CAMPAIGN_SEED` (default: a fixed one, so that the same code always gives the same result; give others to look for
 * defects), `CAMPAIGN_HISTORIES` (default: 500) and `CAMPAIGN_SCOPE` (JSON of a
 * {@link Scope}; default: everything).
 */
export function campaignSettings(environment: NodeJS.ProcessEnv = process.env): CampaignSettings {
  const { CAMPAIGN_SEED: seed, CAMPAIGN_HISTORIES: histories, CAMPAIGN_SCOPE: scope } = environment;
  return {
    seed: wholeNumber("CAMPAIGN_SEED", seed) ?? 9400,
    histories: wholeNumber("CAMPAIGN_HISTORIES", histories) ?? 500,
    scope: scope ? (JSON.parse(scope) as Scope) : {},
  };
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (!text) return undefined;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) throw new Error(`${name} is '${text}', not a whole number`);
  return number;
}
