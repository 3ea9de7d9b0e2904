/** A song with real stems in a real database and blob store, and its mixer on a port of this machine. */
import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { findTestTools } from '../../activities/media/media.test-kit.ts';
import { createMediaActivities } from '../../activities/media/create-media-activities.ts';
import { putStem } from '../../activities/media/stems.test-kit.ts';
import { createLibrary } from '../../db/library.repository.ts';
import { createRenderings } from '../../db/renderings.repository.ts';
import { addBand, addMember } from '../../db/test-library.ts';
import { testAddress, testBlob, testJob, testPlan } from '../../db/test-rows.ts';
import { createLogger } from '../../runtime/log.ts';
import type { MediaActivities } from '../../workflows/contract/media-activities.ts';
import type { MadeRendering } from '../../workflows/contract/rendering.ts';
import type { FinishedStem } from '../../workflows/contract/stems.ts';
import { exampleStems, SONG_SECONDS } from '../../tools/example-song/song.ts';
import { memberAccess, sharedAccess } from '../library/access.ts';
import { downloadRoutes } from '../library/downloads.ts';
import { sheetDownloads } from '../library/sheet-downloads.ts';
import { openPagesBench, openPagesServer } from '../pages.test-kit.ts';
import type { PagesBench, PagesServer, Scope } from '../pages.test-kit.ts';
import { tabPages } from '../tab/tab-pages.ts';
import { recordingRoutes } from './recording-routes.ts';
import type { MixerParts } from './recording-routes.ts';

export interface TestStem {
  readonly name: string;
  /** Interleaved, two channels. */
  readonly samples: Float32Array;
  readonly peakDbtp?: number | null;
}

export interface MixerBench extends PagesBench {
  readonly media: MediaActivities;
  readonly bandId: string;
  readonly memberId: string;
  /** The last stem is the residual. @returns the recording's id */
  addSong(song: {
    stems: readonly TestStem[];
    rateHz?: number;
    title?: string;
    stopBefore?: 'result';
  }): Promise<TestSong>;
  /** The result of one that was stopped before it. */
  finishSong(song: TestSong, stems: readonly TestStem[]): Promise<void>;
  /** Until the test ends. */
  serve(t: Scope, parts?: Partial<MixerParts>): Promise<PagesServer>;
  /** Makes a rendering here and now, as the workflow has it made. */
  make(renderingId: string): Promise<void>;
}

export interface TestSong {
  readonly recordingId: string;
  readonly jobId: string;
  readonly sha256: string;
  readonly title: string;
  readonly rateHz: number;
}

export async function openMixerBench(): Promise<MixerBench> {
  const pages = await openPagesBench('mixer');
  const { database, client, folder, blobs } = pages;
  const band = await addBand(database, 'The Back Porch');
  const memberId = await addMember(client, band.id);
  const renderings = createRenderings(database);
  const media = createMediaActivities({
    blobs,
    tools: findTestTools(),
    scratchDir: join(folder, 'scratch'),
    limits: { longestSongSeconds: 1800, shortestSongSeconds: 0.1, largestUploadBytes: 1e9, mostChannels: 8 },
    reportProgress: async () => await Promise.resolve(),
    reportRendering: renderings.report.bind(renderings),
    log: createLogger({ name: 'test', level: 'silent', destination: 'stderr' }),
  });

  async function make(renderingId: string): Promise<void> {
    const wanted = await renderings.open(renderingId);
    if (wanted === null) return;
    const { recipe, stems } = wanted;
    const made = await new MockActivityEnvironment().run<[], MadeRendering, () => Promise<MadeRendering>>(async () =>
      recipe.kind === 'player'
        ? await media.packPlayer({ renderingId, stems })
        : await media.mixDown({ renderingId, stems, gains: recipe.gains, format: recipe.format }),
    );
    await renderings.save(renderingId, made);
  }

  async function finish(
    { jobId, sha256, title, rateHz }: Omit<TestSong, 'recordingId'>,
    stems: readonly TestStem[],
  ): Promise<void> {
    const finished: FinishedStem[] = [];
    for (const { name, samples, peakDbtp = -1 } of stems) {
      finished.push(await putStem({ blobs }, name, samples, { rateHz, channels: 2, peakDbtp }));
    }
    const residual = finished.pop() as FinishedStem;
    await createLibrary(database).saveResult({
      jobId,
      plan: testPlan,
      result: {
        recording: { sha256, durationSeconds: residual.pcm.samples / rateHz, title },
        strategy: testPlan.strategy,
        quality: testPlan.quality,
        format: 'wav',
        finished: { stems: finished, residual, nullDepthDb: 90 },
        pick: { kind: 'all' },
        mixed: null,
        files: [],
        seconds: 1,
      },
    });
  }

  return {
    ...pages,
    media,
    bandId: band.id,
    memberId,
    make,
    finishSong: finish,
    async addSong({ stems, rateHz = 44_100, title = 'Song', stopBefore }) {
      const { jobId } = await testJob(database, { address: { ...testAddress, chatId: band.chat } });
      const sha256 = createHash('sha256').update(randomUUID()).digest('hex');
      const library = createLibrary(database);
      const samples = (stems[0]?.samples.length ?? 0) / 2;
      const shape = { rateHz, channels: 2, samples };
      const durationSeconds = samples / rateHz;
      const canonical = { ...testBlob(`pcm/${jobId}/canonical.wav`), ...shape };
      const recording = { sha256, title, durationSeconds, canonical, working: canonical };
      await library.saveRecording({ jobId, source: { ...testBlob(`sources/${jobId}`), title }, recording });
      if (stopBefore === undefined) await finish({ jobId, sha256, title, rateHz }, stems);
      const { rows } = await client.query<{ id: string }>('select recording_id as id from job where id = $1', [jobId]);
      return { recordingId: rows[0]?.id ?? '', jobId, sha256, title, rateHz };
    },
    async serve(t, parts = {}) {
      const mixer: MixerParts = {
        startRendering: make,
        linkTo: ({ key, fileName }) => `/d/${encodeURIComponent(key)}/${encodeURIComponent(fileName)}`,
        ...parts,
      };
      const [members, guests] = [memberAccess({ database }), sharedAccess({ database })];
      return await openPagesServer(t, {
        ...pages,
        rooms: [
          recordingRoutes({ prefix: '/r/:id', resolve: members, ...mixer }),
          downloadRoutes({ prefix: '/r/:id', resolve: members }),
          tabPages({ prefix: '/r/:id', resolve: members }),
          sheetDownloads({ prefix: '/r/:id', resolve: members }),
          recordingRoutes({ prefix: '/s/:token', resolve: guests, ...mixer }),
        ],
      });
    },
  };
}

/** The example song's true stems; nothing is left of it. */
export function exampleSong(): TestStem[] {
  const stems = Object.entries(exampleStems()).map(([name, { left, right }]): TestStem => ({
    name,
    samples: Float32Array.from(
      { length: left.length * 2 },
      (_, at) => (at % 2 === 0 ? left : right)[at >> 1] as number,
    ),
  }));
  return [...stems, { name: 'residual', samples: new Float32Array(SONG_SECONDS * 44_100 * 2), peakDbtp: null }];
}
