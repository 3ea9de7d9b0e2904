/** In which language a song is sung (openai/whisper, decoding.py: detect_language). */
import { FRAMES_PER_SECOND, melWindow } from './log-mel.ts';
import type { LogMel } from './log-mel.ts';
import type { Span } from './voice-activity.ts';
import { WINDOW_FRAMES } from './whisper.ts';
import type { Whisper } from './whisper.ts';

export interface SungLanguage {
  /** ISO 639-1, such as `en`. */
  readonly code: string;
  /** What the decoder reads before a text in it. */
  readonly start: readonly number[];
}

/** The likeliest by the first 30 s of voice; English where the network knows no other. @param voice at least one span */
export async function findLanguage(whisper: Whisper, mel: LogMel, voice: readonly Span[]): Promise<SungLanguage> {
  const { startOfTranscript, transcribe, languages } = whisper.vocabulary;
  if (languages.size === 0) return { code: 'en', start: [startOfTranscript] };
  const from = Math.min(Math.floor(voice[0]!.startSeconds * FRAMES_PER_SECOND), Math.max(0, mel.frames - 1));
  const sound = await whisper.hear(melWindow(mel, from, from + WINDOW_FRAMES, WINDOW_FRAMES));
  const { logits } = await whisper.read(sound, { texts: [[startOfTranscript]], after: null, wanted: 'last' });
  const [code, token] = [...languages].reduce((a, b) => (logits[b[1]]! > logits[a[1]]! ? b : a));
  return { code, start: [startOfTranscript, token, transcribe] };
}

/** Of given English, spoken or sung, an English network is at least this sure on average; of other languages at most half as sure. */
const PLAINLY_ENGLISH = 0.5;

/**
 * In which language somebody's own words are: what the network heard, and nothing where it knows no other and does not plainly hear these words in its own.
 * @param confidences of the words, 0 to 1
 */
export function givenLanguage(whisper: Whisper, heard: SungLanguage, confidences: readonly number[]): string | null {
  if (whisper.vocabulary.languages.size > 0) return heard.code;
  const sum = confidences.reduce((total, confidence) => total + confidence, 0);
  return confidences.length > 0 && sum / confidences.length >= PLAINLY_ENGLISH ? heard.code : null;
}
