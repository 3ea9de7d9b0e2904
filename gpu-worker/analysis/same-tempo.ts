interface AtTempo {
  readonly tempoBpm: number;
}

/** One song, heard again. */
const SAME_SHARE = 0.03;

/** @param within tempi that differ by less than this share are one */
export function isSameTempo(one: AtTempo, other: AtTempo, within = SAME_SHARE): boolean {
  return Math.abs(Math.log(one.tempoBpm / other.tempoBpm)) < within;
}
