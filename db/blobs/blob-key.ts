const KEY = /^[a-z0-9][a-z0-9._-]*(?:\/[a-z0-9][a-z0-9._-]*)*$/;
const PREFIX = /^(?:[a-z0-9][a-z0-9._-]*\/?)*$/;
const LONGEST_KEY = 512;
/** Folder drivers make a file name of each part, and most file systems end at 255 bytes. */
const LONGEST_PART = 200;

/** Keys are made by us from ids and hashes, never from what a musician typed. Thrown RangeError: this one is not. */
export function checkBlobKey(key: string): void {
  if (key.length > LONGEST_KEY || !KEY.test(key) || key.split('/').some((part) => part.length > LONGEST_PART)) {
    throw new RangeError(`not a blob key: ${JSON.stringify(key.slice(0, 80))}`);
  }
}

/** The beginning of keys; it need not end at a `/`. */
export function checkBlobPrefix(prefix: string): void {
  if (prefix.length > LONGEST_KEY || prefix.includes('//') || !PREFIX.test(prefix)) {
    throw new RangeError(`not the beginning of a blob key: ${JSON.stringify(prefix.slice(0, 80))}`);
  }
}

export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The last byte that exists of an inclusive range. Thrown RangeError where not even its first byte does. */
export function lastByteOf(range: ByteRange, bytes: number): number {
  checkByteRange(range);
  if (range.start >= bytes) throw new RangeError(`range starts at byte ${String(range.start)} of ${String(bytes)}`);
  return Math.min(range.end, bytes - 1);
}

export function checkByteRange({ start, end }: ByteRange): void {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start) {
    throw new RangeError(`not a byte range: ${String(start)} to ${String(end)}`);
  }
}
