/** Songs that have an analysis and tabs, made by the code that makes them, of notes and beats that are known. */
import { randomUUID } from 'node:crypto';
import { wavHeader } from '../../activities/media/float-wav.ts';
import { tabPages as writePages } from '../../activities/tab/tab-pages.ts';
import { createSheets } from '../../db/sheets.repository.ts';
import type { SongAnalysis, SongRhythm } from '../../workflows/contract/analysis.ts';
import type { HeardNote } from '../../workflows/contract/notes.ts';
import type { StoredBlob } from '../../workflows/contract/recording.ts';
import type { AnalysisSummary } from '../../workflows/contract/sheets.ts';
import type { TabPart } from '../../workflows/contract/tab.ts';
import { NAMED_TUNINGS } from '../../workflows/contract/tunings.ts';
import { BAR_SECONDS, BEAT_SECONDS, CHORDS, SONG_SECONDS } from '../../tools/example-song/song.ts';
import type { PagesBench } from '../pages.test-kit.ts';

export type SheetBench = Pick<PagesBench, 'database' | 'blobs' | 'client'>;

/** A song that stands in the database, and a job that made something of it. */
export interface SheetSong {
  readonly jobId: string;
  readonly recordingId: string;
}

/** Whatever else would be found out is left out. */
export function analysisWith(rhythm: SongRhythm | null, more: Partial<SongAnalysis> = {}): SongAnalysis {
  return {
    durationSeconds: SONG_SECONDS,
    rhythm,
    key: null,
    chords: [],
    sections: [],
    tuningCents: 0,
    loudnessLufs: -14,
    peakDbtp: -1,
    loudnessRangeLu: 4,
    genre: null,
    mood: null,
    ...more,
  };
}

/** @param beatsSeconds of which each `beatsPerBar`-th begins a bar, the first one among them */
export function rhythmOf(beatsSeconds: readonly number[], beatsPerBar = 4): SongRhythm {
  const [first = 0, last = 0] = [beatsSeconds[0], beatsSeconds.at(-1)];
  return {
    tempoBpm: (60 * (beatsSeconds.length - 1)) / (last - first),
    confidence: 0.9,
    tempoCurve: [],
    beatsSeconds,
    downbeatsSeconds: beatsSeconds.filter((_, index) => index % beatsPerBar === 0),
    timeSignature: { beatsPerBar, beatUnit: 4, confidence: 0.9 },
    swing: 0.5,
  };
}

/** Of the example song: its tempo never changes. */
export const EXAMPLE_RHYTHM = rhythmOf(
  Array.from({ length: Math.floor(SONG_SECONDS / BEAT_SECONDS) + 1 }, (_, beat) => beat * BEAT_SECONDS),
);

const LABELS = ['A:min', 'F:maj', 'C:maj', 'G:maj', 'D:min', 'F:maj', 'E:7', 'A:min'];

/** All that is known of the example song. */
export const EXAMPLE_ANALYSIS = analysisWith(EXAMPLE_RHYTHM, {
  key: { tonic: 'A', mode: 'minor', otherMode: null, confidence: 0.9 },
  chords: Array.from({ length: SONG_SECONDS / BAR_SECONDS }, (_, bar) => ({
    startSeconds: bar * BAR_SECONDS,
    endSeconds: (bar + 1) * BAR_SECONDS,
    label: LABELS[bar % LABELS.length] ?? 'N',
    confidence: 0.9,
  })),
  sections: [
    { startSeconds: 0, endSeconds: 2 * BAR_SECONDS, letter: 'A', name: 'intro' },
    { startSeconds: 2 * BAR_SECONDS, endSeconds: 10 * BAR_SECONDS, letter: 'B', name: 'verse' },
    { startSeconds: 10 * BAR_SECONDS, endSeconds: SONG_SECONDS, letter: 'B', name: 'verse' },
  ],
});

