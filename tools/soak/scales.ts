/** How many songs are sent. */
export interface Traffic {
  /** Songs on each of the three platforms. */
  readonly songsPerPlatform: number;
  /** Songs that wait for their result at once, over all platforms. */
  readonly inFlight: number;
  /** The harness gives up after so long and reports what is missing. */
  readonly limitMinutes: number;
}

export const SCALE_NAMES = ['smoke', 'ci', 'soak'] as const;
export type ScaleName = (typeof SCALE_NAMES)[number];

/** How much the usual mix asks for. */
export interface Scale extends Traffic {
  /** SIGKILLs of control and gpu-worker together. */
  readonly workerKills: number;
  /** SIGKILLs of bots together. */
  readonly botKills: number;
}

export const SCALES = {
  smoke: { songsPerPlatform: 30, workerKills: 3, botKills: 2, inFlight: 60, limitMinutes: 8 },
  ci: { songsPerPlatform: 300, workerKills: 30, botKills: 20, inFlight: 66, limitMinutes: 14 },
  soak: { songsPerPlatform: 500, workerKills: 60, botKills: 40, inFlight: 90, limitMinutes: 120 },
} as const satisfies Record<ScaleName, Scale>;
