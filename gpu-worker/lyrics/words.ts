/** Gathers tokens into words. */
import type { Vocabulary } from './vocabulary.ts';

export interface TokenWord {
  /** With its spaces. */
  readonly text: string;
  /** Half-open span of the tokens it is made of. */
  readonly from: number;
  readonly to: number;
}

const PUNCTUATION = /^[\p{P}\p{S}]+$/u;
/** Open what follows them; all other punctuation closes what stands before it. */
const OPENING = /^[\p{Ps}\p{Pi}"'¿¡-]+$/u;

/**
 * A word begins with a space, and ends before the next. Punctuation belongs to the word at its side. A character whose bytes are
 * spread over several tokens is not torn apart.
 */
export function gatherWords(tokens: readonly number[], vocabulary: Vocabulary): TokenWord[] {
  const pieces: TokenWord[] = [];
  let from = 0;
  for (let to = 1; to <= tokens.length; to++) {
    const text = vocabulary.decode(tokens.slice(from, to));
    // A piece that ends within a character ends in a replacement character.
    if (text.endsWith('\u{fffd}') && to < tokens.length) continue;
    pieces.push({ text, from, to });
    from = to;
  }
  const words: TokenWord[] = [];
  for (const piece of pieces) {
    const before = words.at(-1);
    const begins = before === undefined || piece.text.startsWith(' ') || PUNCTUATION.test(piece.text.trim());
    const isSpaceBefore = before !== undefined && before.text.trim() === '';
    if (begins && !isSpaceBefore) words.push(piece);
    else words.splice(-1, 1, join(before, piece));
  }
  return attachPunctuation(words);
}

function attachPunctuation(words: readonly TokenWord[]): TokenWord[] {
  const attached: TokenWord[] = [];
  let opening: TokenWord | null = null;
  for (const word of words) {
    const sign = word.text.trim();
    const before = attached.at(-1);
    if (opening !== null) {
      attached.push(join(opening, word));
      opening = null;
    } else if (OPENING.test(sign) && (word.text.startsWith(' ') || before === undefined)) opening = word;
    else if (PUNCTUATION.test(sign) && before !== undefined && !word.text.startsWith(' ')) {
      attached.splice(-1, 1, join(before, word));
    } else attached.push(word);
  }
  return opening === null ? attached : [...attached, opening];
}

function join(a: TokenWord, b: TokenWord): TokenWord {
  return { text: a.text + b.text, from: a.from, to: b.to };
}
