/** What a run does to a house while musicians send songs: the shape of all scenarios, and the loop that most of them share. */
import type { Jobs } from '../../db/jobs.repository.ts';
import type { Family } from '../../stack/family.test-kit.ts';
import type { ScaleName, Traffic } from './scales.ts';
import type { SoakHouse } from './soak-house.ts';
import type { SoakPlatform } from './surfaces.ts';
import { sendSongs } from './traffic.ts';
import type { SentSong, SoakSurface } from './traffic.ts';

/** Everything stands and nobody has sent anything yet. */
export interface Stage {
  readonly house: SoakHouse;
  readonly surfaces: readonly SoakSurface[];
  readonly jobs: Pick<Jobs, 'list'>;
  readonly seed: number;
  readonly random: () => number;
  /** By a song's title, when its result stood in its chat first; milliseconds since 1970. */
  readonly results: ReadonlyMap<string, number>;
  /** Of this process. */
  readonly family: Family;
  /** Aborts when the run has taken too long. */
  readonly signal: AbortSignal;
  readonly tell: (line: string) => void;
}

/** What a scenario did and saw of its own; what the chats show is judged for all of them alike. */
export interface Disturbed {
  /** Children of killed processes that lived two seconds longer, as command lines. */
  readonly orphans: readonly string[];
  /** Integers, `kills` among them. */
  readonly figures: Readonly<Record<string, number>> & { readonly kills: number };
  /** Goals of this scenario that were not met, a sentence each. */
  readonly unmet: readonly string[];
}

export interface Played extends Disturbed {
  readonly sent: readonly SentSong[];
}

export interface Scenario {
  readonly limitMinutes: number;
  /** Null where it runs on any. */
  readonly platform: SoakPlatform | null;
  /** People on each platform, each with a chat of their own; null for the few that are always there. */
  readonly crowd: number | null;
  /** Whether the platforms misbehave meanwhile. */
  readonly faults: boolean;
  readonly play: (stage: Stage) => Promise<Played>;
}

export type ScenarioOf = (scale: ScaleName) => Scenario;

/** What a disturbance knows of the songs. */
export interface UnderWay {
  /** Share of all songs that have their result, 0 to 1. */
  readonly progress: () => number;
  /** Aborts when all songs have theirs. */
  readonly signal: AbortSignal;
}

/** Songs from everywhere, and `disturb` until the last one has its result. */
export function disturbedTraffic(
  traffic: Traffic,
  disturb: (stage: Stage, underWay: UnderWay) => Promise<Disturbed>,
): Scenario {
  return {
    limitMinutes: traffic.limitMinutes,
    platform: null,
    crowd: null,
    faults: true,
    async play(stage) {
      const { surfaces, results, tell } = stage;
      const total = traffic.songsPerPlatform * surfaces.length;
      let delivered = 0;
      const songs = sendSongs({
        surfaces,
        songsPerPlatform: traffic.songsPerPlatform,
        inFlight: traffic.inFlight,
        seed: stage.seed,
        isDelivered: ({ title }) => results.has(title),
        onDelivered() {
          delivered += 1;
          if (delivered % Math.ceil(total / 20) === 0)
            tell(`${String(delivered)} of ${String(total)} songs have their stems`);
        },
        signal: stage.signal,
      });
      const over = new AbortController();
      const disturbing = disturb(stage, { progress: () => delivered / total, signal: over.signal });
      const sent = await songs;
      over.abort();
      return { sent, ...(await disturbing) };
    },
  };
}
