/** Bands whose players do not listen to each other: grooves, figures and instruments that nothing keeps together, where a style would. */
import type { Dice } from './dice.ts';
import type { Groove, Style } from './styles.ts';

interface Figures {
  readonly kick: readonly string[];
  readonly snare: readonly string[];
  readonly hat: readonly string[];
  readonly bass: readonly string[];
  readonly comping: readonly string[];
}

/** More than once is more often. */
const FOUR: Figures = {
  kick: ['x.x.', 'x.x.', 'xxxx', 'x...', 'x...xx..', 'x..xx...', 'x..x..x.', 'x..x.x..', 'x..x......x.....'],
  snare: ['.x.x', '.x.x', '.x.x', '...x'],
  hat: ['....', 'xxxx', 'xxxx', 'xoxoxoxo', 'xoxoxoxo', 'xoxoxoxoxoxoxoxo'],
  bass: ['R---', 'R-R-', 'R-5-', 'RRRR', 'RRRRRRRR', 'R--R-R--', 'R35a'],
  comping: [
    'x---',
    'x-x-',
    'xxxx',
    'xoxoxoxo',
    '.x.x',
    '.x.x.x.x',
    'x--x----',
    'x--x--x-',
    'x-xx.xx-',
    '01210121',
    '0121012101210121',
  ],
};
const THREE: Figures = {
  kick: ['x..', 'x..', 'x....x', 'x..x..', 'xx.x..'],
  snare: ['.xx', '.xx', '..x', '.x.'],
  hat: ['...', 'xxx', 'xxx', 'xoxoxo', 'xoxoxoxoxoxo'],
  bass: ['R--', 'R--', 'R-5', 'RRR', 'RRRRRR', 'R--R--'],
  comping: ['x--', 'xxx', 'xoxoxo', '.xx', '.xx', '.x.x.x', 'x--x--', 'x-xxx-', '012321'],
};
const KITS = [0, 8, 16, 40];
const BASSES = [32, 33, 34, 38, 43];
const HANDS = [0, 1, 4, 5, 11, 16, 19, 24, 25, 27];
const TUNES = [22, 40, 56, 65, 68, 71, 73, 80];
/** Who plays, by how often. */
const BANDS = [
  [5, 'all'],
  [3, 'no drums'],
  [1, 'no bass and no drums'],
  [1, 'drums and bass'],
  [1, 'drums'],
] as const;

export function mixedStyle(dice: Dice, beatsPerBar: 3 | 4): Style {
  const figures = beatsPerBar === 4 ? FOUR : THREE;
  const rest = '.'.repeat(beatsPerBar);
  const band = dice.weigh(BANDS);
  const hasBass = band === 'all' || band === 'no drums' || band === 'drums and bass';
  const hasHand = band !== 'drums' && band !== 'drums and bass';
  const groove = (): Groove => ({
    kick: dice.pick(figures.kick),
    [dice.pick(['snare', 'snare', 'rim', 'clap'])]: dice.pick(figures.snare),
    [dice.pick(['hat', 'hat', 'ride', 'shaker'])]: dice.pick(figures.hat),
  });
  return {
    name: `mixed: ${band}`,
    beatsPerBar,
    fromBpm: 60,
    toBpm: 190,
    swing: dice.chance(0.15) ? [0.58, 0.68] : null,
    drums: band.startsWith('no ') ? [] : [groove()],
    kits: KITS,
    bass: [hasBass ? dice.pick(figures.bass) : rest],
    comping: [hasHand ? dice.pick(figures.comping) : rest],
    tastes: ['plain', 'folk', 'colour'],
    bassPrograms: BASSES,
    compingPrograms: HANDS,
    melodyPrograms: TUNES,
    syncopation: dice.pick([0, 0.1, 0.5]),
    weight: 1,
  };
}
