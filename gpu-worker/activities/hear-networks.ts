// What the networks that were chosen say of a song, as it is kept for the analysis.
import { ApplicationFailure } from '@temporalio/common';
import type { FailureCode } from '../../workflows/contract/failure.ts';
import type { AnalysisNetworks } from '../../workflows/contract/sheets.ts';
import type { PcmBlob, StoredBlob } from '../../workflows/contract/recording.ts';
import { packValues } from '../analysis/packed-values.ts';
import { BEAT_RATE_HZ } from '../beats/beat-grid.ts';
import { hearBeats } from '../beats/hear-beats.ts';
import { CHORD_RATE_HZ } from '../chords/chord-grid.ts';
import { hearChords } from '../chords/hear-chords.ts';
import type { Engine } from '../engine/engine.ts';
import { hearStyle } from '../style/hear-style.ts';
import { STYLE_RATE_HZ } from '../style/style-grid.ts';
import type { MonoFile } from '../wav/decode-mono.ts';
import { hearingKey, hearOnce } from './listen-work.ts';
import type { HeardInput, Hearing, ListenDeps, Listening } from './listen-work.ts';
import type { Progress } from './measure-work.ts';

/** Null where no network is asked. */
interface OfNetworks<Each> {
  readonly beats: Each | null;
  readonly chords: Each | null;
  readonly style: Each | null;
}
export type NetworkKeys = OfNetworks<string>;
export type NetworkBlobs = OfNetworks<StoredBlob>;

/** Of its part of the work. */
const DECODING_SHARE = 0.1;

/** Where what they hear lies, whether they were asked before or not; asks for no model. */
export async function networkKeys(deps: ListenDeps, pcm: PcmBlob, networks: AnalysisNetworks): Promise<NetworkKeys> {
  const { beats, chords, style } = hearingsOf(deps.engine, networks);
  return {
    beats: beats === null ? null : await hearingKey(deps, pcm, beats),
    chords: chords === null ? null : await hearingKey(deps, pcm, chords),
    style: style === null ? null : await hearingKey(deps, pcm, style),
  };
}

/**
 * Finds what they heard, or lets them hear it. Within an activity.
 * @param input `damaged`: of which what was kept cannot be read
 * @returns null for the style, too, where its model cannot be had: nobody goes without an analysis for a guess
 * @throws the refusals of another model that cannot be had.
 */
export async function hearNetworks(
  deps: ListenDeps,
  input: HeardInput & { readonly networks: AnalysisNetworks; readonly damaged: readonly string[] },
  advance: Progress['advance'],
): Promise<NetworkBlobs> {
  const { beats, chords, style } = hearingsOf(deps.engine, input.networks);
  const count = [beats, chords, style].filter((hearing) => hearing !== null).length;
  let done = 0;
  const hear = async (hearing: Hearing): Promise<StoredBlob> => {
    const isDamaged = input.damaged.includes(hearing.what);
    const heard = await hearOnce(deps, { ...input, isDamaged }, hearing, (share) => advance((done + share) / count));
    done += 1;
    return heard;
  };
  if (count === 0) advance(1);
  return {
    beats: beats === null ? null : await hear(beats),
    chords: chords === null ? null : await hear(chords),
    style: style === null ? null : await orWithout(deps, input.jobId, async () => await hear(style)),
  };
}

const NOT_HAD: ReadonlySet<string | null | undefined> = new Set<FailureCode>([
  'model-missing',
  'model-invalid',
  'model-not-licensed',
]);

async function orWithout<T>({ log }: ListenDeps, jobId: string, hear: () => Promise<T>): Promise<T | null> {
  try {
    return await hear();
  } catch (error) {
    if (!(error instanceof ApplicationFailure) || !NOT_HAD.has(error.type)) throw error;
    log.warn({ jobId, err: error }, 'genre and mood are not guessed, since the network for them cannot be had');
    return null;
  }
}

function hearingsOf(engine: Engine, { beats, chords, style }: AnalysisNetworks): OfNetworks<Hearing> {
  return {
    beats: hearingOf(engine, beats, 'beats', BEAT_RATE_HZ, hearBeats),
    chords: hearingOf(engine, chords, 'chords', CHORD_RATE_HZ, hearChords),
    style: hearingOf(engine, style, 'style', STYLE_RATE_HZ, hearStyle),
  };
}

function hearingOf(
  engine: Engine,
  modelId: string | null,
  what: keyof OfNetworks<never>,
  rateHz: number,
  hear: (song: MonoFile, run: NetworkRun) => Promise<unknown>,
): Hearing | null {
  if (modelId === null) return null;
  return {
    what,
    modelId,
    rateHz,
    decodingShare: DECODING_SHARE,
    said: null,
    hear: async (listening) => packValues(await hear(listening.song, runOf(engine, listening))),
  };
}

type NetworkRun = Omit<Listening, 'model' | 'song'> & { readonly engine: Engine; readonly modelPath: string };

function runOf(engine: Engine, { model, ...listening }: Listening): NetworkRun {
  const [modelPath = ''] = model.onnxPaths;
  return { ...listening, engine, modelPath };
}
