/** A vocabulary of all bytes, a few merges and the signs, named as GPT-2 names them. */

const MERGES = ['he', 'll', 'hell', 'hello', 'Ġw', 'or', 'Ġwor', 'ld', 'Ġworld', "'t"];
const SIGNS = ['endoftext', 'startoftranscript', 'translate', 'transcribe', 'startoflm', 'startofprev', 'nocaptions', 'notimestamps']; // prettier-ignore
const TIMESTAMPS = 1501;

export function smallVocabularyText(): string {
  const isPrintable = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  const printable = bytes.filter(isPrintable).map((byte) => String.fromCodePoint(byte));
  const others = bytes.filter((byte) => !isPrintable(byte)).map((_, index) => String.fromCodePoint(256 + index));
  const signs = SIGNS.map((name) => `<|${name}|>`);
  const timestamps = Array.from({ length: TIMESTAMPS }, (_, index) => `<|${(index * 0.02).toFixed(2)}|>`);
  return [...printable, ...others, ...MERGES, ...signs, ...timestamps].map((name) => `${name}\n`).join('');
}
