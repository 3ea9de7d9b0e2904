/** From a window's sound to the likeliest text: beam search, or sampling where the likeliest was no good. */
import { applyTokenRules, logSumExp } from './token-rules.ts';
import { MOST_TOKENS } from './whisper.ts';
import type { DecoderAnswer, Sound, Whisper } from './whisper.ts';

const BEAMS = 5;
/** Texts drawn at once at a temperature; the likeliest of them is taken. */
const DRAWN = 5;
/** Half of what the decoder can hold; the other half is for what was said before. */
export const MOST_TEXT_TOKENS = MOST_TOKENS / 2;

export interface WrittenText {
  /** Words and timestamps, without the end. */
  readonly tokens: readonly number[];
  /** Of a token, its end included; natural logarithm. */
  readonly meanLogProbability: number;
  /** That nobody speaks, as the network sees it before it writes. */
  readonly noSpeechProbability: number;
}

export interface WriteOptions {
  /** 0: the likeliest text. Above: drawn, the more freely the higher. */
  readonly temperature: number;
  /** Numbers of 0 to 1 for drawing. */
  readonly random: () => number;
  readonly signal?: Pick<AbortSignal, 'throwIfAborted'> | undefined;
}

interface Text {
  readonly tokens: readonly number[];
  readonly logProbability: number;
}

interface Candidate {
  readonly parent: number;
  readonly token: number;
  readonly logProbability: number;
}

/**
 * @param prompt what comes before the text: what was said before, the start of the transcript, and its language
 * @throws the signal's reason, between two tokens.
 */
export async function writeText(
  whisper: Whisper,
  sound: Sound,
  prompt: readonly number[],
  options: WriteOptions,
): Promise<WrittenText> {
  const { endOfText, size } = whisper.vocabulary;
  const isDrawn = options.temperature > 0;
  const most = Math.min(MOST_TEXT_TOKENS, MOST_TOKENS - prompt.length);
  const finished: Text[] = [];
  let alive: Text[] = isDrawn
    ? Array.from({ length: DRAWN }, () => ({ tokens: [], logProbability: 0 }))
    : [{ tokens: [], logProbability: 0 }];
  const { noSpeechProbability, begun } = await readPrompt(whisper, sound, prompt, alive.length);
  let answer = begun;
  let parents: readonly number[] = [];

  for (let step = 0; alive.length > 0 && step < most; step++) {
    options.signal?.throwIfAborted();
    if (step > 0) {
      const texts = alive.map(({ tokens }) => [tokens.at(-1)!]);
      answer = await whisper.read(sound, { texts, after: { read: answer.read, parents }, wanted: 'last' });
    }
    const { logits: all } = answer;
    const rows = alive.map(({ tokens }, text) => {
      const logits = all.subarray(text * size, (text + 1) * size);
      applyTokenRules(logits, tokens, whisper.vocabulary);
      return logits;
    });
    const candidates = isDrawn
      ? rows.map((logits, text) => draw(logits, text, alive[text]!.logProbability, options))
      : likeliest(rows, alive, 2 * BEAMS);
    const next: Text[] = [];
    const nextParents: number[] = [];
    for (const [rank, { parent, token, logProbability }] of candidates.entries()) {
      const { tokens } = alive[parent]!;
      if (token !== endOfText) {
        if (isDrawn || next.length < BEAMS) {
          next.push({ tokens: [...tokens, token], logProbability });
          nextParents.push(parent);
        }
      } else if (isDrawn || rank < BEAMS) finished.push({ tokens, logProbability });
    }
    alive = !isDrawn && finished.length >= BEAMS ? [] : next;
    parents = nextParents;
  }

  const best = [...finished, ...alive].reduce((a, b) => (perToken(b) > perToken(a) ? b : a));
  return {
    tokens: best.tokens,
    meanLogProbability: best.logProbability / (best.tokens.length + 1),
    noSpeechProbability,
  };
}

/** Reads it for several texts. Whether nobody speaks is said behind the start, before any language is named. */
async function readPrompt(
  { read, vocabulary }: Whisper,
  sound: Sound,
  prompt: readonly number[],
  texts: number,
): Promise<{ readonly noSpeechProbability: number; readonly begun: DecoderAnswer }> {
  const started = prompt.lastIndexOf(vocabulary.startOfTranscript) + 1;
  const ofEach = (tokens: readonly number[]): (readonly number[])[] => Array.from({ length: texts }, () => tokens);
  const begun = await read(sound, { texts: ofEach(prompt.slice(0, started)), after: null, wanted: 'last' });
  const all = logSumExp(begun.logits, 0, vocabulary.size);
  const noSpeechProbability = Math.exp(begun.logits[vocabulary.noSpeech]! - all);
  const language = prompt.slice(started);
  if (language.length === 0) return { noSpeechProbability, begun };
  const after = { read: begun.read, parents: Array.from({ length: texts }, (_, text) => text) };
  return { noSpeechProbability, begun: await read(sound, { texts: ofEach(language), after, wanted: 'last' }) };
}

function perToken({ tokens, logProbability }: Text): number {
  return logProbability / Math.max(1, tokens.length);
}

/** The best continuations of all texts, best first. */
function likeliest(rows: readonly Float32Array[], alive: readonly Text[], count: number): Candidate[] {
  const best: Candidate[] = [];
  for (const [parent, logits] of rows.entries()) {
    const base = alive[parent]!.logProbability - logSumExp(logits, 0, logits.length);
    let least = best.length < count ? -Infinity : best.at(-1)!.logProbability;
    for (let token = 0; token < logits.length; token++) {
      const logProbability = base + logits[token]!;
      if (logProbability <= least) continue;
      const at = best.findLastIndex((other) => other.logProbability >= logProbability) + 1;
      best.splice(at, 0, { parent, token, logProbability });
      if (best.length > count) best.pop();
      least = best.length < count ? -Infinity : best.at(-1)!.logProbability;
    }
  }
  return best;
}

function draw(logits: Float32Array, parent: number, before: number, { temperature, random }: WriteOptions): Candidate {
  const tempered = logits.map((logit) => logit / temperature);
  const total = logSumExp(tempered, 0, tempered.length);
  let left = random();
  let token = -1;
  for (let candidate = 0; candidate < tempered.length && left >= 0; candidate++) {
    const share = Math.exp(tempered[candidate]! - total);
    if (share > 0) token = candidate;
    left -= share;
  }
  return { parent, token, logProbability: before + logits[token]! - logSumExp(logits, 0, logits.length) };
}
