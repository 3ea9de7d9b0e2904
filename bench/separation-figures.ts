/** Separation side by side with Spleeter: ours, theirs, ours, theirs, as the machine's mood changes. */
import { comparedFigure, median } from './figure.ts';
import type { Figure } from './figure.ts';
import { startCompute } from './compute-client.ts';
import type { HostOptions, HostSeconds } from './compute-host.ts';
import type { MeasuredPeer, SpleeterPeer } from './spleeter-peer.ts';

const PEER = 'spleeter';
/** The peer's own program takes the better of two warm songs; so do we. */
const WARM_SONGS = 2;

interface MeasuredSeparation {
  readonly firstSeconds: number;
  readonly seconds: number;
  readonly peakMegabytes: number;
}

export interface SeparationBench {
  readonly host: HostOptions;
  /** Null where it is not installed: its values are null then. */
  readonly peer: SpleeterPeer | null;
  readonly songPath: string;
  readonly rounds: number;
  readonly tell: (line: string) => void;
}

export async function separationFigures({ host, peer, songPath, rounds, tell }: SeparationBench): Promise<Figure[]> {
  const ours: MeasuredSeparation[] = [];
  const theirs: MeasuredPeer[] = [];
  for (let round = 1; round <= rounds; round++) {
    tell(`Round ${String(round)} of ${String(rounds)}`);
    ours.push(await separateInOneProcess(host, songPath, tell));
    if (peer === null) continue;
    const measured = await peer.run(songPath);
    theirs.push(measured);
    const { firstSeconds, seconds, peakMB } = measured;
    tell(`  ${PEER}: first ${firstSeconds.toFixed(2)} s, warm ${seconds.toFixed(2)} s, ${peakMB.toFixed(0)} MB`);
  }
  const theirMedian = (pick: (measured: MeasuredPeer) => number): number | null =>
    theirs.length === 0 ? null : median(theirs.map(pick));
  return [
    comparedFigure(
      'separation.first',
      's',
      median(ours.map((measured) => measured.firstSeconds)),
      PEER,
      theirMedian((measured) => measured.firstSeconds),
    ),
    comparedFigure(
      'separation.time',
      's',
      median(ours.map((measured) => measured.seconds)),
      PEER,
      theirMedian((measured) => measured.seconds),
    ),
    comparedFigure(
      'separation.memory',
      'MB',
      median(ours.map((measured) => measured.peakMegabytes)),
      PEER,
      theirMedian((measured) => measured.peakMB),
    ),
  ];
}

async function separateInOneProcess(
  host: HostOptions,
  songPath: string,
  tell: (line: string) => void,
): Promise<MeasuredSeparation> {
  const client = await startCompute(host);
  try {
    const first = await client.compute({ songPath, work: 'separation' });
    let seconds = Infinity;
    let { peakMegabytes } = first;
    const parts: string[] = [];
    for (let song = 0; song < WARM_SONGS; song++) {
      const warm = await client.compute({ songPath, work: 'separation' });
      seconds = Math.min(seconds, whole(warm.seconds));
      ({ peakMegabytes } = warm);
      parts.push(`${warm.seconds.decode.toFixed(2)} + ${warm.seconds.separate.toFixed(2)}`);
    }
    const firstSeconds = whole(first.seconds);
    const warmSongs = `${seconds.toFixed(2)} s (decode + separate: ${parts.join(', ')})`;
    tell(`  woodshed: first ${firstSeconds.toFixed(2)} s, warm ${warmSongs}, ${peakMegabytes.toFixed(0)} MB`);
    return { firstSeconds, seconds, peakMegabytes };
  } finally {
    await client.close();
  }
}

/** The sum of all steps. */
export function whole({ decode, separate, finish, encode }: HostSeconds): number {
  return decode + separate + finish + encode;
}
