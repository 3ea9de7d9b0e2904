// Bars of as many beats as a musician says.
import { countBars } from './hear-bars.ts';
import type { HeardBars } from './hear-bars.ts';
import { METRES, plainMetre } from './metre-templates.ts';
import type { SongOnsets } from './rhythm-evidence.ts';
import { isSameTempo } from './same-tempo.ts';

/**
 * Of all ways to hear a song those with so many beats a bar, at the tempo of the one that is believed in: of the tempo nothing was said. Where it is a
 * metre that is not looked for, bars are counted in the beats that are heard.
 *
 * @param heard that which is believed in first; at least one
 * @returns the most credible first; at least one
 */
export function barsOf(beatsPerBar: number, heard: readonly HeardBars[], song: SongOnsets): readonly HeardBars[] {
  const believed = heard[0]!;
  const isKnown = METRES.some((metre) => metre.beatsPerBar === beatsPerBar);
  if (!isKnown) return countBars(song, believed, [plainMetre(beatsPerBar)]);
  // The beats of each are counted in every metre that is looked for.
  return heard.filter((bars) => bars.template.beatsPerBar === beatsPerBar && isSameTempo(bars, believed));
}
