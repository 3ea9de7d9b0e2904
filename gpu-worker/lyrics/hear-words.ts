/** The words of a song, window after window of 30 s (openai/whisper, transcribe.py). */
import { alignTokens } from './align-tokens.ts';
import { cutLoops } from './cut-loops.ts';
import { timeWord } from './heard-word.ts';
import type { HeardWord } from './heard-word.ts';
import { FRAMES_PER_SECOND, melWindow } from './log-mel.ts';
import type { LogMel } from './log-mel.ts';
import { cutPhrases, trustPhrase } from './phrases.ts';
import type { SungLanguage } from './sung-language.ts';
import { joinSpans } from './voice-activity.ts';
import type { Span } from './voice-activity.ts';
import { MOST_TOKENS, WINDOW_FRAMES } from './whisper.ts';
import type { Sound, Whisper } from './whisper.ts';
import { gatherWords } from './words.ts';
import { isSilence, writePatiently } from './write-patiently.ts';
import type { PatientText } from './write-patiently.ts';

/** Shorter pauses are listened through, as the network was trained to; in longer ones it makes words up. */
const LONGEST_PAUSE_SECONDS = 3;
const MARGIN_SECONDS = 0.3;
const LEAST_STEP_FRAMES = FRAMES_PER_SECOND;
/** Text written at a higher temperature is not built on. */
const HIGHEST_TEMPERATURE_BEFORE = 0.5;
const MOST_TOKENS_BEFORE = MOST_TOKENS / 2 - 1;

export type StopSign = Pick<AbortSignal, 'throwIfAborted'>;

export interface ListenOptions {
  /** Looked at between two tokens. */
  readonly signal?: StopSign | undefined;
  /** How much of the work is done, 0 to 1. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

/**
 * @param voice where there is one, in their order
 * @returns words in their order, each with a time of its own; none where the network says that nobody speaks
 */
export async function hearWords(
  whisper: Whisper,
  mel: LogMel,
  voice: readonly Span[],
  { start }: SungLanguage,
  { signal, onProgress }: ListenOptions,
): Promise<HeardWord[]> {
  const { vocabulary } = whisper;
  const random = createRandom();
  const words: HeardWord[] = [];
  let before: number[] = [];
  for (const { from, to: end } of spansToHear(voice, mel.frames)) {
    let seek = from;
    while (seek < end) {
      signal?.throwIfAborted();
      onProgress?.(seek / mel.frames);
      const frames = Math.min(WINDOW_FRAMES, end - seek);
      const sound = await whisper.hear(melWindow(mel, seek, seek + frames, WINDOW_FRAMES));
      await nextTurn();
      const prompt = before.length === 0 ? [] : [vocabulary.previousText, ...before.slice(-MOST_TOKENS_BEFORE)];
      const text = await writePatiently(whisper, sound, [...prompt, ...start], { random, signal });
      if (text.tokens.length === 0 || isSilence(text)) {
        seek += frames;
        continue;
      }
      const window = await readWindow(whisper, sound, text, { seek, frames, voice, start });
      words.push(...after(words.at(-1), window.words));
      before = text.temperature > HIGHEST_TEMPERATURE_BEFORE ? [] : [...before, ...window.tokens];
      seek = Math.min(end, Math.max(window.nextSeek, seek + LEAST_STEP_FRAMES));
    }
  }
  onProgress?.(1);
  return words;
}

/** In frames. */
function spansToHear(voice: readonly Span[], frames: number): { readonly from: number; readonly to: number }[] {
  const whole = frames / FRAMES_PER_SECOND;
  return joinSpans(voice, LONGEST_PAUSE_SECONDS).map(({ startSeconds, endSeconds }) => {
    const from = startSeconds < LONGEST_PAUSE_SECONDS ? 0 : startSeconds - MARGIN_SECONDS;
    const to = whole - endSeconds < LONGEST_PAUSE_SECONDS ? whole : endSeconds + MARGIN_SECONDS;
    return { from: Math.floor(from * FRAMES_PER_SECOND), to: Math.floor(to * FRAMES_PER_SECOND) };
  });
}

interface WindowWords {
  readonly words: readonly HeardWord[];
  readonly tokens: readonly number[];
  readonly nextSeek: number;
}

async function readWindow(
  whisper: Whisper,
  sound: Sound,
  text: PatientText,
  {
    seek,
    frames,
    voice,
    start,
  }: {
    readonly seek: number;
    readonly frames: number;
    readonly voice: readonly Span[];
    readonly start: readonly number[];
  },
): Promise<WindowWords> {
  const { vocabulary } = whisper;
  const { phrases, doneSeconds, isDone } = cutPhrases(
    text.tokens,
    vocabulary.firstTimestamp,
    frames / FRAMES_PER_SECOND,
  );
  const offset = seek / FRAMES_PER_SECOND;
  const spoken = phrases.map(({ tokens }) => tokens.filter((token) => token < vocabulary.endOfText));
  const { startsSeconds, probabilities } = await alignTokens(whisper, sound, { start, text: spoken.flat() }, frames);
  const words: HeardWord[] = [];
  let first = 0;
  let endSeconds = 0;
  for (const [index, tokens] of spoken.entries()) {
    const gathered = gatherWords(tokens, vocabulary).filter((word) => /[\p{L}\p{N}]/u.test(word.text));
    const looked = trustPhrase(
      phrases[index]!,
      gathered.map((word) => ({
        startSeconds: startsSeconds[first + word.from]!,
        endSeconds: startsSeconds[first + word.to]!,
      })),
    );
    endSeconds = looked.at(-1)?.endSeconds ?? endSeconds;
    const spans = looked.map((span) => ({
      startSeconds: offset + span.startSeconds,
      endSeconds: offset + span.endSeconds,
    }));
    const timed = spans.map((span) => timeWord(span, voice));
    // A word may be misplaced; where all of them are far from any voice, nobody said them.
    const isVoiced = timed.some((span) => span !== null);
    for (const [position, word] of isVoiced ? gathered.entries() : []) {
      const confidence = mean(probabilities.slice(first + word.from, first + word.to));
      const span = timed[position] ?? spans[position]!;
      words.push({ ...span, text: word.text.trim(), confidence, beginsPhrase: position === 0 });
    }
    first += tokens.length;
  }
  const readSeconds = isDone || first === 0 ? doneSeconds : endSeconds;
  return {
    words: cutLoops(words),
    tokens: phrases.flatMap(({ tokens }) => tokens),
    nextSeek: seek + Math.round(readSeconds * FRAMES_PER_SECOND),
  };
}

/** A window may hear the end of the last one's word once more, as the beginning of its own. */
function after(last: HeardWord | undefined, words: readonly HeardWord[]): HeardWord[] {
  const earliest = last?.endSeconds ?? 0;
  return words.map((word) => ({
    ...word,
    startSeconds: Math.max(earliest, word.startSeconds),
    endSeconds: Math.max(earliest, word.endSeconds),
  }));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** Marsaglia's xorshift of 32 bits: the same song gives the same words. */
function createRandom(): () => number {
  let state = 0x9e_37_79_b9;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Lets others on this thread, above all who cancels, have their turn. */
async function nextTurn(): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
}
