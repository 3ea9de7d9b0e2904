import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { SendError } from '../../workflows/contract/chat-port.ts';
import type { JobOutcome } from '../../workflows/contract/job.ts';
import { EDIT_INTERVAL_MS, SURFACE_ID, createCardBench, settle } from './card-bench.test-kit.ts';
import type { CardBench } from './card-bench.test-kit.ts';
import { exampleJob, exampleResult } from './example-job.test-kit.ts';
import { EXAMPLE_COMMANDS, exampleTab } from './example-sheets.test-kit.ts';

const DONE: JobOutcome = { state: 'done', result: exampleResult(), reused: false };

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 });
});

async function pass(ms: number): Promise<void> {
  mock.timers.tick(ms);
  await settle();
}

/** A card that is posted, and may be edited again. */
async function posted(bench: CardBench): Promise<Awaited<ReturnType<CardBench['start']>>> {
  const cards = await bench.start();
  await cards.post(bench.job.id, SURFACE_ID);
  await pass(EDIT_INTERVAL_MS);
  return cards;
}

function fractions(bench: CardBench): (number | null)[] {
  return bench.shown.map(({ card }) => card.fraction);
}

test('posts one placeholder, however often it is asked to', async () => {
  const bench = createCardBench();
  const cards = await bench.start();
  await Promise.all([cards.post(bench.job.id, SURFACE_ID), cards.post(bench.job.id, SURFACE_ID)]);
  await cards.post(bench.job.id, SURFACE_ID);
  await (await bench.start()).post(bench.job.id, SURFACE_ID);
  assert.deepEqual(
    bench.shown.map(({ kind }) => kind),
    ['post'],
  );
});

test('shows of many changes the last, no more often than the platform allows', async () => {
  const bench = createCardBench();
  await posted(bench);
  for (let step = 1; step <= 100; step += 1) {
    await bench.change({ fraction: step / 100 });
    await pass(EDIT_INTERVAL_MS / 10);
  }
  await pass(EDIT_INTERVAL_MS);
  const times = bench.shown.map(({ atMs }) => atMs);
  for (const [index, time] of times.entries()) {
    assert.ok(index === 0 || time - (times[index - 1] ?? 0) >= EDIT_INTERVAL_MS, `edit ${String(index)}`);
  }
  assert.ok(bench.shown.length >= 10, 'ten seconds of changes are seen');
  assert.deepEqual(
    fractions(bench),
    fractions(bench).toSorted((a, b) => Number(a) - Number(b)),
  );
  assert.equal(bench.shown.at(-1)?.card.version, bench.job.version, 'the last state is not lost');
});

test('a change right after the post waits as long as any other', async () => {
  const bench = createCardBench();
  const cards = await bench.start();
  await bench.tell();
  await Promise.all([cards.post(bench.job.id, SURFACE_ID), bench.change({ fraction: 0.5 })]);
  await bench.change({ fraction: 0.6 });
  await pass(EDIT_INTERVAL_MS - 1);
  assert.equal(bench.shown.length, 1);
  await pass(1);
  assert.equal(bench.shown.length, 2);
  assert.equal(bench.shown[1]?.card.version, bench.job.version);
});

test('slow edits neither pile up nor overtake each other', async () => {
  const bench = createCardBench();
  await posted(bench);
  let running = 0;
  bench.onCall = async () => {
    running += 1;
    assert.equal(running, 1, 'one at a time');
    await new Promise((resolve) => setTimeout(resolve, EDIT_INTERVAL_MS * 5));
    running -= 1;
  };
  for (let step = 1; step <= 50; step += 1) {
    await bench.change({ fraction: step / 50 });
    await pass(EDIT_INTERVAL_MS / 2);
  }
  for (let step = 0; step < 15; step += 1) {
    await pass(EDIT_INTERVAL_MS);
  }
  const edits = bench.shown.slice(1);
  assert.ok(edits.length >= 4 && edits.length <= 8, String(edits.length));
  for (const [index, { atMs, card }] of edits.entries()) {
    const before = edits[index - 1];
    assert.ok(before === undefined || atMs - before.atMs >= EDIT_INTERVAL_MS * 6, 'rests after each edit');
    assert.ok(before === undefined || card.version > before.card.version, 'newer each time');
  }
  assert.equal(edits.at(-1)?.card.version, bench.job.version);
});

