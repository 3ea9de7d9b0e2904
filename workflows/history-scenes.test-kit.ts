/** Everything a workflow of this house may live through, played on a real server for histories worth keeping. */
import { setTimeout as pause } from 'node:timers/promises';
import { heartbeat, sleep } from '@temporalio/activity';
import type { UnplannedJob } from './contract/control-activities.ts';
import type { AlbumReport, DeliveryReport } from './contract/delivery.ts';
import { refuse } from './contract/failure.ts';
import type { FailureReport } from './contract/failure.ts';
import { albumWorkflowId, mirrorWorkflowId, renderingWorkflowId, separationWorkflowId } from './contract/ids.ts';
import type { LinkTerms } from './contract/linking.ts';
import { accountLinked, turnCame } from './contract/messages.ts';
import type { DecodedRecording } from './contract/recording.ts';
import type { RenderingRecipe } from './contract/rendering.ts';
import type { JobRequest, SplitCommand } from './contract/request.ts';
import type { StrategyNode } from './contract/stems.ts';
import { CONTROL_QUEUE } from './contract/task-queues.ts';
import {
  bug,
  createFakeWorld,
  createSheetWorld,
  finishedOf,
  MADE_ANALYSIS,
  pcm,
  planOf,
  soundFile,
  stem,
} from './fake-activities.test-kit.ts';
import type { FakeWorld } from './fake-activities.test-kit.ts';
import type { postAlbum } from './post-album.ts';
import type { renderStems } from './render-stems.ts';
import { CHORDS, LYRICS, tab } from './sheets.test-kit.ts';
import type { AskedSheet } from './sheets.test-kit.ts';
import { QUICK, untilItRests } from './stage.test-kit.ts';
import type { RequestHandle, Stage } from './stage.test-kit.ts';

export interface Scene {
  /** The stored histories' file name, without what tells parent and child apart. */
  readonly name: string;
  /** Plays it to its end. Returns ids of the workflows to keep, by the suffix of their files. */
  play(stage: Stage): Promise<Readonly<Record<string, string>>>;
}

export const REQUEST: JobRequest<SplitCommand> = {
  inboundEventId: 'event',
  address: { platform: 'console', botId: 'local', chatId: 'terminal', threadId: 'out' },
  requester: { platform: 'console', userId: '1', displayName: 'Ana' },
  command: {
    kind: 'split',
    source: { kind: 'attachment', reference: 'song.mp3', name: 'song.mp3', declaredBytes: 1 },
    strategy: 'test',
    quality: 'fast',
    format: 'flac',
    pick: { kind: 'all' },
  },
};
const LINK: JobRequest = {
  ...REQUEST,
  command: { ...REQUEST.command, source: { kind: 'link', url: 'https://example.org/a.mp3' } },
};
const RETRY: JobRequest = {
  ...REQUEST,
  command: { ...REQUEST.command, source: { kind: 'earlier', jobId: 'before', name: 'song.mp3' } },
};
const PICK: JobRequest = {
  ...REQUEST,
  command: { ...REQUEST.command, pick: { kind: 'minus', stems: ['vocals'] } },
};
const ANALYSIS: JobRequest = {
  ...REQUEST,
  command: { kind: 'analyze', source: REQUEST.command.source, facts: {} },
};
const CORRECTION: JobRequest = {
  ...REQUEST,
  command: { kind: 'analyze', source: RETRY.command.source, facts: { tempoFactor: 0.5 } },
};
/** Where previews are shown. */
const ON_DISCORD: JobRequest = {
  ...REQUEST,
  address: { platform: 'discord', botId: 'bot', chatId: 'chat', threadId: null },
  requester: { platform: 'discord', userId: '1', displayName: 'Ana' },
};
export const LEAVES: StrategyNode = { separator: 's', outputs: { a: 'vocals', b: 'rest' } };
/** Two levels with two siblings, so that the order of parallel work is in the history. */
const TREE: StrategyNode = {
  separator: 's',
  outputs: {
    a: 'vocals',
    b: { separator: 't', outputs: { a: 'drums', b: 'other' } },
    c: { separator: 'u', outputs: { a: 'bass' } },
  },
};

const ALONE = (id: string): Record<string, string> => ({ request: id });
const WITH_CHILD = (id: string): Record<string, string> => ({ request: id, separate: separationWorkflowId(id) });

