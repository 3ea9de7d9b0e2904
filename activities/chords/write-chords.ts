import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { heartbeat } from '@temporalio/activity';
import type { SongAnalysis } from '../../workflows/contract/analysis.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { ChartSummary } from '../../workflows/contract/chart.ts';
import type { SongLyrics } from '../../workflows/contract/lyrics.ts';
import type { WriteActivities } from '../../workflows/contract/media-activities.ts';
import type { StoredBlob } from '../../workflows/contract/recording.ts';
import type { WrittenFiles } from '../../workflows/contract/sheets.ts';
import type { DeliveredFile } from '../../workflows/contract/stems.ts';
import { ownAudioFailure } from '../media/media-refusal.ts';
import { bytesOf, findWritten, putWritten } from '../written-record.ts';
import { chartPictures } from './chart-pictures.ts';
import { hasChords } from './chart.ts';
import type { Chart } from './chart.ts';
import { CHORDS_VERSION } from './chords-version.ts';
import { makeChart } from './make-chart.ts';
import { chordsDocument, summariseChart } from './summarise-chart.ts';
import { writeChartText } from './write-chart-text.ts';
import { writeChordPro } from './write-chord-pro.ts';

type ChordsInput = Parameters<WriteActivities['writeChords']>[0];

/** The activity. Its files lie under a key of all that decides them: an attempt that finds them returns at once. */
export function createWriteChords({ blobs }: { readonly blobs: BlobStore }): WriteActivities['writeChords'] {
  return async (input) => {
    const folder = folderOf(input);
    try {
      return (await findWritten<ChartSummary>(blobs, folder)) ?? (await write(blobs, input, folder));
    } catch (error) {
      throw ownAudioFailure(error);
    }
  };
}

function folderOf({ title, analysis, lyrics, options }: ChordsInput): string {
  const { capo, transpose, detail } = options;
  const decides = [CHORDS_VERSION, title, analysis.sha256, lyrics?.sha256 ?? null, capo, transpose, detail];
  return `chords/${createHash('sha256').update(JSON.stringify(decides)).digest('hex')}`;
}

async function write(blobs: BlobStore, input: ChordsInput, folder: string): Promise<WrittenFiles<ChartSummary>> {
  const { title, options } = input;
  // Our own words, as are those below: they were put whole or not at all.
  const analysis = (await readJson(blobs, input.analysis)) as SongAnalysis;
  const lyrics = input.lyrics === null ? null : ((await readJson(blobs, input.lyrics)) as SongLyrics);
  const chart = makeChart({ title, analysis, options });
  heartbeat();
  const files: DeliveredFile[] = [];
  for (const [fileName, content] of await chartFiles(chart, lyrics)) {
    files.push({ name: 'chords', fileName, blob: await blobs.put(`${folder}/${fileName}`, bytesOf(content)) });
    heartbeat();
  }
  const written = { summary: summariseChart(chart), files };
  await putWritten(blobs, folder, written);
  return written;
}

/** By name, in the order they are handed over; where no chord sounds there is nothing to play from. */
async function chartFiles(
  chart: Chart,
  lyrics: SongLyrics | null,
): Promise<readonly (readonly [string, string | Uint8Array])[]> {
  const json = ['chords.json', `${JSON.stringify(chordsDocument(chart), null, 2)}\n`] as const;
  if (!hasChords(chart)) return [json];
  const pictures = await chartPictures(chart, () => heartbeat());
  return [
    ...pictures.map((picture, page) => [page === 0 ? 'chords.png' : `chords-${page + 1}.png`, picture] as const),
    ['chords.txt', writeChartText(chart)],
    ['chords.cho', writeChordPro(chart, lyrics)],
    json,
  ];
}

async function readJson(blobs: BlobStore, { key }: StoredBlob): Promise<unknown> {
  return JSON.parse(await blobs.withFile(key, async (path) => await readFile(path, 'utf8')));
}