test('the final state comes after a slow edit of progress, and stays', async () => {
  const bench = createCardBench();
  const cards = await posted(bench);
  let release: () => void = () => undefined;
  bench.onCall = async () => {
    bench.onCall = async () => undefined;
    await new Promise<void>((resolve) => {
      release = resolve;
    });
  };
  await bench.change({ fraction: 0.5 });
  await pass(0);
  const finished = cards.finish(bench.job.id, SURFACE_ID, { outcome: DONE }, []);
  await bench.change({ fraction: 0.9 });
  await pass(EDIT_INTERVAL_MS * 3);
  assert.equal(bench.shown.length, 1, 'everybody waits');
  release();
  await finished;
  await bench.tell();
  await pass(EDIT_INTERVAL_MS * 3);
  assert.deepEqual(
    bench.shown.map(({ card }) => card.state),
    ['running', 'running', 'done'],
  );
});

test('shows no progress over the final state, in this process or the next', async () => {
  const bench = createCardBench();
  const cards = await posted(bench);
  await cards.finish(bench.job.id, SURFACE_ID, { outcome: DONE }, []);
  await bench.change({ fraction: 0.99 });
  await pass(EDIT_INTERVAL_MS * 2);
  await cards.stop();
  await bench.start();
  await bench.change({ fraction: 1 });
  await pass(EDIT_INTERVAL_MS * 2);
  await bench.change({ state: 'done', outcome: DONE });
  await pass(EDIT_INTERVAL_MS * 2);
  assert.equal(bench.shown.at(-1)?.card.state, 'done');
  assert.equal(bench.shown.filter(({ card }) => card.state === 'done').length, 1);
});

test('what is ready can be played in the browser, once there is something to play', async () => {
  const bench = createCardBench();
  const cards = await posted(bench);
  await bench.change({ recordingId: 'take-5', fraction: 0.5 });
  await pass(EDIT_INTERVAL_MS);
  await cards.finish(bench.job.id, SURFACE_ID, { outcome: DONE }, []);
  assert.deepEqual(
    bench.shown.map(({ card }) => card.links),
    [[], [], [{ label: 'Open the mixer', url: 'https://band.example/r/take-5' }]],
  );
});

test('a tab leads to its page, unless there was nothing to play', async () => {
  const result = exampleTab();
  const links = async (notes: number): Promise<unknown> => {
    const { request } = exampleJob({});
    const bench = createCardBench({ recordingId: 'take-5', request: { ...request, command: EXAMPLE_COMMANDS.tab } });
    const cards = await posted(bench);
    const summary = { ...result.summary, part: 'bass', notes } as const;
    const outcome: JobOutcome = { state: 'done', result: { ...result, summary }, reused: false };
    await cards.finish(bench.job.id, SURFACE_ID, { outcome }, []);
    return bench.shown.at(-1)?.card.links;
  };
  assert.deepEqual(await links(9), [{ label: 'Open the tab', url: 'https://band.example/r/take-5/tab?part=bass' }]);
  assert.deepEqual(await links(0), []);
});

test('a song that could not be taken apart leads to no mixer', async () => {
  const bench = createCardBench({ recordingId: 'take-5' });
  const cards = await posted(bench);
  await cards.finish(bench.job.id, SURFACE_ID, { outcome: { state: 'cancelled' } }, []);
  assert.deepEqual(bench.shown.at(-1)?.card.links, []);
});

test('a final state that failed is put there by the next try', async () => {
  const bench = createCardBench();
  const cards = await posted(bench);
  bench.onCall = async () => {
    throw new SendError('ambiguous', 'no answer');
  };
  const failing = cards.finish(bench.job.id, SURFACE_ID, { outcome: DONE }, []);
  failing.catch(() => undefined);
  await settle();
  for (let tries = 0; tries < 10; tries += 1) {
    await pass(EDIT_INTERVAL_MS);
  }
  await assert.rejects(failing, SendError);
  bench.onCall = async () => undefined;
  await cards.finish(bench.job.id, SURFACE_ID, { outcome: DONE }, []);
  assert.equal(bench.shown.at(-1)?.card.state, 'done');
  assert.equal(bench.shown.at(-1)?.messageId, 'message-1');
});

test('an edit that fails is told and tried again at the next change, after the rest that was asked for', async () => {
  const bench = createCardBench();
  await posted(bench);
  let calls = 0;
  bench.onCall = async () => {
    calls += 1;
    throw new SendError('not-executed', 'slow down', { retryAfterMs: EDIT_INTERVAL_MS * 4 });
  };
  await bench.change({ fraction: 0.2 });
  await pass(0);
  assert.equal(bench.errors.length, 1);
  for (let step = 3; step < 10; step += 1) {
    await bench.change({ fraction: step / 10 });
    await pass(EDIT_INTERVAL_MS / 2);
  }
  assert.equal(calls, 1, 'rests');
  bench.onCall = async () => undefined;
  await pass(EDIT_INTERVAL_MS);
  assert.equal(bench.shown.at(-1)?.card.version, bench.job.version);
  assert.equal(bench.errors.length, 1);
});

