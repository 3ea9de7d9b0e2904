/** Larger files hold more than the words of a song, in any encoding. */
export const LARGEST_TEXT_BYTES = 64 * 1024;

/** A text file as programs write them: UTF-16 where it says so, UTF-8, or else Windows' Western letters. */
export function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
