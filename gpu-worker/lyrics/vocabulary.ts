/** Whisper's words: GPT-2's byte-pair encoding (Radford et al. 2019) and the model's own signs. */
import { suppressedSymbols } from './suppressed-symbols.ts';

export interface Vocabulary {
  readonly size: number;
  readonly endOfText: number;
  readonly startOfTranscript: number;
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
/** How GPT-2 cuts text before it encodes: contractions, words, numbers and others with the space before them, further spaces. */
const PIECES = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;
const SIGN = /^<\|.*\|>$/;

/**
 * @param text a token a line, in the order of their numbers; bytes are written as GPT-2 writes them.
 * @throws RangeError where a sign is missing.
 */
export function readVocabulary(text: string): Vocabulary {
  const names = text.replace(/\n$/, '').split('\n');
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
  const suppressedSigns = ['transcribe', 'translate', 'startoftranscript', 'startofprev', 'startoflm', 'nocaptions'];
  return {
    size: names.length,
    endOfText,
    startOfTranscript: sign('<|startoftranscript|>'),
    previousText: sign('<|startofprev|>'),
    noSpeech: sign('<|nocaptions|>'),
    noTimestamps: sign('<|notimestamps|>'),
    firstTimestamp: sign('<|0.00|>'),
    suppressed: [...suppressedSigns.map((name) => sign(`<|${name}|>`)), ...suppressedSymbols(encode)],
    encode,
    bytesOf,
    decode: (tokens) => Buffer.concat(tokens.map(bytesOf)).toString('utf8'),
  };
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