test('a placeholder that was not sent, or may not have been, is sent by the next try', async () => {
  for (const outcome of ['not-executed', 'ambiguous'] as const) {
    const bench = createCardBench();
    const cards = await bench.start();
    bench.onCall = async () => {
      throw new SendError(outcome, 'no');
    };
    const failing = cards.post(bench.job.id, SURFACE_ID);
    failing.catch(() => undefined);
    await settle();
    for (let tries = 0; tries < 10; tries += 1) {
      await pass(EDIT_INTERVAL_MS);
    }
    await assert.rejects(failing, SendError);
    bench.onCall = async () => undefined;
    await cards.post(bench.job.id, SURFACE_ID);
    assert.equal(bench.shown.length, 1, outcome);
    await cards.stop();
  }
});

test('a place that is gone is tried once', async () => {
  const bench = createCardBench();
  const cards = await bench.start();
  let calls = 0;
  bench.onCall = async () => {
    calls += 1;
    throw new SendError('gone', 'unknown channel');
  };
  assert.equal(await cards.post(bench.job.id, SURFACE_ID), null);
  await cards.finish(bench.job.id, SURFACE_ID, { outcome: { state: 'cancelled' } }, []);
  await bench.change({ fraction: 0.5 });
  await pass(EDIT_INTERVAL_MS * 2);
  assert.equal(calls, 1);
});

test('a message that was deleted is edited no more', async () => {
  const bench = createCardBench();
  const cards = await posted(bench);
  let calls = 0;
  bench.onCall = async () => {
    calls += 1;
    throw new SendError('gone', 'unknown message');
  };
  for (let step = 1; step < 5; step += 1) {
    await bench.change({ fraction: step / 10 });
    await pass(EDIT_INTERVAL_MS);
  }
  await cards.finish(bench.job.id, SURFACE_ID, { outcome: DONE }, []);
  assert.equal(calls, 1);
});

test('a card that stayed behind when its chat moved is posted anew, and goes on there', async () => {
  const bench = createCardBench();
  const cards = await posted(bench);
  let calls = 0;
  bench.onCall = async (kind) => {
    calls += 1;
    if (kind === 'edit') {
      bench.onCall = async () => undefined;
      throw new SendError('not-executed', 'moved', { movedToChatId: 'supergroup' });
    }
  };
  await bench.change({ fraction: 0.5 });
  await pass(EDIT_INTERVAL_MS);
  await bench.change({ fraction: 0.6 });
  await pass(EDIT_INTERVAL_MS);
  await cards.finish(bench.job.id, SURFACE_ID, { outcome: DONE }, []);
  assert.equal(calls, 1, 'the old message is not tried again');
  assert.deepEqual(
    bench.shown.map(({ kind, messageId }) => [kind, messageId]),
    [
      ['post', 'message-1'],
      ['post', 'message-2'],
      ['edit', 'message-2'],
      ['edit', 'message-2'],
    ],
  );
});

test('jobs of other platforms are left alone', async () => {
  const bench = createCardBench();
  const { request } = bench.job;
  await bench.start();
  await bench.change({ request: { ...request, address: { ...request.address, platform: 'discord' } } });
  await pass(EDIT_INTERVAL_MS * 2);
  assert.deepEqual([bench.shown, bench.errors], [[], []]);
});

test('stopping leaves no timer and waits for what is under way, though not for ever', async () => {
  const bench = createCardBench();
  const cards = await posted(bench);
  bench.onCall = async () => await new Promise(() => undefined);
  await bench.change({ fraction: 0.3 });
  await pass(0);
  await bench.change({ fraction: 0.4 });
  let stopped = false;
  const stopping = cards.stop().then(() => {
    stopped = true;
  });
  await pass(EDIT_INTERVAL_MS);
  assert.equal(stopped, false, 'an edit is under way');
  await pass(60_000);
  await stopping;

  const quiet = createCardBench();
  const others = await posted(quiet);
  await quiet.change({ fraction: 0.5 });
  await others.stop();
  await pass(EDIT_INTERVAL_MS * 10);
  assert.equal(quiet.shown.length, 1, 'nothing is shown any more');
});

test('a change that was told twice is shown once', async () => {
  const bench = createCardBench();
  await posted(bench);
  await bench.change({ fraction: 0.5 });
  await pass(0);
  for (let time = 0; time < 3; time += 1) {
    await bench.tell();
    await pass(EDIT_INTERVAL_MS);
  }
  assert.equal(bench.shown.length, 2);
});

test('nothing keeps the process alive after stopping', async () => {
  mock.timers.reset();
  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  const bench = createCardBench();
  const cards = await bench.start();
  await cards.post(bench.job.id, SURFACE_ID);
  await bench.change({ fraction: 0.5 });
  assert.equal(timers(), before + 1, 'the change waits for its time');
  await cards.stop();
  assert.equal(timers(), before);
});
