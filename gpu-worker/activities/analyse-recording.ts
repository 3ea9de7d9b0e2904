import { Context } from '@temporalio/activity';
import type { ListenActivities } from '../../workflows/contract/compute-activities.ts';
import { refusal } from '../../workflows/contract/failure.ts';
import type { MadeAnalysis } from '../../workflows/contract/sheets.ts';
import { analysisBlobKey, analysisKey, findMade, putMade } from './analysis-record.ts';
import { bytesOf } from './finished-record.ts';
import { createMeasureProgress } from './measure-work.ts';
import type { MeasureDeps, Progress } from './measure-work.ts';
import { summariseAnalysis } from './summarise-analysis.ts';

type AnalyseDeps = Pick<MeasureDeps, 'blobs' | 'threads' | 'reportProgress' | 'log'>;
type AnalyseInput = Parameters<ListenActivities['analyseRecording']>[0];

/** The activity. Its files are named by what they are made of: an attempt that finds them returns at once. */
export function createAnalyseRecording(deps: AnalyseDeps): ListenActivities['analyseRecording'] {
  return async (input) => {
    const key = analysisKey(input.recording.canonical, input.facts);
    const progress = createMeasureProgress(deps, input.jobId, 'listen');
    try {
      const made = (await findMade(deps.blobs, key)) ?? (await make(deps, input, key, progress));
      progress.advance(1);
      return made;
    } catch (error) {
      throw (error as NodeJS.ErrnoException | null)?.code === 'ENOSPC' ? refusal('no-space') : error;
    } finally {
      await progress.reported();
    }
  };
}

async function make(
  { blobs, threads }: AnalyseDeps,
  { recording, facts }: AnalyseInput,
  key: string,
  { advance }: Progress,
): Promise<MadeAnalysis> {
  const { cancellationSignal: signal } = Context.current();
  const { analysis, picture } = await blobs.withFile(
    recording.canonical.key,
    async (wavPath) => await threads.run('analyse', { wavPath, facts }, { signal, onProgress: advance }),
  );
  const made: MadeAnalysis = {
    summary: summariseAnalysis(analysis),
    blobs: {
      analysis: await blobs.put(analysisBlobKey(key, 'analysis.json'), bytesOf(Buffer.from(JSON.stringify(analysis)))),
      picture: await blobs.put(analysisBlobKey(key, 'picture.png'), bytesOf(picture)),
    },
  };
  await putMade(blobs, key, made);
  return made;
}
