import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { SongFacts } from './contract/analysis.ts';
import { refuse } from './contract/failure.ts';
import type { JobOutcome } from './contract/job.ts';
import type { DecodedRecording } from './contract/recording.ts';
import type { JobRequest, SourceReference } from './contract/request.ts';
import { createSheetWorld, MADE_ANALYSIS, pcm } from './fake-activities.test-kit.ts';
import type { FakeWorld } from './fake-activities.test-kit.ts';
import { openStage } from './stage.test-kit.ts';
import type { Stage } from './stage.test-kit.ts';

const FILE: SourceReference = { kind: 'attachment', reference: '/song.mp3', name: 'song.mp3', declaredBytes: 1 };
const EARLIER: SourceReference = { kind: 'earlier', jobId: 'before', name: 'song.mp3' };
const SONG: DecodedRecording = {
  sha256: 'aa',
  title: 'song',
  durationSeconds: 60,
  canonical: pcm('mix'),
  working: pcm('mix'),
};

function asks(source: SourceReference, changes: Partial<JobRequest> = {}, facts: SongFacts = {}): JobRequest {
  return {
    inboundEventId: 'event',
    address: { platform: 'discord', botId: 'bot', chatId: 'chat', threadId: null },
    requester: { platform: 'discord', userId: '1', displayName: 'Ana' },
    command: { kind: 'analyze', source, facts },
    ...changes,
  };
}

function names(world: FakeWorld, place = 'origin'): readonly (readonly string[])[] {
  return world.parcels
    .filter(({ surfaceId }) => surfaceId === place)
    .map(({ parcel }) => [
      ...parcel.files.map(({ fileName, kind }) => `${kind} ${fileName}`),
      ...parcel.links.map(({ fileName }) => `link ${fileName}`),
    ]);
}

const BOTH = ['picture analysis.png', 'document analysis.json'];

describe('an analysis', () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });
  after(async () => {
    await stage.close();
  });

  async function handle(world: FakeWorld, request: JobRequest): Promise<JobOutcome> {
    return await stage.run(world, async (run) => await (await run.start(request)).result());
  }

  test('goes from the card to picture and document, each step once, and has nothing to listen to', async () => {
    const world = createSheetWorld();
    const outcome = await handle(world, asks(FILE));
    assert.deepEqual(world.calls, [
      'openJob',
      'postCard',
      'collectAttachment',
      'findSong',
      'probeSource',
      'reserveAudio',
      'decodeRecording',
      'saveRecording',
      'openAnalysis',
      'analyseRecording',
      'saveAnalysis',
      'deliverOutcome',
      'endJob',
    ]);
    assert.ok(outcome.state === 'done' && !outcome.reused && outcome.result.kind === 'analysis');
    assert.deepEqual(names(world), [BOTH]);
  });

  test('of a song that the band has is neither received nor decoded, and takes none of its share', async () => {
    const world = createSheetWorld({ findSong: async () => SONG });
    await handle(world, asks(EARLIER));
    assert.deepEqual(world.calls.slice(2, 5), ['findSong', 'openAnalysis', 'analyseRecording']);
  });

  test('of a song whose sound is gone starts from what was sent', async () => {
    const world = createSheetWorld();
    await handle(world, asks(EARLIER));
    assert.deepEqual(world.calls.slice(2, 6), ['findSong', 'reuseSource', 'findSong', 'probeSource']);
  });

  test('that was made before is not made again', async () => {
    const world = createSheetWorld({
      findSong: async () => SONG,
      openAnalysis: async () => ({ facts: {}, earlier: MADE_ANALYSIS }),
    });
    const outcome = await handle(world, asks(FILE));
    assert.ok(outcome.state === 'done' && outcome.reused);
    assert.ok(!world.calls.includes('analyseRecording'));
  });

  test('follows what was said of the song, now and before', async () => {
    const said: SongFacts[] = [];
    const world = createSheetWorld({
      findSong: async () => SONG,
      openAnalysis: async ({ changes }) => ({ facts: { ...(changes as SongFacts), beatsPerBar: 3 }, earlier: null }),
      async analyseRecording({ facts }) {
        said.push(facts);
        return MADE_ANALYSIS;
      },
    });
    const outcome = await handle(world, asks(EARLIER, {}, { tempoFactor: 0.5 }));
    assert.deepEqual(said, [{ tempoFactor: 0.5, beatsPerBar: 3 }]);
    assert.ok(outcome.state === 'done' && outcome.result.kind === 'analysis');
    assert.deepEqual(outcome.result.facts, said[0]);
  });

  test('is behind links where the chat takes none of its files, or may have lost them', async () => {
    for (const first of [{ state: 'too-large', limitBytes: 0 }, { state: 'unknown' }] as const) {
      const answers: (typeof first)[] = [first];
      const parcels: FakeWorld['parcels'] = [];
      const world = createSheetWorld({
        async deliverOutcome({ surfaceId, parcel }) {
          parcels.push({ surfaceId, parcel });
          return answers.shift() ?? { state: 'delivered' };
        },
      });
      await handle(world, asks(FILE));
      assert.deepEqual(names({ ...world, parcels }), [BOTH, ['link analysis.png', 'link analysis.json']]);
    }
  });

  test('shows up in the band’s other chats too', async () => {
    const plan = { kind: 'analysis', version: 1 } as const;
    const mirrors = [{ surfaceId: 'other', platform: 'slack' }] as const;
    const world = createSheetWorld({ openJob: async () => ({ jobId: 'job', surfaceId: 'origin', mirrors, plan }) });
    await stage.run(world, async (run) => {
      const started = await run.start(asks(FILE));
      await started.result();
      await stage.environment.client.workflow.getHandle(`${started.workflowId}-mirror-other`).result();
    });
    assert.deepEqual([names(world), names(world, 'other')], [[BOTH], [BOTH]]);
  });

  test('of what is no song is refused with the reason', async () => {
    const world = createSheetWorld({ probeSource: async () => refuse('not-audio') });
    const outcome = await handle(world, asks(FILE));
    assert.ok(outcome.state === 'refused' && outcome.failure.code === 'not-audio');
    assert.ok(!world.calls.includes('openAnalysis'));
  });
});
