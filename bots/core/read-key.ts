import { TONICS } from '../../workflows/contract/analysis.ts';
import type { SongFacts } from '../../workflows/contract/analysis.ts';

type SaidKey = NonNullable<SongFacts['key']>;

const NOTE = '(do|re|mi|fa|sol|la|si|[a-h])';
/** Those of German names stand close: `fis`, `des`; `s` is theirs for E and A alone. */
const SIGN = '(?:(is|es|s)|[\\s-]*(#|♯|b|♭|sharp|flat|sostenido|bemol))?';
const MODE = '(m|min|minor|moll|menor|minore|maj|major|dur|mayor|maggiore)?';
const KEY = new RegExp(`^${NOTE}${SIGN}[\\s-]*${MODE}$`, 'iu');
const SHARP = /^(?:is|#|♯|sharp|sostenido)$/iu;
const MINOR = /^(?:m|min|minor|moll|menor|minore)$/iu;
const GERMAN_MODE = /^(?:dur|moll)$/iu;
const SYLLABLES: Readonly<Record<string, string>> = { do: 'C', re: 'D', mi: 'E', fa: 'F', sol: 'G', la: 'A', si: 'B' };

/**
 * A key as people type it: `Em`, `Bb`, `f# minor`, `C-Dur`, `la menor`; null where it is none. H is B; B is B flat beside a German word for its mode.
 */
export function readKey(typed: string): SaidKey | null {
  const [, note = '', close = '', apart = '', mode = ''] = KEY.exec(typed.trim()) ?? [];
  const name = note.toUpperCase();
  if (close !== '' && !(close.toLowerCase() === 's' ? /^[AE]$/u : /^[A-H]$/u).test(name)) return null;
  const sign = close + apart;
  const isGermanB = name === 'B' && sign === '' && GERMAN_MODE.test(mode);
  const letter = SYLLABLES[note.toLowerCase()] ?? (name === 'H' ? 'B' : name);
  const accidental = isGermanB ? 'b' : sign === '' ? '' : SHARP.test(sign) ? '#' : 'b';
  const tonic = TONICS.find((each) => each === `${letter}${accidental}`);
  if (tonic === undefined) return null;
  // A capital M is what some write for major.
  return { tonic, mode: mode !== 'M' && MINOR.test(mode) ? 'minor' : 'major' };
}