/** What its guitar plays: a strummed bar of a chord each. */
export function exampleGuitar(): HeardNote[] {
  const bars = Math.floor(SONG_SECONDS / BAR_SECONDS);
  return Array.from({ length: bars }, (_, bar) => {
    const [, voicing] = CHORDS[bar % CHORDS.length] ?? [0, []];
    return [0, 1, 1.5, 2.5, 3, 3.5].flatMap((beat) =>
      voicing.map((pitchMidi) => heardNote(bar * BAR_SECONDS + beat * BEAT_SECONDS, pitchMidi, BEAT_SECONDS / 2)),
    );
  }).flat();
}

export function heardNote(startSeconds: number, pitchMidi: number, seconds = 0.3): HeardNote {
  return { startSeconds, endSeconds: startSeconds + seconds, pitchMidi, amplitude: 0.7, bendCents: null };
}

export async function addAnalysis(
  bench: SheetBench,
  { jobId }: SheetSong,
  analysis: SongAnalysis,
): Promise<StoredBlob> {
  const blob = await putJson(bench, analysis);
  const picture = await put(bench, 'analysis.png', ONE_PIXEL);
  const { rhythm, chords, sections, ...said } = analysis;
  const summary: AnalysisSummary = {
    ...said,
    rhythm: rhythm === null ? null : { ...rhythm, slowestBpm: rhythm.tempoBpm, fastestBpm: rhythm.tempoBpm },
    chords: chords.map(({ label }) => label),
    sections,
  };
  await createSheets(bench.database).save({
    jobId,
    kind: 'analysis',
    version: 1,
    parameters: {},
    made: { summary, blobs: { analysis: blob, picture } },
    files: [],
  });
  return blob;
}

export interface TestTab {
  readonly analysis: SongAnalysis;
  readonly notes: readonly HeardNote[];
  readonly part?: TabPart;
  readonly title?: string;
}

export async function addTab(
  bench: SheetBench,
  { jobId }: SheetSong,
  { analysis, notes, part = 'guitar', title = 'Song' }: TestTab,
): Promise<void> {
  const instrument =
    part === 'bass'
      ? { tuning: NAMED_TUNINGS['bass-standard'], capo: 0, frets: 20 }
      : { tuning: NAMED_TUNINGS.standard, capo: 0, frets: 20 };
  const plan = { part, level: 'full', instrument } as const;
  const [words, heard] = [JSON.stringify(analysis), JSON.stringify(notes)];
  const work = { title, analysis: Buffer.from(words), heard: Buffer.from(heard), plan };
  const { summary, pages } = writePages(work, () => undefined);
  const files = [];
  for (const { fileName, bytes } of pages) {
    files.push({ name: 'tab', fileName, blob: await put(bench, fileName, bytes) });
  }
  await createSheets(bench.database).save({
    jobId,
    kind: 'tab',
    version: 1,
    parameters: { part },
    made: {
      summary: { ...summary, alone: false },
      files,
      blobs: { heard: await putJson(bench, notes), analysis: await putJson(bench, analysis) },
    },
    files,
  });
}

/** As decoded songs are kept. @param samples interleaved, two channels */
export function floatWav(samples: Float32Array, rateHz: number): Uint8Array {
  const header = wavHeader({ rateHz, channels: 2, samples: samples.length / 2 });
  return Buffer.concat([header, new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)]);
}

/** A picture of one pixel. */
const ONE_PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

async function putJson(bench: SheetBench, value: unknown): Promise<StoredBlob> {
  return await put(bench, 'sheet.json', Buffer.from(JSON.stringify(value)));
}

export async function put({ blobs }: Pick<SheetBench, 'blobs'>, name: string, bytes: Uint8Array): Promise<StoredBlob> {
  const key = `sheets/${randomUUID()}/${name}`;
  const { bytes: size, sha256 } = await blobs.put(
    key,
    (async function* () {
      yield bytes;
    })(),
  );
  return { key, bytes: size, sha256 };
}