const WITH_MIRROR = (id: string): Record<string, string> => ({
  ...WITH_CHILD(id),
  mirror: mirrorWorkflowId(id, 'other'),
});

const WITH_MIRROR_ALONE = (id: string): Record<string, string> => ({
  ...ALONE(id),
  mirror: mirrorWorkflowId(id, 'other'),
});

export const SCENES: readonly Scene[] = [
  request('done', WITH_CHILD, createFakeWorld(planOf(TREE))),
  request('from-a-link', WITH_CHILD, createFakeWorld(planOf(LEAVES)), LINK),
  request('reused', ALONE, worldWithEarlierWork()),
  request('refused', ALONE, worldThat({ probeSource: async () => refuse('too-long', { limitMinutes: 30 }) })),
  request(
    'unplanned',
    ALONE,
    worldThat({
      openJob: async () => ({
        jobId: 'job',
        surfaceId: 'origin',
        plan: null,
        refusal: { code: 'unknown-strategy', facts: { known: 'vocals' } },
      }),
    }),
  ),
  request('quota-used-up', ALONE, worldThat({ openJob: async () => refusedByShare() })),
  request('share-used-up', ALONE, worldThat({ reserveAudio: async () => refuse('quota-minutes', { limit: 600 }) })),
  request('retried', WITH_CHILD, createFakeWorld(planOf(LEAVES)), RETRY),
  request('picked', WITH_CHILD, createFakeWorld(planOf(LEAVES)), PICK),
  request('longer-than-claimed', WITH_CHILD, worldThat({ decodeRecording: async () => longRecording() })),
  request('mirrored', WITH_MIRROR, worldWithMirror(), ON_DISCORD),
  request('mirror-refused', WITH_MIRROR_ALONE, worldWithMirror({ probeSource: async () => refuse('not-audio') })),
  request('mirror-gone', WITH_MIRROR, worldWithMirror(goneAt('other'))),
  // Both turned away: one before the asker was told in private, and one since.
  request('gone-before', ALONE, worldThat({ postCard: async () => ({ isThere: false, fileLimitBytes: null }) })),
  request('chat-closed', ALONE, worldThat({ postCard: async () => ({ isThere: false, fileLimitBytes: null }) })),
  request('gone-meanwhile', WITH_CHILD, worldThat({ deliverOutcome: async () => ({ state: 'gone' }) })),
  request('stepped-down', WITH_CHILD, worldThatAnswers({ state: 'too-large', limitBytes: 0 })),
  request('posted-unknown', WITH_CHILD, worldThatAnswers({ state: 'unknown' })),
  request('delivery-refused', WITH_CHILD, worldWithoutDelivery()),
  request('worker-died', WITH_CHILD, worldOfDyingWorkers()),
  request('poisonous', WITH_CHILD, worldThat({ separateNode: failing })),
  cancelledWhileComputing(),
  linking('linked-at-once', worldThatWaits({ awaitLink: async () => ({ isLinked: true }) }), async () => undefined),
  linking('linked-while-waiting', worldThatWaits(), async (job) => {
    await job.signal(accountLinked);
  }),
  linking('never-linked', worldThatWaits({}, { keptSeconds: 0.4 }), async () => undefined),
  linking('cancelled-while-waiting', worldThatWaits(), async (job) => {
    await job.cancel();
  }),
  inLine('turn-came', WITH_CHILD, async (job) => {
    await job.signal(turnCame);
  }),
  inLine('cancelled-in-line', ALONE, async (job) => {
    await job.cancel();
  }),
  request('analysed', ALONE, createSheetWorld(), ANALYSIS),
  request('analysis-corrected', ALONE, createSheetWorld({ findSong: async () => longRecording() }), CORRECTION),
  request('analysis-known', ALONE, worldWithEarlierAnalysis(), ANALYSIS),
  sheet('chords', ALONE, CHORDS),
  sheet('lyrics', WITH_CHILD, LYRICS),
  sheet('tab', WITH_CHILD, tab(null)),
  sheet('tab-alone', ALONE, tab(true)),
  album(),
  rendering('player', { kind: 'player' }),
  rendering('mix', { kind: 'mix', gains: { vocals: 0.5, rest: 1 }, format: 'mp3' }),
  rendering('player-failed', { kind: 'player' }, { packPlayer: async () => refuse('no-space') }),
  rendering('player-there', null),
  sweep(),
];

