import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Api } from 'grammy';
import type { Update } from 'grammy/types';
import { ADAS_CHAT, FORUM_CHAT, withBench } from '../../tools/emulators/telegram/telegram.test-kit.ts';
import type { Bench } from '../../tools/emulators/telegram/telegram.test-kit.ts';
import { pollUpdates } from './poll-updates.ts';

const LIMIT = { timeout: 120_000 };

interface Polling {
  /** Texts in the order in which they were handled. */
  readonly handled: string[];
  readonly errors: unknown[];
  /** Resolves when so many updates have been handled. */
  reaches(count: number): Promise<void>;
  stop(): Promise<void>;
}

function poll({ telegram }: Bench, refuses: (text: string) => boolean = () => false): Polling {
  const api = new Api(telegram.token, { apiRoot: telegram.root, timeoutSeconds: 60 });
  const stopping = new AbortController();
  const handled: string[] = [];
  const errors: unknown[] = [];
  let wake = (): void => undefined;
  const finished = pollUpdates({
    api,
    signal: stopping.signal,
    async handle({ message }: Update) {
      const text = message?.text ?? '';
      // What is written down takes its turn.
      await new Promise(setImmediate);
      if (refuses(text)) throw new Error('the database is away');
      handled.push(text);
      wake();
    },
    onError: (error) => errors.push(error),
  });
  return {
    handled,
    errors,
    async reaches(count) {
      while (handled.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    async stop() {
      stopping.abort();
      await finished;
    },
  };
}

test(
  'what could not be written down is tried again before anything after it in that chat, and holds up no other',
  LIMIT,
  async () => {
    await withBench({}, async (bench) => {
      for (const text of ['one', 'two', 'three']) await bench.says(ADAS_CHAT, text);
      await bench.says(FORUM_CHAT, '/elsewhere', { thread: '11' });
      let refusals = 3;
      const polling = poll(bench, (text) => text === 'one' && (refusals -= 1) >= 0);
      await polling.reaches(4);
      assert.deepEqual(polling.handled, ['/elsewhere', 'one', 'two', 'three']);
      assert.equal(polling.errors.length, 3);
      // The next poll confirms them.
      await bench.says(ADAS_CHAT, 'four');
      await polling.reaches(5);
      await polling.stop();
      assert.deepEqual(
        (await bench.updates()).map(({ message }) => (message as { text?: string }).text),
        ['four'],
      );
    });
  },
);

test('updates whose poll was lost come again, and each is handled once', LIMIT, async () => {
  await withBench({}, async (bench) => {
    for (const text of ['one', 'two']) await bench.says(ADAS_CHAT, text);
    bench.telegram.breakPolls(2);
    const polling = poll(bench);
    await polling.reaches(2);
    await bench.says(ADAS_CHAT, 'three');
    await polling.reaches(3);
    await polling.stop();
    assert.deepEqual(polling.handled, ['one', 'two', 'three']);
    assert.equal(polling.errors.length, 2);
  });
});

test('a process that dies before it has written all down leaves all of it to the next', LIMIT, async () => {
  await withBench({}, async (bench) => {
    for (const text of ['one', 'two', 'three']) await bench.says(ADAS_CHAT, text);
    const first = poll(bench, (text) => text === 'two');
    await first.reaches(1);
    await first.stop();
    assert.equal(bench.telegram.pendingUpdates(), 3, 'nothing was confirmed');
    const second = poll(bench);
    await second.reaches(3);
    await second.stop();
    assert.deepEqual(second.handled, ['one', 'two', 'three']);
  });
});

test('more than a batch comes whole and in order', LIMIT, async () => {
  await withBench({}, async (bench) => {
    const texts = Array.from({ length: 250 }, (_, index) => String(index));
    for (const text of texts) await bench.says(ADAS_CHAT, text);
    const polling = poll(bench);
    await polling.reaches(250);
    await polling.stop();
    assert.deepEqual(polling.handled, texts);
  });
});

test('stops at once while it waits for updates', LIMIT, async () => {
  await withBench({}, async (bench) => {
    const polling = poll(bench);
    await bench.says(ADAS_CHAT, 'one');
    await polling.reaches(1);
    // A poll lasts half a minute; this test would run into nobody's patience otherwise.
    const stopped = polling.stop();
    const late = new Promise((_, reject) => setTimeout(() => reject(new Error('still polling')), 20_000).unref());
    await Promise.race([stopped, late]);
    assert.deepEqual(polling.errors, []);
  });
});
