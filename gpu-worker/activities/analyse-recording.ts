import { Context } from '@temporalio/activity';
import type { ListenActivities } from '../../workflows/contract/compute-activities.ts';
import { refusal } from '../../workflows/contract/failure.ts';
import type { PcmBlob, StoredBlob } from '../../workflows/contract/recording.ts';
import type { AnalysisNetworks, MadeAnalysis } from '../../workflows/contract/sheets.ts';
import type { AnalysedSong, DamagedSong, HeardFile } from '../measure/analyse-heard.ts';
import type { MeasureThreads } from '../measure/measure-threads.ts';
import { analysisBlobKey, analysisKey, evidenceBlobKey, findMade, putMade, rhythmBlobKey } from './analysis-record.ts';
import type { AnalysedWith } from './analysis-record.ts';
import { bytesOf } from './finished-record.ts';
import { hearNetworks, networkKeys } from './hear-networks.ts';
import type { ListenDeps } from './listen-work.ts';
import { createMeasureProgress } from './measure-work.ts';
import type { Progress } from './measure-work.ts';
import { summariseAnalysis } from './summarise-analysis.ts';
import { withNamedFiles } from './with-files.ts';

export interface AnalyseDeps extends ListenDeps {
  readonly threads: MeasureThreads;
}

type AnalyseInput = Parameters<ListenActivities['analyseRecording']>[0];
type Advance = Progress['advance'];

const NO_NETWORKS: AnalysisNetworks = { beats: null, chords: null, style: null };
/** Share of the time, by experience; deciding is the rest. */
const HEARING_SHARE = 0.8;

/**
 * The activity. Its files are named by what they are made of: an attempt that finds them returns at once, whether the models can be had or not, and
 * one that finds what was heard before reads no sound.
 */
export function createAnalyseRecording(deps: AnalyseDeps): ListenActivities['analyseRecording'] {
  return async (input) => {
    const progress = createMeasureProgress(deps, input.jobId, input.stage ?? 'listen');
    try {
      const made = await analyse(deps, input, progress.advance);
      progress.advance(1);
      return made;
    } catch (error) {
      throw (error as NodeJS.ErrnoException | null)?.code === 'ENOSPC' ? refusal('no-space') : error;
    } finally {
      await progress.reported();
    }
  };
}

async function analyse(deps: AnalyseDeps, input: AnalyseInput, advance: Advance): Promise<MadeAnalysis> {
  const { recording, facts, networks = NO_NETWORKS } = input;
  const pcm = recording.canonical;
  const song = { jobId: input.jobId, pcm, facts, asked: networks, networks: await networkKeys(deps, pcm, networks) };
  const made = await findMade(deps.blobs, analysisKey(pcm, song));
  if (made !== null) return made;
  const first = await make(deps, song, [], advance);
  if (!('damaged' in first)) return first;
  const second = await make(deps, song, first.damaged, advance);
  if ('damaged' in second) throw new Error('what has just been heard in a song cannot be read');
  return second;
}

interface Song extends AnalysedWith {
  readonly jobId: string;
  readonly pcm: PcmBlob;
  readonly asked: AnalysisNetworks;
}

/** @param damaged what is to be heard anew, even if it is there */
async function make(
  deps: AnalyseDeps,
  wanted: Song,
  damaged: readonly HeardFile[],
  advance: Advance,
): Promise<MadeAnalysis | DamagedSong> {
  const [whileNetworks, whileHearing] = halves(partOf(advance, 0, HEARING_SHARE));
  // Side by side: the one keeps the engine busy, the other a thread of this process.
  const [networks, evidence] = await both(
    hearNetworks(deps, { ...wanted, networks: wanted.asked, damaged }, whileNetworks),
    evidenceOf(deps, wanted.pcm, damaged.includes('evidence'), whileHearing),
  );
  // What went without a guess is not kept as if it had been guessed.
  const song = { ...wanted, networks: { ...wanted.networks, style: networks.style?.key ?? null } };
  const heard = { ...networks, evidence };
  const analysed = await analyseHeard(deps, { ...song, evidence }, partOf(advance, HEARING_SHARE, 1));
  if (!('damaged' in analysed)) return await keep(deps, analysisKey(song.pcm, song), { ...analysed, ...heard });
  for (const file of analysed.damaged) {
    deps.log.warn({ jobId: song.jobId, key: heard[file]?.key }, 'what was heard in a song is damaged');
  }
  return analysed;
}

