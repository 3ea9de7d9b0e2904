/** What the server tells of a song's player, as the page keeps it. */

export interface PlayerStem {
  readonly name: string;
  readonly isResidual: boolean;
  /** Address of its segments, one after the other. */
  readonly audio: string;
  /** Where each segment begins, and where the last one ends, in bytes. */
  readonly offsets: readonly number[];
  readonly scale: number;
  readonly loudnessLufs: number | null;
  /** Base64 of pairs of Int8, lowest and highest of equal parts. */
  readonly peaks: string;
}

/** What is known of the song; nothing where nobody has asked for it. */
export interface Analysis {
  readonly beatsSeconds?: readonly number[];
  /** A subset of the beats. */
  readonly downbeatsSeconds?: readonly number[];
  readonly sections?: readonly { readonly name: string; readonly fromSeconds: number; readonly toSeconds: number }[];
}

export interface Player extends Analysis {
  readonly state: 'made';
  readonly title: string;
  readonly rateHz: number;
  readonly channels: number;
  /** Per channel. */
  readonly samples: number;
  readonly segmentSamples: number;
  readonly stems: readonly PlayerStem[];
}

export interface UnmadePlayer {
  readonly state: 'making' | 'failed';
  readonly fraction: number;
}

/** @throws Error where the server does not answer with one */
export async function fetchPlayer(address: string): Promise<Player | UnmadePlayer> {
  const answer = await fetch(address, { headers: { Accept: 'application/json' } });
  if (!answer.ok) throw new Error(`${String(answer.status)} for the player`);
  return (await answer.json()) as Player | UnmadePlayer;
}

export function readPeaks({ peaks }: Pick<PlayerStem, 'peaks'>): Int8Array {
  return Int8Array.from(atob(peaks), (character) => (character.charCodeAt(0) << 24) >> 24);
}
