/** Rows and documents of sheets: what is written down of a song. */
import { createHash } from 'node:crypto';
import type { SheetParameters } from '../../db/sheet.entity.ts';
import type { Sheets } from '../../db/sheets.repository.ts';
import type { Jobs } from '../../db/jobs.repository.ts';
import type { SongAnalysis, SongFacts } from '../../workflows/contract/analysis.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { ControlActivities } from '../../workflows/contract/control-activities.ts';
import type { StoredBlob } from '../../workflows/contract/recording.ts';
import type { AnalysisPlan, AnalysisResult, SheetResult, WrittenSheet } from '../../workflows/contract/sheets.ts';
import { bytesOf, readJson } from '../small-blobs.ts';
import { analysisDocument } from './analysis-document.ts';

export interface SheetDeps {
  readonly jobs: Pick<Jobs, 'createdAt'>;
  readonly sheets: Sheets;
  readonly blobs: BlobStore;
}

type SheetActivities = Pick<
  ControlActivities,
  'findSong' | 'openAnalysis' | 'saveAnalysis' | 'findLyrics' | 'saveSheet'
>;

export function createSheetActivities({ jobs, sheets, blobs }: SheetDeps): SheetActivities {
  async function areThere(wanted: readonly StoredBlob[]): Promise<boolean> {
    const heads = await Promise.all(wanted.map(async ({ key }) => await blobs.head(key)));
    return heads.every((head) => head !== null);
  }

  async function secondsSince(jobId: string): Promise<number> {
    return (Date.now() - (await jobs.createdAt(jobId)).getTime()) / 1000;
  }

  return {
    async findSong(input) {
      const song = await sheets.findSong(input);
      // Rows outlive blobs only when somebody cleared the store by hand; then it is asked for anew.
      return song !== null && (await areThere([song.canonical, song.working])) ? song : null;
    },

    async openAnalysis({ jobId, plan, changes }) {
      const { kind, version } = plan;
      const facts = await sheets.stateFacts({ jobId, changes });
      const earlier = await sheets.find({ jobId, kind, version, parameters: analysisParameters(plan, facts) });
      return { facts, earlier: earlier !== null && (await areThere(Object.values(earlier.blobs))) ? earlier : null };
    },

    async saveAnalysis({ jobId, plan, recording, facts, made }) {
      const { kind, version } = plan;
      const { sha256, durationSeconds, title } = recording;
      const document = analysisDocument(title, await readJson<SongAnalysis>(blobs, made.blobs.analysis), facts);
      const blob = await blobs.put(`analysis/${jobId}.json`, bytesOf(`${JSON.stringify(document, null, 2)}\n`));
      const result: AnalysisResult = {
        kind,
        recording: { sha256, durationSeconds, title },
        facts,
        summary: made.summary,
        files: [
          { name: 'analysis', fileName: 'analysis.png', blob: made.blobs.picture },
          { name: 'analysis', fileName: 'analysis.json', blob },
        ],
        seconds: await secondsSince(jobId),
      };
      const parameters = analysisParameters(plan, facts);
      await sheets.save({ jobId, kind, version, parameters, made, files: result.files });
      return result;
    },

    async findLyrics({ jobId }) {
      const made = await sheets.latest({ jobId, kind: 'lyrics' });
      return made !== null && (await areThere([made.blobs.heard])) ? made.blobs.heard : null;
    },

    async saveSheet({ jobId, recording: { sha256, durationSeconds, title }, facts, written }) {
      const { kind, plan, made } = written;
      const parameters = parametersOf(written, facts);
      await sheets.save({ jobId, kind, version: plan.version, parameters, made, files: made.files });
      const result = {
        kind,
        recording: { sha256, durationSeconds, title },
        facts,
        summary: made.summary,
        files: made.files,
        seconds: await secondsSince(jobId),
      };
      return result as SheetResult;
    },
  };
}

function analysisParameters({ networks }: AnalysisPlan, facts: SongFacts): SheetParameters {
  return networks === undefined ? facts : { facts, networks };
}

/** Besides the recording and the code, all that decides what the sheet says. */
function parametersOf(written: WrittenSheet, facts: SongFacts): SheetParameters {
  switch (written.kind) {
    case 'chords':
      return { facts, options: written.plan.options };
    case 'lyrics': {
      const { given, plan } = written;
      const { separation, stem } = plan.from;
      return { planKey: separation.planKey, stem, given: given === null ? null : sha256Of(given) };
    }
    case 'tab': {
      const { from, alone, part, level, instrument } = written.plan;
      return { facts, planKey: from.separation.planKey, stem: from.stem, alone, part, level, instrument };
    }
  }
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
