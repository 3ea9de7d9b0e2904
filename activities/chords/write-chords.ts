import { heartbeat } from '@temporalio/activity';
import type { SongAnalysis } from '../../workflows/contract/analysis.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { ChartSummary } from '../../workflows/contract/chart.ts';
import type { SongLyrics } from '../../workflows/contract/lyrics.ts';
import type { WriteActivities } from '../../workflows/contract/media-activities.ts';
import { readJson } from '../small-blobs.ts';
import { putFiles, writeOnce } from '../written-record.ts';
import { chartPictures } from './chart-pictures.ts';
import { hasChords } from './chart.ts';
import type { Chart } from './chart.ts';
import { CHORDS_VERSION } from './chords-version.ts';
import { makeChart } from './make-chart.ts';
import { chordsDocument, summariseChart } from './summarise-chart.ts';
import { writeChartText } from './write-chart-text.ts';
import { writeChordPro } from './write-chord-pro.ts';

/** The activity. Its files lie under a key of all that decides them: an attempt that finds them returns at once. */
export function createWriteChords({ blobs }: { readonly blobs: BlobStore }): WriteActivities['writeChords'] {
  return async ({ title, analysis, lyrics, options }) => {
    const { capo, transpose, detail } = options;
    const decidedBy = [CHORDS_VERSION, title, analysis.sha256, lyrics?.sha256 ?? null, capo, transpose, detail];
    return await writeOnce<ChartSummary>(blobs, { kind: 'chords', decidedBy }, async (folder) => {
      const found = await readJson<SongAnalysis>(blobs, analysis);
      const words = lyrics === null ? null : await readJson<SongLyrics>(blobs, lyrics);
      const chart = makeChart({ title, analysis: found, options });
      heartbeat();
      const files = await putFiles(blobs, folder, 'chords', await chartFiles(chart, words));
      return { summary: summariseChart(chart), files };
    });
  };
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
