/** A singer's words with their times, as the network hears them. */
import type { SongLyrics } from '../../workflows/contract/lyrics.ts';
import { hearWords } from './hear-words.ts';
import type { ListenOptions } from './hear-words.ts';
import { makeLines } from './lyric-lines.ts';
import { LISTENING_RATE_HZ, logMel } from './log-mel.ts';
import { separateWords } from './separate-words.ts';
import { findLanguage } from './sung-language.ts';
import { findVoice } from './voice-activity.ts';
import type { Whisper } from './whisper.ts';

/**
 * @param samples of the voice alone, mono at 16 kHz, of any length
 * @returns no lines where nobody sings.
 * @throws RangeError for samples that are not numbers; the signal's reason when aborted.
 */
export async function hearLyrics(
  whisper: Whisper,
  samples: Float32Array,
  options: ListenOptions = {},
): Promise<SongLyrics> {
  requireNumbers(samples);
  const voice = findVoice(samples);
  if (voice.length === 0) return { language: null, lines: [], source: 'heard' };
  const mel = await logMel(samples);
  const language = await findLanguage(whisper, mel, voice);
  const heard = await hearWords(whisper, mel, voice, language, options);
  const words = separateWords(heard, samples.length / LISTENING_RATE_HZ);
  return { language: language.code, lines: makeLines(words), source: 'heard' };
}

export function requireNumbers(samples: Float32Array): void {
  const bad = samples.findIndex((sample) => !Number.isFinite(sample));
  if (bad >= 0) throw new RangeError(`sample ${bad} is ${samples[bad]}`);
}
