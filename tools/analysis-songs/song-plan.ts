/** What a song is, before a note of it is written. */
import type { SongKey } from './chord.ts';
import { createDice } from './dice.ts';
import type { Dice } from './dice.ts';
import { mixedStyle } from './mixed-style.ts';
import { PROGRESSIONS } from './progressions.ts';
import type { Progression } from './progressions.ts';
import { STYLES } from './styles.ts';
import type { Style } from './styles.ts';

export interface TempoDrift {
  /** How much faster the end is than the beginning: 0.06 is 6 %. */
  readonly ramp: number;
  /** Half the width of a slow wave in the tempo: 0.03 is 3 % up and down. */
  readonly wave: number;
  readonly waveBars: number;
}

export interface SongPlan {
  readonly seed: number;
  readonly number: number;
  readonly style: Style;
  readonly key: SongKey;
  readonly beatsPerBar: 3 | 4;
  /** At the middle of its drift. */
  readonly tempoBpm: number;
  /** Where the second eighth of a beat falls: 0.5 is straight. */
  readonly swing: number;
  readonly drift: TempoDrift;
  readonly durationSeconds: number;
  readonly verse: Progression;
  readonly chorus: Progression;
  /** Bars that a chord lasts: 0.5, 1 or 2. */
  readonly chordBars: number;
  /** Bars of the first part without bass and drums. */
  readonly introBars: number;
  readonly hasPickUp: boolean;
  readonly hasHeldEnd: boolean;
  readonly hasFills: boolean;
  readonly hasDropOuts: boolean;
  readonly hasMelody: boolean;
  readonly hasPad: boolean;
  readonly leadInSeconds: number;
  /** Standard deviation of when a hand plays. */
  readonly looseMs: number;
  readonly tuningCents: number;
  readonly hasReverb: boolean;
}

const SLOWEST_BPM = 60;
const FASTEST_BPM = 190;
/** Steps of this share cover the range evenly, however many songs are made. */
const GOLDEN_SHARE = (Math.sqrt(5) - 1) / 2;

/** Whether players keep to a style, or each to themselves. */
export type BandKind = 'styled' | 'mixed';

/** Song `number` of a seed is the same however many others are made. */
export function planSong(seed: number, number: number, band: BandKind = 'styled'): SongPlan {
  const dice = createDice(seed, number, 'plan');
  const share = (createDice(seed, 'tempo').between(0, 1) + number * GOLDEN_SHARE) % 1;
  const tempoBpm = Math.round((SLOWEST_BPM + share * (FASTEST_BPM - SLOWEST_BPM)) * 2) / 2;
  const beatsPerBar = dice.chance(0.36) ? 3 : 4;
  const style = band === 'mixed' ? mixedStyle(dice, beatsPerBar) : chooseStyle(dice, beatsPerBar, tempoBpm);
  const key = keyOf(seed, number);
  const progressions = PROGRESSIONS.filter(({ mode, taste }) => mode === key.mode && style.tastes.includes(taste));
  const barSeconds = (beatsPerBar * 60) / tempoBpm;
  return {
    seed,
    number,
    style,
    key,
    beatsPerBar,
    tempoBpm,
    swing: style.swing === null ? 0.5 : dice.between(...style.swing),
    drift: chooseDrift(dice),
    durationSeconds: dice.between(32, 42),
    verse: dice.pick(progressions.filter(({ opens }) => opens)),
    chorus: dice.pick(progressions),
    chordBars: chooseChordBars(dice, style, barSeconds),
    introBars: dice.chance(0.3) ? dice.pick([1, 2, 4]) : 0,
    hasPickUp: dice.chance(0.3),
    hasHeldEnd: dice.chance(0.6),
    hasFills: dice.chance(0.75),
    hasDropOuts: dice.chance(0.3),
    hasMelody: dice.chance(0.85),
    hasPad: dice.chance(0.3),
    leadInSeconds: dice.pick([0, dice.between(0.05, 0.4), dice.between(0.4, 1.5)]),
    looseMs: dice.weigh([
      [3, 0],
      [3, 4],
      [3, 8],
      [1, 13],
    ]),
    tuningCents: dice.chance(0.35) ? Math.round(dice.between(-30, 30)) : 0,
    hasReverb: dice.chance(0.5),
  };
}

/** All 24 keys come once in every 24 songs. */
function keyOf(seed: number, number: number): SongKey {
  const order = createDice(seed, Math.floor(number / 24), 'keys').shuffle(Array.from({ length: 24 }, (_, key) => key));
  const key = order[number % 24] ?? 0;
  return { tonicPitchClass: key % 12, mode: key < 12 ? 'major' : 'minor' };
}

function chooseStyle(dice: Dice, beatsPerBar: 3 | 4, tempoBpm: number): Style {
  const fitting = STYLES.filter(
    (style) => style.beatsPerBar === beatsPerBar && style.fromBpm <= tempoBpm && tempoBpm <= style.toBpm,
  );
  return dice.weigh(fitting.map((style) => [style.weight, style] as const));
}

function chooseDrift(dice: Dice): TempoDrift {
  const none = { ramp: 0, wave: 0, waveBars: 8 };
  const kind = dice.weigh([
    [7, 'none'],
    [1, 'ramp'],
    [1, 'wave'],
    [1, 'both'],
  ] as const);
  if (kind === 'none') return none;
  const ramp = kind === 'wave' ? 0 : dice.between(0.03, 0.09) * dice.pick([-1, 1]);
  const wave = kind === 'ramp' ? 0 : dice.between(0.01, 0.03);
  return { ramp, wave, waveBars: dice.whole(6, 14) };
}

/**
 * A chord lasts about as long as an ear wants: fast bars may share one, slow ones may have two. Without drums the change of chords is what
 * tells the bar, so there it comes with every bar.
 */
function chooseChordBars(dice: Dice, { beatsPerBar, drums }: Style, barSeconds: number): number {
  const options = [
    [barSeconds > 2.2 && beatsPerBar === 4 ? 0.3 : 0, 0.5],
    [1, 1],
    [barSeconds < 1.7 && drums.length > 0 ? 0.5 : 0, 2],
  ] as const;
  return dice.weigh(options);
}
