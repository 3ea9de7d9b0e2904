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
