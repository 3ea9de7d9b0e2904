/** Writes a window's text again, more freely, as long as it is repetitive or improbable (Radford et al. 2022, section 4.5). */
import { deflateSync } from 'node:zlib';
import type { Sound, Whisper } from './whisper.ts';
import { writeText } from './write-text.ts';
import type { WriteOptions, WrittenText } from './write-text.ts';

const TEMPERATURES = [0, 0.2, 0.4, 0.6, 0.8, 1];
/** Text that compresses better than this repeats itself. */
const HIGHEST_COMPRESSION = 2.4;
const LEAST_LOG_PROBABILITY = -1;
const SURE_NO_SPEECH = 0.6;
/** Speech and song were nowhere above 0.55; what Whisper makes of instruments, such as thanks for watching, at 0.82 and more. */
const INSTRUMENTS_NO_SPEECH = 0.75;
const INSTRUMENTS_LOG_PROBABILITY = -0.5;

export interface PatientText extends WrittenText {
  readonly temperature: number;
}

/** @returns the first good text, else the likeliest of those that do not repeat themselves, else of all. */
export async function writePatiently(
  whisper: Whisper,
  sound: Sound,
  prompt: readonly number[],
  options: Omit<WriteOptions, 'temperature'>,
): Promise<PatientText> {
  const texts: PatientText[] = [];
  const varied: PatientText[] = [];
  for (const temperature of TEMPERATURES) {
    const text = { ...(await writeText(whisper, sound, prompt, { ...options, temperature })), temperature };
    texts.push(text);
    const isVaried = compression(whisper.vocabulary.decode(text.tokens).trim()) <= HIGHEST_COMPRESSION;
    if (isVaried) varied.push(text);
    const isProbable = text.meanLogProbability >= LEAST_LOG_PROBABILITY;
    if (isSilence(text) || (isVaried && isProbable)) return text;
  }
  const chosen = (varied.length > 0 ? varied : texts).reduce((a, b) =>
    b.meanLogProbability > a.meanLogProbability ? b : a,
  );
  return { ...chosen, temperature: TEMPERATURES.at(-1)! };
}

/** Whether nobody speaks, as far as the network can tell; then other words would be no better. */
export function isSilence({ noSpeechProbability, meanLogProbability }: WrittenText): boolean {
  return (
    (noSpeechProbability > SURE_NO_SPEECH && meanLogProbability < LEAST_LOG_PROBABILITY) ||
    (noSpeechProbability > INSTRUMENTS_NO_SPEECH && meanLogProbability < INSTRUMENTS_LOG_PROBABILITY)
  );
}

/** How many times fewer bytes zlib makes of it. */
export function compression(text: string): number {
  const bytes = Buffer.from(text, 'utf8');
  return bytes.length / deflateSync(bytes).length;
}
