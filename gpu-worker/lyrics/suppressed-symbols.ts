/** Symbols by which transcripts annotate what is not spoken: speakers, noises, music. */

const SINGLE = [...'"#()*+/:;<=>@[\\]^_`{|}~「」『』'];
const COMBINED = ['<<', '>>', '<<<', '>>>', '--', '---', '-(', '-[', "('", '("', '((', '))', '(((', ')))', '[[', ']]', '{{', '}}', '♪♪', '♪♪♪']; // prettier-ignore
/** They share their first two bytes with each other and with nothing that is spoken, so their first token may go too. */
const MUSIC = ['♩', '♪', '♫', '♬', '♭', '♮', '♯'];
/** Allowed within words and not at their beginning. */
const WORD_BEGINNINGS = [' -', " '"];

/** The tokens that openai/whisper's tokenizer.py calls `non_speech_tokens`, so that texts are as people say them. */
export function suppressedSymbols(encode: (text: string) => readonly number[]): number[] {
  const tokens = new Set(WORD_BEGINNINGS.map((beginning) => encode(beginning)[0]!));
  for (const symbol of [...SINGLE, ...COMBINED, ...MUSIC]) {
    for (const encoded of [encode(symbol), encode(` ${symbol}`)]) {
      if (encoded.length === 1 || MUSIC.includes(symbol)) tokens.add(encoded[0]!);
    }
  }
  return [...tokens].sort((a, b) => a - b);
}
