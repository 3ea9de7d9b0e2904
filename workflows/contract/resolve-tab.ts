/** On what a tab is played, and how hard it may be: what was said first, then what is preferred, then what is usual. */
import type { Instrument, TabLevel, TabPart, TabPreferences, TabWish } from './tab.ts';
import { NAMED_TUNINGS, isBassTuning } from './tunings.ts';

export const CAPO_LIMITS = [0, 11] as const;
/** Above every capo, so that a fret is always left. */
export const FRET_LIMITS = [12, 36] as const;

const USUAL_LEVEL: TabLevel = 'full';
const GUITAR: Instrument = { tuning: NAMED_TUNINGS.standard, capo: 0, frets: 24 };
const USUAL: Readonly<Record<TabPart, Instrument>> = {
  guitar: GUITAR,
  bass: { tuning: NAMED_TUNINGS['bass-standard'], capo: 0, frets: 24 },
  melody: GUITAR,
};

/** Wish before member before band before what is usual for the part. What somebody prefers on a guitar is not put on their bass, nor the other way round. */
export function resolveTab(
  wish: TabWish,
  member: TabPreferences,
  band: TabPreferences,
): { readonly level: TabLevel; readonly instrument: Instrument } {
  const said = [wish, ...[member, band].map((preferences) => suiting(preferences, wish.part))];
  const { tuning, capo, frets } = USUAL[wish.part];
  const instrument = {
    tuning: firstOf(said, 'tuning') ?? tuning,
    capo: firstOf(said, 'capo') ?? capo,
    frets: firstOf(said, 'frets') ?? frets,
  };
  return { level: firstOf(said, 'level') ?? USUAL_LEVEL, instrument };
}

/** What holds once somebody says more. A bass in place of a guitar, or the other way round, has nobody's capo and frets yet. */
export function restated(before: TabPreferences, changes: Partial<TabPreferences>): TabPreferences {
  const { tuning } = changes;
  if (tuning == null || isBassTuning(tuning) === isBassTuning(before.tuning ?? GUITAR.tuning)) {
    return { ...before, ...changes };
  }
  // Frets without a tuning are those of any instrument.
  return { ...before, capo: null, ...(before.tuning === null ? {} : { frets: null }), ...changes };
}

/** A capo without a tuning is a guitar's. */
function suiting(preferences: TabPreferences, part: TabPart): TabPreferences {
  const { level, tuning } = preferences;
  const isForBass = part === 'bass';
  if (tuning === null) return isForBass ? { ...preferences, capo: null } : preferences;
  return isBassTuning(tuning) === isForBass ? preferences : { level, tuning: null, capo: null, frets: null };
}

function firstOf<Key extends keyof TabPreferences>(said: readonly TabPreferences[], key: Key): TabPreferences[Key] {
  return said.map((each) => each[key]).find((value) => value !== null) ?? null;
}
