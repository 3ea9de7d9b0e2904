import { Context } from '@temporalio/activity';
import type { ListenActivities } from '../../workflows/contract/compute-activities.ts';
import { refusal } from '../../workflows/contract/failure.ts';
import type { StoredBlob } from '../../workflows/contract/recording.ts';
import type { MadeAnalysis } from '../../workflows/contract/sheets.ts';
import type { AnalysedSong } from '../measure/analyse-heard.ts';
import { analysisBlobKey, analysisKey, evidenceBlobKey, findMade, putMade, rhythmBlobKey } from './analysis-record.ts';
import { bytesOf } from './finished-record.ts';
import { createMeasureProgress } from './measure-work.ts';
import type { MeasureDeps, Progress } from './measure-work.ts';
import { summariseAnalysis } from './summarise-analysis.ts';
import { withFiles } from './with-files.ts';

type AnalyseDeps = Pick<MeasureDeps, 'blobs' | 'threads' | 'reportProgress' | 'log'>;
type AnalyseInput = Parameters<ListenActivities['analyseRecording']>[0];

/** Share of the time that hearing takes, by experience. */
const HEARING_SHARE = 0.7;

/**
 * The activity. Its files are named by what they are made of: an attempt that finds them returns at once, and one that finds what was heard before
 * reads no sound.
 */
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

async function make(deps: AnalyseDeps, input: AnalyseInput, key: string, progress: Progress): Promise<MadeAnalysis> {
  const { blobs } = deps;
  const { evidence, rhythm, song } =
    (await analyseKept(deps, input, progress)) ?? (await hearAndAnalyse(deps, input, progress));
  const { analysis, picture } = song;
  const made: MadeAnalysis = {
    summary: summariseAnalysis(analysis),
    blobs: {
      analysis: await blobs.put(analysisBlobKey(key, 'analysis.json'), bytesOf(Buffer.from(JSON.stringify(analysis)))),
      picture: await blobs.put(analysisBlobKey(key, 'picture.png'), bytesOf(picture)),
      evidence,
      rhythm,
    },
  };
  await putMade(blobs, key, made);
  return made;
}

interface Analysed {
  readonly evidence: StoredBlob;
  readonly rhythm: StoredBlob;
  readonly song: AnalysedSong;
}

/** From what was heard before; null where nothing was, or what was kept of it is damaged. */
async function analyseKept(
  { blobs, threads, log }: AnalyseDeps,
  { jobId, recording: { canonical }, facts }: AnalyseInput,
  { advance }: Progress,
): Promise<Analysed | null> {
  const { cancellationSignal: signal } = Context.current();
  const evidence = await blobs.head(evidenceBlobKey(canonical));
  if (evidence === null) return null;
  const rhythmKey = rhythmBlobKey(canonical, facts);
  const known = await blobs.head(rhythmKey);
  const kept = [evidence, ...(known === null ? [] : [known])].map(({ key }) => key);
  const song = await withFiles(blobs, kept, async ([evidencePath = '', rhythmPath = null]) =>
    threads.run(
      'analyse',
      { evidencePath, rhythmPath, facts },
      { signal, onProgress: (fraction) => advance(HEARING_SHARE + (1 - HEARING_SHARE) * fraction) },
    ),
  );
  if (song === null) {
    log.warn({ jobId, key: evidence.key }, 'what was heard in a song is damaged');
    return null;
  }
  const rhythm = song.newRhythm === null ? known : await blobs.put(rhythmKey, bytesOf(song.newRhythm));
  if (rhythm === null) throw new Error('an analysis came without the rhythm that it was made with');
  return { evidence, rhythm, song };
}

async function hearAndAnalyse(deps: AnalyseDeps, input: AnalyseInput, progress: Progress): Promise<Analysed> {
  const { blobs, threads } = deps;
  const { canonical } = input.recording;
  const { cancellationSignal: signal } = Context.current();
  const heard = await blobs.withFile(
    canonical.key,
    async (wavPath) =>
      await threads.run(
        'hear',
        { wavPath },
        { signal, onProgress: (fraction) => progress.advance(HEARING_SHARE * fraction) },
      ),
  );
  await blobs.put(evidenceBlobKey(canonical), bytesOf(heard));
  const analysed = await analyseKept(deps, input, progress);
  if (analysed === null) throw new Error('what has just been heard cannot be read');
  return analysed;
}
