const TYPES: ReadonlyMap<string, string> = new Map([
  ['wav', 'audio/wav'],
  ['flac', 'audio/flac'],
  ['mp3', 'audio/mpeg'],
  ['opus', 'audio/ogg; codecs=opus'],
  ['ogg', 'audio/ogg'],
  ['png', 'image/png'],
  ['json', 'application/json'],
  ['mid', 'audio/midi'],
  ['txt', 'text/plain; charset=utf-8'],
  ['lrc', 'text/plain; charset=utf-8'],
  ['srt', 'text/plain; charset=utf-8'],
]);

/** By the extension alone; nothing that a browser would run. */
export function contentTypeOf(fileName: string): string {
  const extension = /\.([a-z0-9]+)$/iu.exec(fileName)?.[1]?.toLowerCase() ?? '';
  return TYPES.get(extension) ?? 'application/octet-stream';
}
