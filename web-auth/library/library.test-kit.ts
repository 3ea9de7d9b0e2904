/** A library over real HTTP: a database, a folder of blobs, members who have signed in, songs whose bytes are there. */
import type { TestContext } from 'node:test';
import { PNG } from 'pngjs';
import { createJobs } from '../../db/jobs.repository.ts';
import { addMember, addSong } from '../../db/test-library.ts';
import type { TestSong } from '../../db/test-library.ts';
import { openPagesBench, openPagesServer } from '../pages.test-kit.ts';
import type { PagesBench, PagesServer } from '../pages.test-kit.ts';
import { libraryPages } from './library-pages.ts';

export type LibraryBench = PagesBench;

export async function openLibraryBench(): Promise<LibraryBench> {
  return await openPagesBench('library');
}

export async function openLibrary(t: TestContext, bench: LibraryBench): Promise<PagesServer> {
  return await openPagesServer(t, { ...bench, rooms: [libraryPages] });
}

/** Each blob's bytes are its own key: as the rows say, and told apart from any other. The job is done unless `isRunning`. */
export async function storeSong(
  { database, blobs }: LibraryBench,
  { isRunning = false, ...song }: { chat: string; title?: string; isRunning?: boolean },
): Promise<TestSong> {
  const added = await addSong(database, song);
  const { finished, files } = added.result;
  const stems = [...finished.stems, finished.residual];
  const kept = [...stems.flatMap(({ pcm, waveform }) => [pcm, waveform]), ...files.map(({ blob }) => blob)];
  for (const { key } of kept) await blobs.put(key, once(Buffer.from(key)));
  if (!isRunning) {
    await createJobs(database).end(added.jobId, { state: 'done', result: added.result, reused: false });
  }
  return added;
}

/** A member of these bands, signed in. @returns the `Cookie` header */
export async function signIn(
  { client }: LibraryBench,
  server: PagesServer,
  ...bandIds: readonly string[]
): Promise<{ readonly memberId: string; readonly cookie: string }> {
  const memberId = await addMember(client, ...bandIds);
  return { memberId, cookie: await server.signIn(memberId) };
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

/** Looks like a song: a length, sizes, an age, a picture for each stem. What it says of its bytes is not so. */
export async function dressSong(
  { client, blobs }: LibraryBench,
  { recordingId, result }: TestSong,
  index: number,
): Promise<void> {
  const seconds = 151 + ((index * 67) % 240);
  await client.query(
    `update recording set duration_seconds = $2, created_at = now() - $3 * interval '31 hours' where id = $1`,
    [recordingId, seconds, 20 - index],
  );
  await client.query(
    `update artefact set bytes = $2::int * 352800 from recording
     where recording.id = $1 and lineage ->> 'recordingSha256' = recording.sha256 and kind = 'stem'`,
    [recordingId, seconds],
  );
  await client.query(
    `update stem set pcm = jsonb_set(pcm, '{bytes}', to_jsonb($2::int * 352800)) from separation
     where separation.id = separation_id and recording_id = $1`,
    [recordingId, seconds],
  );
  const stems = [...result.finished.stems, result.finished.residual];
  for (const [order, { waveform }] of stems.entries()) {
    const { sha256, bytes } = await blobs.put(waveform.key, once(drawnWaveform(index + order, order)));
    const stored = JSON.stringify({ key: waveform.key, bytes, sha256 });
    await client.query(`update stem set waveform = $1 where waveform ->> 'key' = $2`, [stored, waveform.key]);
  }
}

const COLOURS = [
  [255, 143, 163],
  [130, 200, 255],
  [160, 168, 184],
] as const;

/** Phrases with breaths between them, as somebody might sing or play. */
function drawnWaveform(seed: number, order: number): Buffer {
  const picture = new PNG({ width: 1200, height: 160 });
  const [red, green, blue] = COLOURS[order % COLOURS.length] ?? COLOURS[0];
  for (let x = 0; x < picture.width; x += 1) {
    const phrase = Math.max(0.02, Math.sin(x / (40 + 9 * seed) + seed) * Math.sin(x / 171 + order) + 0.25);
    const level = order === 2 ? 0.03 : phrase * (0.55 + 0.45 * Math.abs(Math.sin(x * 1.7 + seed * x * 0.013)));
    const half = Math.max(1, Math.round(level * 62));
    for (let y = 80 - half; y < 80 + half; y += 1)
      picture.data.set([red, green, blue, 255], 4 * (y * picture.width + x));
  }
  return PNG.sync.write(picture);
}
