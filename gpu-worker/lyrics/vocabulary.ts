/** Whisper's words: GPT-2's byte-pair encoding (Radford et al. 2019) and the model's own signs. */
import { z } from 'zod';
import { suppressedSymbols } from './suppressed-symbols.ts';

export interface Vocabulary {
  readonly size: number;
  readonly endOfText: number;
  readonly startOfTranscript: number;
  /** That the text is to be in the language of the song. */
  readonly transcribe: number;
  /** Their tokens by their codes; none where the network knows English alone. */
  readonly languages: ReadonlyMap<string, number>;
  /** What follows it, up to the start, was said before. */
  readonly previousText: number;
  readonly noSpeech: number;
  readonly noTimestamps: number;
  /** `<|0.00|>`; each further one is {@link TIMESTAMP_SECONDS} later, up to the last of the vocabulary. */
  readonly firstTimestamp: number;
  /** Never to be written: signs of other tasks, and symbols that annotate sounds and speakers. */
  readonly suppressed: readonly number[];
  encode(text: string): number[];
  /** Of an ordinary token; none of a sign. */
  bytesOf(token: number): Uint8Array;
  /** Without signs; bytes that are no text become replacement characters. */
  decode(tokens: readonly number[]): string;
}

export const TIMESTAMP_SECONDS = 0.02;
const WINDOW_SECONDS = 30;
const MOST_TOKENS = 100_000;
/** How GPT-2 cuts text before it encodes: contractions, words, numbers and others with the space before them, further spaces. */
const PIECES = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;
const SIGN = /^<\|.*\|>$/;
const LANGUAGE = /^<\|(?<code>[a-z]{2,3})\|>$/;
/** English-only networks have a token less (openai/whisper, model.py: is_multilingual), and the signs of languages all the same. */
const LEAST_MULTILINGUAL = 51_865;

/**
 * @param text a token a line, in the order of their numbers, or `tokenizer.json`; bytes are written as GPT-2 writes them.
 * @throws RangeError where a sign is missing.
 */
export function readVocabulary(text: string): Vocabulary {
  const names = text.startsWith('{') ? readTokenizer(text) : text.replace(/\n$/, '').split('\n');
  const numbers = new Map(names.map((name, number) => [name, number]));
  const sign = (name: string): number => {
    const number = numbers.get(name);
    if (number === undefined) throw new RangeError(`the vocabulary has no ${name}`);
    return number;
  };
  const endOfText = sign('<|endoftext|>');
  const bytes = names.slice(0, endOfText).map(bytesOfName);
  /** By the bytes as Latin-1 text. A pair's number is also its rank: numbers were given in the order of the merges. */
  const byBytes = new Map(bytes.map((piece, number) => [Buffer.from(piece).toString('latin1'), number]));
  const none = new Uint8Array(0);

  const encode = (source: string): number[] =>
    (source.match(PIECES) ?? []).flatMap((piece) =>
      encodePiece(Buffer.from(piece, 'utf8').toString('latin1'), byBytes),
    );
  const bytesOf = (token: number): Uint8Array => bytes[token] ?? none;
  // Younger vocabularies have another name for it.
  const noSpeech = numbers.get('<|nospeech|>') ?? sign('<|nocaptions|>');
  const suppressedSigns = ['transcribe', 'translate', 'startoftranscript', 'startofprev', 'startoflm'];
  const languages = names.length < LEAST_MULTILINGUAL ? [] : names.slice(endOfText, sign('<|translate|>'));
  return {
    size: names.length,
    endOfText,
    startOfTranscript: sign('<|startoftranscript|>'),
    previousText: sign('<|startofprev|>'),
    transcribe: sign('<|transcribe|>'),
    languages: new Map(
      languages.flatMap((name, index) => {
        const code = LANGUAGE.exec(name)?.groups?.['code'];
        return code === undefined ? [] : [[code, endOfText + index]];
      }),
    ),
    noSpeech,
    noTimestamps: sign('<|notimestamps|>'),
    firstTimestamp: sign('<|0.00|>'),
    suppressed: [...suppressedSigns.map((name) => sign(`<|${name}|>`)), noSpeech, ...suppressedSymbols(encode)],
    encode,
    bytesOf,
    decode: (tokens) => Buffer.concat(tokens.map(bytesOf)).toString('utf8'),
  };
}

const tokenizerSchema = z.object({
  model: z.object({ vocab: z.record(z.string(), z.int().nonnegative()) }),
  added_tokens: z.array(z.object({ id: z.int().nonnegative(), content: z.string() })),
});

/** The tokens of `tokenizer.json` in their order; older ones leave the timestamps out, which are the last. */
function readTokenizer(text: string): string[] {
  const { model, added_tokens: added } = tokenizerSchema.parse(JSON.parse(text));
  const numbered = [...Object.entries(model.vocab), ...added.map(({ id, content }) => [content, id] as const)];
  const names: string[] = [];
  for (const [name, number] of numbered) {
    if (number > MOST_TOKENS) throw new RangeError(`a token of number ${String(number)}`);
    names[number] = name;
  }
  if (!names.includes('<|0.00|>')) {
    for (let step = 0; step <= WINDOW_SECONDS / TIMESTAMP_SECONDS; step++) {
      names.push(`<|${(step * TIMESTAMP_SECONDS).toFixed(2)}|>`);
    }
  }
  return Array.from(names, (name) => name ?? '');
}

/** Merges the pair of the lowest rank until no pair is a token. */
function encodePiece(piece: string, byBytes: ReadonlyMap<string, number>): number[] {
  let parts = [...piece];
  while (parts.length > 1) {
    let best = -1;
    let lowest = Infinity;
    for (let at = 0; at + 1 < parts.length; at++) {
      const rank = byBytes.get(parts[at]! + parts[at + 1]!) ?? Infinity;
      if (rank < lowest) {
        lowest = rank;
        best = at;
      }
    }
    if (best < 0) break;
    parts = parts.toSpliced(best, 2, parts[best]! + parts[best + 1]!);
  }
  return parts.map((part) => byBytes.get(part)!);
}

/** GPT-2 writes the printable characters of Latin-1 as themselves, and the other bytes as the characters from U+0100 on. */
function bytesOfName(name: string): Uint8Array {
  return SIGN.test(name)
    ? new Uint8Array(0)
    : Uint8Array.from([...name], (character) => BYTE_OF_CHARACTER.get(character) ?? 0);
}

const BYTE_OF_CHARACTER: ReadonlyMap<string, number> = new Map(
  (() => {
    const isPrintable = (byte: number): boolean =>
      (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    let others = 0;
    return Array.from({ length: 256 }, (_, byte): [string, number] => [
      String.fromCodePoint(isPrintable(byte) ? byte : 0x1_00 + others++),
      byte,
    ]);
  })(),
);
