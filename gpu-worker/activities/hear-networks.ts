// What the networks that were chosen say of a song, as it is kept for the analysis.
import type { AnalysisNetworks } from '../../workflows/contract/sheets.ts';
import type { PcmBlob, StoredBlob } from '../../workflows/contract/recording.ts';
import { packValues } from '../analysis/packed-values.ts';
import { BEAT_RATE_HZ } from '../beats/beat-grid.ts';
import { hearBeats } from '../beats/hear-beats.ts';
import { CHORD_RATE_HZ } from '../chords/chord-grid.ts';
import { hearChords } from '../chords/hear-chords.ts';
import type { Engine } from '../engine/engine.ts';
import { hearingKey, hearOnce } from './listen-work.ts';
import type { HeardInput, Hearing, ListenDeps, Listening } from './listen-work.ts';
import type { Progress } from './measure-work.ts';

/** Null where no network is asked. */
interface OfNetworks<Each> {
  readonly beats: Each | null;
  readonly chords: Each | null;
}
export type NetworkKeys = OfNetworks<string>;
export type NetworkBlobs = OfNetworks<StoredBlob>;

/** Of its part of the work. */
const DECODING_SHARE = 0.1;

/** Where what they hear lies, whether they were asked before or not; asks for no model. */
export async function networkKeys(deps: ListenDeps, pcm: PcmBlob, networks: AnalysisNetworks): Promise<NetworkKeys> {
  const { beats, chords } = hearingsOf(deps.engine, networks);
  return {
    beats: beats === null ? null : await hearingKey(deps, pcm, beats),
    chords: chords === null ? null : await hearingKey(deps, pcm, chords),
  };
}

/**
 * Finds what they heard, or lets them hear it. Within an activity.
 * @param input `damaged`: of which what was kept cannot be read
 * @throws the refusals of a model that cannot be had.
 */
export async function hearNetworks(
  deps: ListenDeps,
  input: HeardInput & { readonly networks: AnalysisNetworks; readonly damaged: readonly string[] },
  advance: Progress['advance'],
): Promise<NetworkBlobs> {
  const { beats, chords } = hearingsOf(deps.engine, input.networks);
  const count = [beats, chords].filter((hearing) => hearing !== null).length;
  let done = 0;
  const hear = async (hearing: Hearing): Promise<StoredBlob> => {
    const isDamaged = input.damaged.includes(hearing.what);
    const heard = await hearOnce(deps, { ...input, isDamaged }, hearing, (share) => advance((done + share) / count));
    done += 1;
    return heard;
  };
  return {
    beats: beats === null ? null : await hear(beats),
    chords: chords === null ? null : await hear(chords),
  };
}

function hearingsOf(engine: Engine, { beats, chords }: AnalysisNetworks): OfNetworks<Hearing> {
  return {
    beats: beats === null ? null : beatHearing(engine, beats),
    chords: chords === null ? null : chordHearing(engine, chords),
  };
}

function beatHearing(engine: Engine, modelId: string): Hearing {
  return {
    what: 'beats',
    modelId,
    rateHz: BEAT_RATE_HZ,
    decodingShare: DECODING_SHARE,
    said: null,
    hear: async (listening) => packValues(await hearBeats(listening.song, runOf(engine, listening))),
  };
}

function chordHearing(engine: Engine, modelId: string): Hearing {
  return {
    what: 'chords',
    modelId,
    rateHz: CHORD_RATE_HZ,
    decodingShare: DECODING_SHARE,
    said: null,
    hear: async (listening) => packValues(await hearChords(listening.song, runOf(engine, listening))),
  };
}

function runOf(
  engine: Engine,
  { model, ...listening }: Listening,
): Omit<Listening, 'model' | 'song'> & { readonly engine: Engine; readonly modelPath: string } {
  const [modelPath = ''] = model.onnxPaths;
  return { ...listening, engine, modelPath };
}
