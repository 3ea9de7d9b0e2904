/** One measured number, beside the peer's where there is one. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  /** `F1` is the harmonic mean of precision and recall; it and a `share` go from 0 to 1. */
  readonly unit: 's' | 'ms' | 'MB' | 'events' | 'count' | 'F1' | 'share';
  readonly peer: string | null;
  readonly peerValue: number | null;
  /** Ours by the peer's: below 1 is better than the peer, but for `F1` and `share`, where above 1 is. */
  readonly ratio: number | null;
}

/** @param peerValue null where the peer could not be run */
export function comparedFigure(
  name: string,
  unit: Figure['unit'],
  value: number,
  peer: string,
  peerValue: number | null,
): Figure {
  const ratio = peerValue === null ? null : rounded(value / peerValue);
  return { name, value: rounded(value), unit, peer, peerValue: peerValue === null ? null : rounded(peerValue), ratio };
}

export function ownFigure(name: string, unit: Figure['unit'], value: number): Figure {
  return { name, value: rounded(value), unit, peer: null, peerValue: null, ratio: null };
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** The mean of the middle two where their number is even. Thrown `RangeError` for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (low === undefined || high === undefined) throw new RangeError('the median of nothing');
  return (low + high) / 2;
}

export function figureTable(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, value, unit, peer, peerValue, ratio }) =>
    [
      name,
      `${shown(value, unit)} ${unit}`,
      peer === null ? '' : `${peer}: ${shown(peerValue, unit)} ${unit}`,
      shown(ratio, null),
    ]
      .map((cell) => ` ${cell} `)
      .join('|'),
  );
  return ['| figure | Woodshed | peer | ratio |', '|---|---|---|---|', ...rows.map((row) => `|${row}|`)].join('\n');
}

function shown(value: number | null, unit: Figure['unit'] | null): string {
  if (value === null) return '';
  if (unit === 'count') return String(value);
  if (unit === 'share') return value.toFixed(3);
  return value >= 100 ? value.toFixed(0) : value.toFixed(2);
}
