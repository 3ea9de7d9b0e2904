import { TONICS } from '../../workflows/contract/analysis.ts';
import type { SongFacts } from '../../workflows/contract/analysis.ts';

type SaidKey = NonNullable<SongFacts['key']>;

const KEY = /^([a-g])(#|b|♯|♭|is|es|s)?\s*-?\s*(m|min|minor|moll|menor|maj|major|dur|mayor)?$/iu;

/** A key as people type it: `Em`, `Bb`, `f# minor`, `C-Dur`; null where it is none. */
export function readKey(typed: string): SaidKey | null {
  const [, letter = '', sign = '', mode = ''] = KEY.exec(typed.trim()) ?? [];
  const accidental = sign === '' ? '' : /^(?:#|♯|is)$/iu.test(sign) ? '#' : 'b';
  const tonic = TONICS.find((each) => each === `${letter.toUpperCase()}${accidental}`);
  if (tonic === undefined) return null;
  // A capital M is what some write for major.
  const isMinor = mode !== 'M' && /^(?:m|min|minor|moll|menor)$/iu.test(mode);
  return { tonic, mode: isMinor ? 'minor' : 'major' };
}
