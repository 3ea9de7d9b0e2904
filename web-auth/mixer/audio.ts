/** `GET …/audio/<stem>`: parts of a packed stem, as the player asks for them. */
import { readByteRange } from '../files/byte-range.ts';
import type { WebContext } from '../web.ts';
import type { Look, MixerRoom } from './recording-routes.ts';
import { answerSong } from './song-pack.ts';

const A_YEAR = 'private, max-age=31536000, immutable';

export async function answerAudio(context: WebContext, room: MixerRoom, look: Look): Promise<Response> {
  const { separation } = look;
  if (separation === null) return await answerSong(context, room, look);
  const made = await room.renderings.look({ separationId: separation.id, recipe: { kind: 'player' } });
  if (made?.state !== 'made') return context.notFound();
  const { stems } = await room.packs.read(made);
  const stem = stems.find(({ name }) => name === context.req.param('stem'));
  if (stem === undefined || (await room.deps.blobs.head(stem.blob.key)) === null) return context.notFound();
  const { key, bytes } = stem.blob;
  const header = context.req.header('Range');
  const range = header === undefined ? 'whole' : readByteRange(header, bytes);
  const headers = { 'Accept-Ranges': 'bytes', 'Content-Type': 'application/octet-stream' };
  if (range === 'unsatisfiable')
    return context.body(null, 416, { ...headers, 'Content-Range': `bytes */${String(bytes)}` });
  const part = range === 'whole' ? { start: 0, end: bytes - 1 } : range;
  const body = ReadableStream.from(room.deps.blobs.read(key, part));
  return context.body(body, range === 'whole' ? 200 : 206, {
    ...headers,
    'Cache-Control': A_YEAR,
    'Content-Length': String(part.end - part.start + 1),
    ...(range === 'whole' ? {} : { 'Content-Range': `bytes ${part.start}-${part.end}/${bytes}` }),
  });
}
