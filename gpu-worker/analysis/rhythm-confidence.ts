// Whether there is a beat at all, and how sure we are of it.
import type { HeardBars } from './hear-bars.ts';
import { SOUND_KINDS } from './metre-templates.ts';
import type { SongOnsets } from './rhythm-evidence.ts';
import { isSameTempo } from './same-tempo.ts';

/** Nats for each onset by which a beat must explain what is heard: long noise and speech stay below, music above. */
const LEAST_NATS = 0.1;
/** And so many for the whole, so that one stroke is no beat. */
const LEAST_TOTAL_NATS = 8;
/** Their product: few onsets must fit well, of many a part is enough. Speech and notes at random stay below. */
const LEAST_PRODUCT = 2;
/** Speech, noise and notes at random have a pulse no clearer than 0.11; of songs the least clear ones have 0.14, most more than 0.3. */
const LEAST_CLARITY = 0.12;
/** Under a pulse as clear as this, and so many nats in all, onsets may fit their bars badly: where a metal band plays, most lie anywhere. */
const BAND_CLARITY = 0.24;
const BAND_TOTAL_NATS = 30;
/** What bars by chance explain of a tone, noise or one stroke is less. */
const LEAST_FOLLOWED_NATS = 3;
/** What music with a plain beat gives. */
const PLAIN_NATS = 0.4;
/** Tempi that differ by less than this share speak for one another. */
const ONE_TEMPO = 0.08;
/** Where every second beat has less than this share of what begins on the others, a beat of twice the length would do as well. */
const EMPTY_SHARE = 0.1;
/** What such a guess is worth. */
const EITHER = 0.5;
/** Evidence of neighbouring beats is not independent: so many nats are worth one. */
const NATS_WORTH_ONE = 2;

function natsPerOnset(likelihood: number, { evidence }: SongOnsets): number {
  let mass = 0;
  for (const kind of SOUND_KINDS) for (const value of evidence[kind].mass) mass += value;
  return mass > 0 ? likelihood / mass : 0;
}

/** Whatever bars it has. @param pulseClarity of `pulsePath`, 0 to 1 */
export function hasBeat(heard: readonly HeardBars[], song: SongOnsets, pulseClarity: number): boolean {
  if (heard.length === 0 || pulseClarity < LEAST_CLARITY) return false;
  const total = Math.max(...heard.map(({ likelihood }) => likelihood));
  const each = natsPerOnset(total, song);
  if (pulseClarity > BAND_CLARITY && total > BAND_TOTAL_NATS) return true;
  return total > LEAST_TOTAL_NATS && each > LEAST_NATS && total * each > LEAST_PRODUCT;
}

/** Whether anything goes with a tempo that was said. */
export function isFollowed(heard: readonly HeardBars[]): boolean {
  return heard.some(({ likelihood }) => likelihood > LEAST_FOLLOWED_NATS);
}

/** 0 to 1: of the tempo, against the best other one; of the metre, against the best other one at this tempo. */
export function confidencesOf(
  bars: HeardBars,
  heard: readonly HeardBars[],
  song: SongOnsets,
): { readonly tempo: number; readonly metre: number } {
  const clarity = Math.min(1, natsPerOnset(bars.likelihood, song) / PLAIN_NATS);
  const against = (other: HeardBars | undefined): number =>
    other === undefined ? 1 : 1 / (1 + Math.exp((other.beliefNats - bars.beliefNats) / NATS_WORTH_ONE));
  const otherTempo = heard.find((other) => !isSameTempo(other, bars, ONE_TEMPO));
  const otherMetre = heard.find(
    (other) => isSameTempo(other, bars, ONE_TEMPO) && other.template.beatsPerBar !== bars.template.beatsPerBar,
  );
  const doubt = bars.isBare === true || hasEmptyBeats(bars, song) ? EITHER : 1;
  return { tempo: doubt * clarity * against(otherTempo), metre: doubt * clarity * against(otherMetre) };
}

/** As where one drum is struck on every second beat, or half notes are held. */
function hasEmptyBeats({ beatFrames }: HeardBars, { evidence }: SongOnsets): boolean {
  const begun = [0, 0];
  for (const kind of SOUND_KINDS) {
    beatFrames.forEach((frame, n) => {
      begun[n % 2]! += evidence[kind].nearby[frame] ?? 0;
    });
  }
  return Math.min(...begun) < EMPTY_SHARE * Math.max(...begun);
}
