import { isLink } from './is-link.ts';

/** As codes of jobs are shown. */
const CODE = /^[2-9A-HJKMNP-TV-Z]{6}$/u;
const FILE_ENDING = /\.(?=\d?[a-z])[a-z\d]{2,5}$/iu;

/** A word that names a song, whatever stands beside it. */
export function isSong(word: string): boolean {
  return isLink(word) || CODE.test(word) || FILE_ENDING.test(word);
}

/**
 * Which of the words without an option's name are the song. A link or a code stands for itself; the name of a file may have blanks and reaches to
 * its ending; where none of them is a song by its looks, the first one is.
 */
export function typedSong(words: readonly string[]): {
  readonly song: string | undefined;
  readonly surplus: readonly string[];
} {
  const link = words.findIndex(isLink);
  const ending = words.findIndex((word) => FILE_ENDING.test(word));
  if (link < 0 && ending >= 0) {
    return { song: words.slice(0, ending + 1).join(' '), surplus: words.slice(ending + 1) };
  }
  const code = words.findIndex((word) => CODE.test(word));
  const at = link >= 0 ? link : Math.max(code, 0);
  return { song: words[at], surplus: words.filter((_, index) => index !== at) };
}