function worldThat(overrides: Partial<FakeWorld['activities']>): FakeWorld {
  return createFakeWorld(planOf(LEAVES), overrides);
}

function worldWithEarlierWork(): FakeWorld {
  const recording = { sha256: 'aa', title: 'song', durationSeconds: 1, canonical: pcm('mix'), working: pcm('mix') };
  return worldThat({ findEarlier: async () => ({ recording, finished: finishedOf([]) }) });
}

function worldWithEarlierAnalysis(): FakeWorld {
  return createSheetWorld({
    findSong: async () => longRecording(),
    openAnalysis: async () => ({ facts: { beatsPerBar: 3 }, earlier: MADE_ANALYSIS }),
  });
}

function worldWithoutDelivery(): FakeWorld {
  return worldThat({
    async deliverOutcome({ outcome }) {
      if (outcome.state === 'done') {
        refuse('delivery-folder');
      }
      return { state: 'delivered' };
    },
  });
}

/** What it answers once; then it takes what it gets. */
function worldThatAnswers(first: DeliveryReport): FakeWorld {
  const answers = [first];
  return worldThat({
    encodeStems: async ({ stems, encoding }) => stems.map(({ name }) => soundFile(name, encoding.format, 1000)),
    deliverOutcome: async () => answers.shift() ?? { state: 'delivered' },
  });
}

function worldWithMirror(overrides: Partial<FakeWorld['activities']> = {}): FakeWorld {
  return worldThat({
    openJob: async () => ({
      jobId: 'job',
      surfaceId: 'origin',
      mirrors: [{ surfaceId: 'other', platform: 'slack' }],
      plan: planOf(LEAVES),
    }),
    ...overrides,
  });
}

function goneAt(place: string): Partial<FakeWorld['activities']> {
  return { postCard: async ({ surfaceId }) => ({ isThere: surfaceId !== place, fileLimitBytes: null }) };
}

function refusedByShare(): UnplannedJob {
  const refusal: FailureReport = { code: 'quota-jobs', facts: { limit: 10, minutesUntilFree: 20 } };
  return { jobId: 'job', surfaceId: 'origin', plan: null, refusal };
}

function longRecording(): DecodedRecording {
  return { sha256: 'aa', title: 'song', durationSeconds: 99, canonical: pcm('mix'), working: pcm('mix') };
}

/** The first worker vanishes without a word, the second says what it fails of, the third gets through. */
function worldOfDyingWorkers(): FakeWorld {
  let attempts = 0;
  return worldThat({
    async separateNode({ separator, input }) {
      attempts += 1;
      heartbeat({ fraction: attempts / 3, chunk: attempts });
      if (attempts === 1) {
        await sleep(QUICK.computeHeartbeatSeconds * 4000);
      }
      if (attempts < 3) {
        throw bug();
      }
      return { slots: { a: pcm(`${input.key}/${separator}.a`), b: pcm('b') } };
    },
  });
}

async function failing(): Promise<never> {
  throw bug();
}

function request(
  name: string,
  keep: (workflowId: string) => Record<string, string>,
  world: FakeWorld,
  asked: JobRequest = REQUEST,
): Scene {
  return {
    name,
    async play(stage) {
      return await stage.run(world, async (run) => {
        const started = await run.start(asked);
        await started.result();
        const kept = keep(started.workflowId);
        for (const workflowId of Object.values(kept)) {
          // Mirrors outlive their job; what fails of the others is part of the scene.
          await stage.environment.client.workflow
            .getHandle(workflowId)
            .result()
            .catch(() => undefined);
        }
        return kept;
      });
    },
  };
}

function cancelledWhileComputing(): Scene {
  return {
    name: 'cancelled',
    async play(stage) {
      let announce: () => void = () => undefined;
      const computing = new Promise<void>((resolve) => {
        announce = resolve;
      });
      const world = createFakeWorld(planOf(TREE), {
        async separateNode() {
          announce();
          for (;;) {
            heartbeat({ fraction: 0, chunk: 0 });
            await sleep(100);
          }
        },
      });
      return await stage.run(world, async (run) => {
        const started: RequestHandle = await run.start(REQUEST);
        await computing;
        await started.cancel();
        await started.result();
        return WITH_CHILD(started.workflowId);
      });
    },
  };
}

