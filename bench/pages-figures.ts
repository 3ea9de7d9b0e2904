/** How long pages take while many people look at a large library. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { openBlobStore } from '../db/blobs/open-blob-store.ts';
import { createJobs } from '../db/jobs.repository.ts';
import { openDatabase } from '../db/orm.ts';
import type { Database } from '../db/orm.ts';
import { createRecordingShares } from '../db/recording-shares.repository.ts';
import { createRenderings } from '../db/renderings.repository.ts';
import { createTestDatabase } from '../db/test-database.ts';
import { addBand, addMember, addSong } from '../db/test-library.ts';
import { startChild } from '../runtime/child.ts';
import type { BlobStore } from '../workflows/contract/blob-store.ts';
import type { PlayerPack } from '../workflows/contract/rendering.ts';
import { ownFigure } from './figure.ts';
import type { Figure } from './figure.ts';
import type { PagesHostAnswer, PagesHostOptions } from './pages-host.ts';
import { offerLoad } from './pages-load.ts';

const SONGS = 500;
const PER_SECOND = 200;
const WARM_UP_SECONDS = 5;
/** Songs that are opened and shared; each has its player. */
const OPENED = 20;
const AT_ONCE = 4;

export async function pagesFigures(seconds: number, tell: (line: string) => void): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-bench-'));
  const testDatabase = await createTestDatabase();
  const database = await openDatabase(testDatabase.url);
  const client = new Client({ connectionString: testDatabase.url });
  try {
    await client.connect();
    const blobFolder = join(folder, 'blobs');
    tell(`Making a band of ${String(SONGS)} songs …`);
    const band = await addBand(database, 'The Band');
    const memberId = await addMember(client, band.id);
    const songs: string[] = [];
    while (songs.length < SONGS) {
      songs.push(
        ...(await Promise.all(Array.from({ length: AT_ONCE }, async () => await makeSong(database, band.chat)))),
      );
    }
    await client.query('analyze');
    const opened = songs.slice(-OPENED);
    const blobs = await openBlobStore({ kind: 'folder', root: blobFolder });
    for (const recordingId of opened) await makePlayer({ database, client, blobs }, recordingId);
    const shares = createRecordingShares(database);
    const tokens: string[] = [];
    for (const recordingId of opened) {
      tokens.push((await shares.make(memberId, recordingId, { endsAt: null, showsTitle: false }))?.token ?? '');
    }

    const host = await startHost({ databaseUrl: testDatabase.url, blobFolder, memberId });
    try {
      const paths = pathsOf(band.id, opened, tokens);
      const request = (number: number): { url: string; headers: Record<string, string> } => {
        const path = paths[number % paths.length] ?? '';
        return { url: `${host.origin}${path}`, headers: path.startsWith('/s/') ? {} : { Cookie: host.cookie } };
      };
      tell('Warming up …');
      await offerLoad({ perSecond: PER_SECOND, seconds: WARM_UP_SECONDS, request });
      tell(`${String(PER_SECOND)} requests a second for ${String(seconds)} s …`);
      const waits = await offerLoad({ perSecond: PER_SECOND, seconds, request });
      tellKinds(waits, paths, tell);
      return [
        ownFigure('pages.p50', 'ms', quantile(waits, 0.5)),
        ownFigure('pages.p95', 'ms', quantile(waits, 0.95)),
        ownFigure('pages.p99', 'ms', quantile(waits, 0.99)),
      ];
    } finally {
      await host.close();
    }
  } finally {
    await client.end();
    await database.close();
    await testDatabase.close();
    await rm(folder, { recursive: true, force: true });
  }
}

let made = 0;

async function makeSong(database: Database, chat: string): Promise<string> {
  made += 1;
  const { jobId, recordingId, result } = await addSong(database, {
    chat,
    title: `Song ${String(made)}, take ${String(made % 7)}`,
  });
  await createJobs(database).end(jobId, { state: 'done', result, reused: false });
  return recordingId;
}

/** As it lies in the store once somebody has opened the mixer; a few minutes long. */
async function makePlayer(
  { database, client, blobs }: { database: Database; client: Client; blobs: BlobStore },
  recordingId: string,
): Promise<void> {
  const { rows } = await client.query<{ id: string }>('select id from separation where recording_id = $1', [
    recordingId,
  ]);
  const renderings = createRenderings(database);
  const { id } = await renderings.want({ separationId: rows[0]?.id ?? '', recipe: { kind: 'player' } });
  const audio = await blobs.put(`player/${id}/audio.flac`, once(Buffer.alloc(1000, recordingId)));
  const stems = ['vocals', 'accompaniment', 'residual'].map((name) => ({
    name,
    isResidual: name === 'residual',
    blob: audio,
    offsets: Array.from({ length: 61 }, (_, index) => index * 16),
    scale: 1,
    loudnessLufs: -20,
    peaks: Buffer.alloc(3000, name).toString('base64'),
  }));
  const pack: PlayerPack = { rateHz: 44_100, channels: 2, samples: 10_584_000, segmentSamples: 176_400, stems };
  const blob = await blobs.put(`player/${id}/pack.json`, once(Buffer.from(JSON.stringify(pack))));
  await renderings.save(id, { blob, held: [audio, blob] });
}

/** Half of the looks are at the library: its first page, a search, another page; the other half at songs. */
function pathsOf(bandId: string, opened: readonly string[], tokens: readonly string[]): readonly string[] {
  return opened.flatMap((id, index) => [
    '/library',
    `/r/${id}`,
    `/library?band=${bandId}&q=take+${String(index % 7)}`,
    `/r/${id}/player.json`,
    `/library?band=${bandId}`,
    `/s/${tokens[index] ?? ''}`,
    `/library/songs/${id}`,
    `/s/${tokens[index] ?? ''}/player.json`,
  ]);
}

function tellKinds(waits: readonly number[], paths: readonly string[], tell: (line: string) => void): void {
  const kinds = Map.groupBy(waits.entries(), ([number]) =>
    (paths[number % paths.length] ?? '').replace(/\/(r|s|songs)\/[^/?]+/u, '/$1/…').replace(/\?.*(?=q=).*|\?.*/u, '?…'),
  );
  for (const [kind, entries] of kinds) {
    const own = entries.map(([, wait]) => wait);
    tell(`  ${kind}: p50 ${quantile(own, 0.5).toFixed(1)} ms, p95 ${quantile(own, 0.95).toFixed(1)} ms`);
  }
}

/** The nearest rank. */
function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? 0;
}

async function startHost(options: PagesHostOptions): Promise<PagesHostAnswer & { close: () => Promise<void> }> {
  const file = join(import.meta.dirname, 'pages-host.ts');
  const { child, exited } = await startChild(process.execPath, [file, JSON.stringify(options)], {
    cwd: import.meta.dirname,
    ipc: true,
    onStderrLine: (line) => console.error(line),
  });
  const answer = await new Promise<PagesHostAnswer>((resolve, reject) => {
    child.once('message', (message) => resolve(message as PagesHostAnswer));
    void exited.then(({ code, signal }) => reject(new Error(`the web server ended with ${signal ?? String(code)}`)));
  });
  return {
    ...answer,
    async close() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
