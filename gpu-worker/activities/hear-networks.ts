// What the networks that were chosen say of a song, as it is kept for the analysis.
import type { AnalysisNetworks } from '../../workflows/contract/sheets.ts';
import type { StoredBlob } from '../../workflows/contract/recording.ts';
import { packValues } from '../analysis/packed-values.ts';
import { BEAT_RATE_HZ } from '../beats/beat-grid.ts';
import { hearBeats } from '../beats/hear-beats.ts';
import { CHORD_RATE_HZ } from '../chords/chord-grid.ts';
import { hearChords } from '../chords/hear-chords.ts';
import type { Engine } from '../engine/engine.ts';
import { hearOnce } from './listen-work.ts';
import type { HeardInput, Hearing, ListenDeps, Listening } from './listen-work.ts';
import type { Progress } from './measure-work.ts';

/** Null where no network is asked. */
export interface NetworkBlobs {
  readonly beats: StoredBlob | null;
  readonly chords: StoredBlob | null;
}

/** Of its part of the work. */
const DECODING_SHARE = 0.1;

/**
 * Within an activity.
 * @param input `isDamaged` where what was kept of them cannot be read
 * @throws the refusals of a model that cannot be had.
 */
export async function hearNetworks(
  deps: ListenDeps,
  input: HeardInput & { readonly networks: AnalysisNetworks; readonly isDamaged: boolean },
  advance: Progress['advance'],
): Promise<NetworkBlobs> {
  const { beats, chords } = input.networks;
  const count = [beats, chords].filter((network) => network !== null).length;
  let done = 0;
  const hear = async (hearing: Hearing): Promise<StoredBlob> => {
    const heard = await hearOnce(deps, input, hearing, (fraction) => advance((done + fraction) / count));
    done += 1;
    return heard;
  };
  return {
    beats: beats === null ? null : await hear(beatHearing(deps.engine, beats)),
    chords: chords === null ? null : await hear(chordHearing(deps.engine, chords)),
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
