/** HTTP byte ranges, without which a player cannot seek. */

export interface ByteRange {
  readonly first: number;
  /** Inclusive. */
  readonly last: number;
}

/** @returns null where the header asks for none or for several; 'unsatisfiable' beyond the end (RFC 9110, 14.1.2) */
export function byteRange(header: string | undefined, totalBytes: number): ByteRange | 'unsatisfiable' | null {
  const match = /^bytes=(\d*)-(\d*)$/u.exec(header ?? '');
  const [, from = '', to = ''] = match ?? [];
  if (match === null || (from === '' && to === '')) return null;
  const first = from === '' ? Math.max(0, totalBytes - Number(to)) : Number(from);
  const last = from === '' || to === '' ? totalBytes - 1 : Math.min(Number(to), totalBytes - 1);
  if (first > last) return first >= totalBytes ? 'unsatisfiable' : null;
  return { first, last };
}
