interface AtTempo {
  readonly tempoBpm: number;
}

/** Tempi that differ by less than this share are one. */
const SAME_TEMPO = 0.03;

export function isSameTempo(one: AtTempo, other: AtTempo): boolean {
  return Math.abs(Math.log(one.tempoBpm / other.tempoBpm)) < SAME_TEMPO;
}