async function evidenceOf(
  deps: AnalyseDeps,
  pcm: PcmBlob,
  isDamaged: boolean,
  onProgress: Advance,
): Promise<StoredBlob> {
  const kept = isDamaged ? null : await deps.blobs.head(evidenceBlobKey(pcm));
  const evidence = kept ?? (await hear(deps, pcm, onProgress));
  onProgress(1);
  return evidence;
}

/** Neither is left alone: where one fails, the other has ended too when that is thrown. */
async function both<One, Other>(one: Promise<One>, other: Promise<Other>): Promise<[One, Other]> {
  await Promise.allSettled([one, other]);
  return await Promise.all([one, other]);
}

/** Of work whose two parts go on at once. */
function halves(advance: Advance): readonly [Advance, Advance] {
  const done = [0, 0];
  const half =
    (part: 0 | 1): Advance =>
    (fraction) => {
      done[part] = fraction;
      advance((done[0]! + done[1]!) / 2);
    };
  return [half(0), half(1)];
}

function partOf(advance: Advance, from: number, to: number): Advance {
  return (fraction) => advance(from + (to - from) * fraction);
}

async function hear({ blobs, threads }: AnalyseDeps, pcm: PcmBlob, onProgress: Advance): Promise<StoredBlob> {
  const { cancellationSignal: signal } = Context.current();
  const evidence = await blobs.withFile(
    pcm.key,
    async (wavPath) => await threads.run('hear', { wavPath }, { signal, onProgress }),
  );
  return await blobs.put(evidenceBlobKey(pcm), bytesOf(evidence));
}

async function analyseHeard(
  { blobs, threads }: AnalyseDeps,
  { pcm, evidence, facts, networks }: Song & { readonly evidence: StoredBlob },
  onProgress: Advance,
): Promise<{ readonly song: AnalysedSong; readonly rhythm: StoredBlob } | DamagedSong> {
  const { cancellationSignal: signal } = Context.current();
  const rhythmKey = rhythmBlobKey(pcm, { facts, networks });
  const known = await blobs.head(rhythmKey);
  const files = { ...networks, evidence: evidence.key, rhythm: known?.key ?? null };
  const song = await withNamedFiles(
    blobs,
    files,
    async (paths) => await threads.run('analyse', { paths, facts }, { signal, onProgress }),
  );
  if ('damaged' in song) return song;
  const rhythm = song.newRhythm === null ? known : await blobs.put(rhythmKey, bytesOf(song.newRhythm));
  if (rhythm === null) throw new Error('an analysis came without the rhythm that it was made with');
  return { song, rhythm };
}

interface ToKeep {
  readonly song: AnalysedSong;
  readonly evidence: StoredBlob;
  readonly rhythm: StoredBlob;
  readonly beats: StoredBlob | null;
  readonly chords: StoredBlob | null;
  readonly style: StoredBlob | null;
}

async function keep(
  { blobs }: AnalyseDeps,
  key: string,
  { song: { analysis, picture }, evidence, rhythm, beats, chords, style }: ToKeep,
): Promise<MadeAnalysis> {
  const made: MadeAnalysis = {
    summary: summariseAnalysis(analysis),
    blobs: {
      analysis: await blobs.put(analysisBlobKey(key, 'analysis.json'), bytesOf(Buffer.from(JSON.stringify(analysis)))),
      picture: await blobs.put(analysisBlobKey(key, 'picture.png'), bytesOf(picture)),
      evidence,
      rhythm,
      ...(beats === null ? {} : { beats }),
      ...(chords === null ? {} : { chords }),
      ...(style === null ? {} : { style }),
    },
  };
  await putMade(blobs, key, made);
  return made;
}
