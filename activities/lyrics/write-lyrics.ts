import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { LyricsDocument, LyricsSummary, SongLyrics } from '../../workflows/contract/lyrics.ts';
import type { WriteActivities } from '../../workflows/contract/media-activities.ts';
import { readJson } from '../small-blobs.ts';
import { putFiles, writeOnce } from '../written-record.ts';
import { lineText, sungLines } from './sung-lines.ts';
import { writeLrc } from './write-lrc.ts';
import { writeSrt } from './write-srt.ts';
import { writeText } from './write-text.ts';

/** Raised whenever the same words are written otherwise. */
const VERSION = 2;
const OPENING_LINES = 6;

type LyricsInput = Parameters<WriteActivities['writeLyrics']>[0];

/** The activity. Its files lie under a key of all that decides them: an attempt that finds them returns at once. */
export function createWriteLyrics({ blobs }: { readonly blobs: BlobStore }): WriteActivities['writeLyrics'] {
  return async (input) => {
    const { title, durationSeconds, heard } = input;
    const decidedBy = [VERSION, title, durationSeconds, heard.sha256];
    return await writeOnce<LyricsSummary>(blobs, { kind: 'lyrics', decidedBy }, async (folder) => {
      const lyrics = await readJson<SongLyrics>(blobs, heard);
      const files = await putFiles(blobs, folder, 'lyrics', writeFiles(lyrics, input));
      return { summary: summarise(lyrics), files };
    });
  };
}

/** By name, in the order they are handed over; a song that nobody sings has nothing to read. */
function writeFiles(
  lyrics: SongLyrics,
  { title, durationSeconds }: LyricsInput,
): readonly (readonly [string, string])[] {
  const words = lyrics.lines.flatMap((line) => line.words);
  const document: LyricsDocument = { title, ...lyrics, words };
  const json = ['lyrics.json', `${JSON.stringify(document, null, 2)}\n`] as const;
  if (words.length === 0) return [json];
  return [
    ['lyrics.txt', writeText(lyrics)],
    ['lyrics.lrc', writeLrc(lyrics, { title, durationSeconds })],
    ['lyrics.srt', writeSrt(lyrics)],
    json,
  ];
}

function summarise(lyrics: SongLyrics): LyricsSummary {
  const lines = sungLines(lyrics);
  const words = lines.flatMap((line) => line.words);
  const sum = words.reduce((total, { confidence }) => total + confidence, 0);
  return {
    language: lyrics.language,
    source: lyrics.source,
    words: words.length,
    confidence: words.length === 0 ? null : sum / words.length,
    opening: lines.slice(0, OPENING_LINES).map((line) => ({
      startSeconds: line.words[0]!.startSeconds,
      text: lineText(line),
    })),
  };
}
