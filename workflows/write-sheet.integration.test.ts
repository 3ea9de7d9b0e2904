import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { DecodedRecording, PcmBlob } from './contract/recording.ts';
import { STAGES_OF } from './contract/job.ts';
import type { JobRequest } from './contract/request.ts';
import { MADE_ANALYSIS, createSheetWorld, finishedOf, pcm } from './fake-activities.test-kit.ts';
import type { FakeWorld } from './fake-activities.test-kit.ts';
import { CHART_OPTIONS, CHORDS, LYRICS, tab } from './sheets.test-kit.ts';
import type { AskedSheet } from './sheets.test-kit.ts';
import { openStage } from './stage.test-kit.ts';
import type { Stage } from './stage.test-kit.ts';

const SONG: DecodedRecording = {
  sha256: 'aa',
  title: 'song',
  durationSeconds: 60,
  canonical: pcm('song'),
  working: pcm('song'),
};
describe('a sheet to play from', () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });
  after(async () => {
    await stage.close();
  });

  /** Names of the activities between the song and its result. */
  async function make(
    [command, plan]: AskedSheet,
    overrides: Partial<FakeWorld['activities']> = {},
  ): Promise<string[]> {
    const world = createSheetWorld({
      openJob: async () => ({ jobId: 'job', surfaceId: 'origin', mirrors: [], plan, link: null }),
      findSong: async () => SONG,
      ...overrides,
    });
    const request: JobRequest = {
      inboundEventId: 'event',
      address: { platform: 'slack', botId: 'bot', chatId: 'chat', threadId: null },
      requester: { platform: 'slack', userId: '1', displayName: 'Ana' },
      command,
    };
    const outcome = await stage.run(world, async (run) => await (await run.start(request)).result());
    assert.ok(outcome.state === 'done' && outcome.result.kind === plan.kind, JSON.stringify(outcome));
    assert.deepEqual(world.calls.slice(-3), ['saveSheet', 'deliverOutcome', 'endJob']);
    return world.calls.slice(world.calls.indexOf('findSong') + 1, -3);
  }

  test('with chords is written from the analysis, over the words where the band has them', async () => {
    const lyrics = { key: 'words', bytes: 1, sha256: 'ww' };
    const given: unknown[] = [];
    const calls = await make(CHORDS, {
      findLyrics: async () => lyrics,
      async writeChords(input) {
        given.push(input.lyrics, input.options);
        const summary = {
          ...CHART_OPTIONS,
          key: null,
          playedIn: null,
          capo: 0,
          easiestCapo: null,
          sections: [],
          modulations: [],
          opening: '',
        };
        return { summary, files: [] };
      },
    });
    assert.deepEqual(calls, ['openAnalysis', 'analyseRecording', 'findLyrics', 'writeChords']);
    assert.deepEqual(given, [lyrics, CHART_OPTIONS]);
  });

  test('with words is heard in the voice alone, with the words that are given', async () => {
    const heard: unknown[] = [];
    const calls = await make(LYRICS, {
      async hearWords({ pcm: { key }, given }) {
        heard.push(key, given);
        return { heard: { key: 'heard', bytes: 1, sha256: 'hh' } };
      },
    });
    assert.deepEqual(calls, ['findEarlier', 'separateNode', 'finishStems', 'hearWords', 'writeLyrics']);
    assert.deepEqual(heard, ['song/s.a', 'Those words']);
  });

  test('with a tab is heard in a stem that the band has already', async () => {
    const heard: string[] = [];
    const finished = finishedOf([
      { name: 'vocals', pcm: pcm('voice') },
      { name: 'rest', pcm: pcm('others') },
    ]);
    const calls = await make(tab(null), {
      findEarlier: async () => ({ recording: SONG, finished }),
      hearNotes: noted(heard),
    });
    assert.deepEqual(calls, ['openAnalysis', 'analyseRecording', 'findEarlier', 'hearNotes', 'writeTab']);
    assert.deepEqual(heard, ['voice']);
  });

  test('shows its stages in the order of the card: the song is analysed before a part of it is separated', async () => {
    const seen: (string | undefined)[] = [];
    for (const command of [tab(null), CHORDS]) {
      await make(command, {
        async analyseRecording({ stage: shown }) {
          seen.push(shown);
          return MADE_ANALYSIS;
        },
        hearNotes: noted([]),
      });
    }
    assert.deepEqual(seen, ['read', 'listen']);
    assert.ok(STAGES_OF.tab.indexOf('read') < STAGES_OF.tab.indexOf('separate'));
  });

  test('with a tab of a part that is said to be all of the song separates nothing', async () => {
    const heard: string[] = [];
    const calls = await make(tab(true), { hearNotes: noted(heard) });
    assert.deepEqual(calls, ['openAnalysis', 'analyseRecording', 'hearNotes', 'writeTab']);
    assert.deepEqual(heard, ['song']);
  });

  function noted(heard: string[]): FakeWorld['activities']['hearNotes'] {
    return async ({ pcm: { key } }: { readonly pcm: PcmBlob }) => {
      heard.push(key);
      return { heard: { key: 'heard', bytes: 1, sha256: 'hh' } };
    };
  }
});
