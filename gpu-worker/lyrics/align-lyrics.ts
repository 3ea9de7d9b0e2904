/** When a singer's own words are sung. */
import type { SongLyrics } from '../../workflows/contract/lyrics.ts';
import { alignTokens } from './align-tokens.ts';
import { readGivenLines } from './given-lines.ts';
import { requireNumbers } from './hear-lyrics.ts';
import { hearWords } from './hear-words.ts';
import type { ListenOptions } from './hear-words.ts';
import { timeWord } from './heard-word.ts';
import { FRAMES_PER_SECOND, LISTENING_RATE_HZ, logMel, melWindow } from './log-mel.ts';
import type { LogMel } from './log-mel.ts';
import { matchWords, plainWord } from './match-words.ts';
import { placeWords } from './place-words.ts';
import { separateWords } from './separate-words.ts';
import { findLanguage, givenLanguage } from './sung-language.ts';
import { findVoice } from './voice-activity.ts';
import type { Span } from './voice-activity.ts';
import { WINDOW_FRAMES } from './whisper.ts';
import type { Whisper } from './whisper.ts';
import { MOST_TEXT_TOKENS } from './write-text.ts';

/** A window leaves this much room before its first word and after its last. */
const MARGIN_SECONDS = 0.4;
/** Words before and after, which are aligned with it and not taken: at its ends a text has no choice. */
const NEIGHBOURS = 3;
const LONGEST_SECONDS = WINDOW_FRAMES / FRAMES_PER_SECOND - 2 * MARGIN_SECONDS;
/** Of the work; hearing the words is the rest. */
const ALIGNING_SHARE = 0.2;

interface GivenWord {
  readonly text: string;
  readonly tokens: readonly number[];
}

/**
 * First the network writes down what it hears; where that is what was given, it says about when each line is sung. Then it reads
 * the given words in windows there, and where it looks in the sound says when exactly.
 * @param samples of the voice alone, mono at 16 kHz, of any length
 * @param text a line of the song a line; `[…]` is not sung
 * @returns every given word, in the order and lines of the text; no lines where nobody sings.
 * @throws RangeError for samples that are not numbers; the signal's reason when aborted.
 */
export async function alignLyrics(
  whisper: Whisper,
  samples: Float32Array,
  text: string,
  { signal, onProgress }: ListenOptions = {},
): Promise<SongLyrics> {
  requireNumbers(samples);
  const lines = readGivenLines(text);
  const voice = findVoice(samples);
  if (lines.length === 0 || voice.length === 0) return { language: null, lines: [], source: 'given' };
  const mel = await logMel(samples);
  const language = await findLanguage(whisper, mel, voice);
  const heard = await hearWords(whisper, mel, voice, language, {
    signal,
    onProgress: onProgress && ((fraction) => onProgress((1 - ALIGNING_SHARE) * fraction)),
  });

  const words = lines.flat().map((word) => ({ text: word, tokens: whisper.vocabulary.encode(` ${word}`) }));
  const matches = matchWords(
    words.map((word) => word.text),
    heard.map((word) => word.text),
  );
  const rough = placeWords(
    words.map((word) => plainWord(word.text).length),
    matches.map((at) => (at === null ? null : heard[at]!)),
    voice,
  );
  const timed: (Span & { readonly confidence: number })[] = [];
  for (let from = 0; from < words.length;) {
    signal?.throwIfAborted();
    const to = windowEnd(words, rough, from);
    timed.push(...(await alignWindow(whisper, mel, voice, { start: language.start, words, rough, from, to })));
    from = to;
    onProgress?.(1 - ALIGNING_SHARE + (ALIGNING_SHARE * to) / words.length);
  }
  const separate = separateWords(timed, samples.length / LISTENING_RATE_HZ);
  let next = 0;
  const timedLines = lines.map((line) => ({
    words: line.map((word) => {
      const { startSeconds, endSeconds, confidence } = separate[next++]!;
      return { startSeconds, endSeconds, text: word, confidence };
    }),
  }));
  const confidences = timed.map(({ confidence }) => confidence);
  return { language: givenLanguage(whisper, language, confidences), lines: timedLines, source: 'given' };
}

/** As many words from `from` on as a window holds; one at the least. */
function windowEnd(words: readonly GivenWord[], rough: readonly Span[], from: number): number {
  const start = rough[Math.max(0, from - NEIGHBOURS)]!.startSeconds;
  let tokens = words.slice(Math.max(0, from - NEIGHBOURS), from).reduce((sum, word) => sum + word.tokens.length, 0);
  let to = from;
  while (to < words.length) {
    tokens += words[to]!.tokens.length;
    const end = rough[Math.min(words.length - 1, to + NEIGHBOURS)]!.endSeconds;
    if (to > from && (end - start > LONGEST_SECONDS || tokens > MOST_TEXT_TOKENS)) break;
    to++;
  }
  return to;
}

async function alignWindow(
  whisper: Whisper,
  mel: LogMel,
  voice: readonly Span[],
  at: {
    readonly start: readonly number[];
    readonly words: readonly GivenWord[];
    readonly rough: readonly Span[];
    readonly from: number;
    readonly to: number;
  },
): Promise<(Span & { readonly confidence: number })[]> {
  const { words, rough, from, to } = at;
  const inWindow = (index: number): boolean =>
    rough[index]!.endSeconds - rough[from]!.startSeconds < LONGEST_SECONDS &&
    rough[to - 1]!.endSeconds - rough[index]!.startSeconds < LONGEST_SECONDS;
  let first = from;
  while (first > Math.max(0, from - NEIGHBOURS) && inWindow(first - 1)) first--;
  let last = to - 1;
  while (last < Math.min(words.length, to + NEIGHBOURS) - 1 && inWindow(last + 1)) last++;

  const start = Math.max(0, rough[first]!.startSeconds - MARGIN_SECONDS);
  const startFrame = Math.min(mel.frames - 1, Math.floor(start * FRAMES_PER_SECOND));
  const endFrame = Math.ceil((rough[last]!.endSeconds + MARGIN_SECONDS) * FRAMES_PER_SECOND);
  const frames = Math.max(1, Math.min(WINDOW_FRAMES, mel.frames - startFrame, endFrame - startFrame));
  const sound = await whisper.hear(melWindow(mel, startFrame, startFrame + frames, WINDOW_FRAMES));
  const tokens = words.slice(first, last + 1).flatMap((word) => word.tokens);
  const { startsSeconds, probabilities } = await alignTokens(whisper, sound, { start: at.start, text: tokens }, frames);

  const offset = startFrame / FRAMES_PER_SECOND;
  let token = 0;
  const aligned = words.slice(first, last + 1).map((word) => {
    const end = token + word.tokens.length;
    const span = { startSeconds: offset + startsSeconds[token]!, endSeconds: offset + startsSeconds[end]! };
    const sum = probabilities.slice(token, end).reduce((total, probability) => total + probability, 0);
    token = end;
    return { ...(timeWord(span, voice) ?? span), confidence: sum / word.tokens.length };
  });
  return aligned.slice(from - first, to - first);
}