function worldThatWaits(
  overrides: Partial<FakeWorld['activities']> = {},
  link: LinkTerms = { keptSeconds: 30 * 24 * 3600 },
): FakeWorld {
  return worldThat({
    openJob: async () => ({ jobId: 'job', surfaceId: 'origin', mirrors: [], plan: planOf(LEAVES), link }),
    ...overrides,
  });
}

/** Of a song that the band has. */
function sheet(name: string, keep: (workflowId: string) => Record<string, string>, [command, plan]: AskedSheet): Scene {
  const world = createSheetWorld({
    openJob: async () => ({ jobId: 'job', surfaceId: 'origin', mirrors: [], plan, link: null }),
    findSong: async () => longRecording(),
  });
  return request(name, keep, world, { ...REQUEST, command });
}

/** What happens once the result waits for its asker's link. */
function linking(name: string, world: FakeWorld, then: (job: RequestHandle) => Promise<void>): Scene {
  return {
    name,
    async play(stage) {
      return await stage.run(world, async (run) => {
        const started = await run.start(REQUEST, { ...QUICK, linkReminderSeconds: 0.2 });
        while (!world.calls.includes('awaitLink')) {
          await pause(20);
        }
        await then(started);
        await started.result();
        return WITH_CHILD(started.workflowId);
      });
    },
  };
}

/** What happens once the job has its card and waits for its turn. */
function inLine(
  name: string,
  workflowsOf: (id: string) => Record<string, string>,
  then: (job: RequestHandle) => Promise<void>,
): Scene {
  const plan = planOf(LEAVES);
  const world = worldThat({
    openJob: async () => ({ jobId: 'job', surfaceId: 'origin', mirrors: [], plan, link: null, turn: 'later' }),
  });
  return {
    name,
    async play(stage) {
      return await stage.run(world, async (run) => {
        const started = await run.start(REQUEST);
        while (!world.calls.includes('postCard')) {
          await pause(20);
        }
        await untilItRests(started);
        await then(started);
        await started.result();
        return workflowsOf(started.workflowId);
      });
    },
  };
}

/** Of documents: songs are made, too large ones first, then smaller ones. */
function album(): Scene {
  const stems = [stem('vocals', pcm('vocals')), stem('rest', pcm('rest'))];
  const reports: AlbumReport[] = [null, 1000].map((limitBytes) => ({ state: 'files-needed', stems, limitBytes }));
  const world = worldThat({
    encodeStems: async ({ encoding }) =>
      stems.map(({ name }) => soundFile(name, encoding.format, encoding.kbps === 320 ? 5000 : 500)),
    postAlbum: async () => reports.shift() ?? { state: 'settled' },
  });
  return {
    name: 'album',
    async play(stage) {
      return await stage.run(world, async () => {
        const workflowId = albumWorkflowId('job', 'origin');
        await stage.environment.client.workflow.execute<typeof postAlbum>('postAlbum', {
          taskQueue: CONTROL_QUEUE,
          workflowId,
          args: [{ jobId: 'job', surfaceId: 'origin', platform: 'telegram', timing: QUICK }],
        });
        return { album: workflowId };
      });
    },
  };
}

/** @param recipe null where it is there already */
function rendering(
  name: string,
  recipe: RenderingRecipe | null,
  overrides: Partial<FakeWorld['activities']> = {},
): Scene {
  const stems = [stem('vocals', pcm('vocals')), stem('rest', pcm('rest')), stem('residual', pcm('residual'))];
  const world = worldThat({ openRendering: async () => (recipe === null ? null : { recipe, stems }), ...overrides });
  return {
    name,
    async play(stage) {
      return await stage.run(world, async () => {
        const workflowId = renderingWorkflowId(name);
        await stage.environment.client.workflow.execute<typeof renderStems>('renderStems', {
          taskQueue: CONTROL_QUEUE,
          workflowId,
          args: [{ renderingId: name, timing: QUICK }],
        });
        return { rendering: workflowId };
      });
    },
  };
}

function sweep(): Scene {
  return {
    name: 'sweep',
    async play(stage) {
      const left = [200, 7, 0];
      const world = worldThat({ sweepExpired: async () => ({ deleted: left.shift() ?? 0 }) });
      return await stage.run(world, async () => {
        const { client } = stage.environment;
        const started = await client.workflow.start('sweepRetention', {
          taskQueue: CONTROL_QUEUE,
          workflowId: 'sweep-retention',
          args: [{ timing: QUICK }],
        });
        await started.result();
        return { retention: started.workflowId };
      });
    },
  };
}
