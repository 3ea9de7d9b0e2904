import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { seededRandom } from '../../tools/emulators/core/seeded-random.ts';
import { SendError } from '../../workflows/contract/chat-port.ts';
import type { ResultLayout } from '../../workflows/contract/chat-port.ts';
import type { DeliveryReport, ResultFile, ResultLink, ResultParcel } from '../../workflows/contract/delivery.ts';
import { createResultBench, parcelOf, patiently, resultFile } from './result-bench.test-kit.ts';
import type { Fault, ResultBench } from './result-bench.test-kit.ts';

const FILES = ['vocals.wav', 'drums.wav', 'bass.wav'].map((name, index) => resultFile(name, 1000 + index));
const NAMES = FILES.map(({ fileName }) => fileName).toSorted();

/** Discord carries files in the card and in messages beside it, Telegram one in each message, Slack posts them. */
const LAYOUTS: Readonly<Record<string, (files: readonly ResultFile[]) => ResultLayout>> = {
  'in the card': (files) => ({ inCard: files, inPlaceholders: [], posted: [] }),
  'in the card and beside it': ([first, ...rest]) => ({
    inCard: first === undefined ? [] : [first],
    inPlaceholders: rest.length === 0 ? [] : [rest],
    posted: [],
  }),
  'one in each message': (files) => ({ inCard: [], inPlaceholders: files.map((file) => [file]), posted: [] }),
  posted: (files) => ({ inCard: [], inPlaceholders: [], posted: files }),
};

let bench: ResultBench;
beforeEach(async () => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 });
  bench = await createResultBench({ knowsNonces: false });
});
afterEach(async () => {
  await bench.stop();
  mock.timers.reset();
});

async function patient<T>(work: Promise<T>): Promise<T> {
  return await patiently(work, (ms) => {
    mock.timers.tick(ms);
  });
}

function visible(): string[] {
  return [...bench.messages.values()].flatMap(({ files }) => files).toSorted();
}

function cards(): { readonly state: string; readonly links: readonly string[] }[] {
  return [...bench.messages.values()]
    .filter(({ kind }) => kind === 'card')
    .map(({ card }) => ({ state: card?.state ?? '', links: (card?.links ?? []).map(({ label }) => label) }));
}

for (const [what, layout] of Object.entries(LAYOUTS)) {
  test(`a result ${what} is whole, and again it is the same`, async () => {
    bench.layout = layout;
    assert.deepEqual(await patient(bench.deliver(parcelOf(FILES))), { state: 'delivered' });
    const once = structuredClone([...bench.messages]);
    assert.deepEqual(visible(), NAMES);
    assert.equal(cards()[0]?.state, 'done');
    await bench.restart();
    assert.deepEqual(await patient(bench.deliver(parcelOf(FILES))), { state: 'delivered' });
    assert.deepEqual(visible(), NAMES);
    assert.equal(bench.messages.size, once.length);
  });
}

test('posted files are linked in the card', async () => {
  bench.layout = LAYOUTS.posted ?? assert.fail('there is such a layout');
  await patient(bench.deliver(parcelOf(FILES)));
  assert.deepEqual(cards()[0]?.links.toSorted(), NAMES);
});

test('what is too large is told with nothing to see, and smaller files come into the same messages', async () => {
  bench.layout = LAYOUTS['one in each message'] ?? assert.fail('there is such a layout');
  bench.limitBytes = 1001;
  assert.deepEqual(await patient(bench.deliver(parcelOf(FILES))), { state: 'too-large', limitBytes: 1001 });
  assert.deepEqual(visible(), []);
  const smaller = FILES.map(({ fileName }) => resultFile(fileName.replace('.wav', '.mp3'), 500));
  assert.deepEqual(await patient(bench.deliver(parcelOf(smaller))), { state: 'delivered' });
  assert.deepEqual(visible(), NAMES.map((name) => name.replace('.wav', '.mp3')).toSorted());
  assert.equal(bench.messages.size, 1 + FILES.length);
});

test('messages that wait for files which became links go away', async () => {
  bench.layout = LAYOUTS['one in each message'] ?? assert.fail('there is such a layout');
  bench.limitBytes = 1;
  await patient(bench.deliver(parcelOf(FILES)));
  assert.ok(bench.messages.size > 1);
  assert.deepEqual(await patient(bench.deliver(asLinks())), { state: 'delivered' });
  assert.equal(bench.messages.size, 1);
  assert.equal(cards()[0]?.links.length, FILES.length);
});

test('a chat that is gone ends it, wherever that is found out', async () => {
  for (const call of ['postCard', 'postPlaceholder', 'fillPlaceholder', 'editCard']) {
    const each = await createResultBench({ knowsNonces: false });
    each.layout = LAYOUTS['in the card and beside it'] ?? assert.fail('there is such a layout');
    let calls = 0;
    each.fault = (name) => {
      calls += name === call ? 1 : 0;
      return name === call ? 'gone' : null;
    };
    assert.deepEqual(await patient(each.deliver(parcelOf(FILES))), { state: 'gone' }, call);
    assert.equal(calls, 1, `${call} is not tried again`);
    await each.stop();
  }
});

test('a chat that moved is followed, and remembered', async () => {
  bench.layout = LAYOUTS['one in each message'] ?? assert.fail('there is such a layout');
  bench.movedTo = 'supergroup';
  assert.deepEqual(await patient(bench.deliver(parcelOf(FILES))), { state: 'delivered' });
  assert.deepEqual(bench.moves, ['supergroup']);
  assert.deepEqual(visible(), NAMES);
  assert.ok([...bench.messages.values()].every(({ chatId }) => chatId === 'supergroup'));
});

test('a long quiet is handed up with its time, and kept until then', async () => {
  let isLimited = true;
  let calls = 0;
  bench.fault = (name) => {
    calls += 1;
    return name === 'postCard' && isLimited ? 'limited' : null;
  };
  const limited = bench.fault;
  bench.fault = (name) => {
    if (limited(name) === 'limited') throw new SendError('not-executed', 'slow down', { retryAfterMs: 3_600_000 });
    return null;
  };
  async function waited(): Promise<number | null> {
    const error = await patient(bench.deliver(parcelOf(FILES))).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof SendError && error.outcome === 'not-executed', String(error));
    return error.retryAfterMs;
  }
  assert.equal(await waited(), 3_600_000);
  assert.equal(calls, 1);
  isLimited = false;
  const left = await waited();
  assert.ok(left !== null && left <= 3_600_000 && left > 3_500_000, String(left));
  assert.equal(calls, 1, 'never early');
  mock.timers.tick(left);
  assert.deepEqual(await patient(bench.deliver(parcelOf(FILES))), { state: 'delivered' });
});

test('files that came before a long wait are not brought again after it, unless there are others', async () => {
  bench.layout = LAYOUTS['one in each message'] ?? assert.fail('there is such a layout');
  let fills = 0;
  bench.fault = (name) => {
    fills += name === 'fillPlaceholder' ? 1 : 0;
    if (fills === 2) throw new SendError('not-executed', 'slow down', { retryAfterMs: 3_600_000 });
    return null;
  };
  await assert.rejects(patient(bench.deliver(parcelOf(FILES))), SendError);
  mock.timers.tick(3_600_000);
  assert.deepEqual(await patient(bench.deliver(parcelOf(FILES))), { state: 'delivered' });
  assert.equal(fills, FILES.length + 1, 'each once, and the one that was refused');
  assert.deepEqual(visible(), NAMES);
  const others = FILES.map((file, index) => ({ ...file, blob: { ...file.blob, sha256: `other-${String(index)}` } }));
  assert.deepEqual(await patient(bench.deliver(parcelOf(others))), { state: 'delivered' });
  assert.equal(fills, 2 * FILES.length + 1);
});

for (const asked of [0, -1, NaN, '300', Infinity]) {
  test(`a wait of ${String(asked)} is taken for a second`, async () => {
    let calls = 0;
    const began = Date.now();
    bench.fault = () => {
      calls += 1;
      if (calls === 1) throw new SendError('not-executed', 'slow down', { retryAfterMs: asked as number });
      return null;
    };
    assert.deepEqual(await patient(bench.deliver(parcelOf(FILES))), { state: 'delivered' });
    const waitedMs = Date.now() - began;
    assert.ok(waitedMs >= 1000 && waitedMs < 10_000, String(waitedMs));
  });
}

test('extras come at most once, and nothing that befalls them fails anything', async () => {
  await patient(bench.deliver(parcelOf(FILES)));
  const file = resultFile('preview.ogg');
  const preview = { preview: { file, durationSeconds: 20, waveformBase64: '' }, path: '/dev/null' };
  const extras = { jobId: bench.job.id, surfaceId: 'surface', preview, ping: true };
  const faults: Fault[] = ['done-then-lost', 'limited', null, null];
  bench.fault = () => faults.shift() ?? null;
  for (let times = 0; times < 3; times += 1) {
    await patient(bench.results.postExtras(extras));
  }
  const seen = [...bench.messages.values()].filter(({ kind }) => kind === 'extra').map(({ files }) => files[0]);
  assert.deepEqual(seen, ['preview', 'ready']);
  assert.equal(bench.errors.length, 1);
});

test('tells in private once, and takes no for an answer', async () => {
  const ended = {
    jobId: bench.job.id,
    surfaceId: 'surface',
    outcome: { state: 'cancelled' },
    parcel: asLinks(),
  } as const;
  bench.fault = () => 'done-then-lost';
  await patient(bench.results.tellInPrivate(ended));
  bench.fault = () => null;
  await patient(bench.results.tellInPrivate(ended));
  assert.deepEqual(
    [...bench.messages.values()].map(({ chatId, card }) => [chatId, card?.state]),
    [['private-ana', 'cancelled']],
  );
});

function asLinks(): ResultParcel {
  const link = (fileName: string): ResultLink => ({
    fileName,
    url: `https://woodshed.example/d/${fileName}`,
    bytes: 1,
    expiresAt: '2026-03-01T00:00:00Z',
  });
  return { encoding: null, files: [], links: NAMES.map(link), left: [] };
}

/** As the workflow does it: again after whatever was thrown, links where nobody can know. */
async function asWorkflow(each: ResultBench): Promise<DeliveryReport> {
  let parcel = parcelOf(FILES);
  for (let tries = 0; tries < 200; tries += 1) {
    if (tries % 3 === 2) await each.restart();
    const report = await patient(each.deliver(parcel)).catch(() => null);
    if (report?.state === 'unknown') parcel = asLinks();
    else if (report !== null) return report;
  }
  return assert.fail('it never came to an end');
}

for (const [what, layout] of Object.entries(LAYOUTS)) {
  for (const knowsNonces of [true, false]) {
    const nonces = knowsNonces ? 'with' : 'without';
    test(`60 results ${what}, ${nonces} nonces, while half of all calls fail: none missing, none twice`, async () => {
      const random = seededRandom(7);
      for (let run = 0; run < 60; run += 1) {
        const each = await createResultBench({ knowsNonces });
        each.layout = layout;
        let lostPosts = 0;
        each.fault = (call) => {
          const drawn = random();
          const fault = drawn < 0.05 ? 'limited' : drawn < 0.25 ? 'refused' : drawn < 0.5 ? 'done-then-lost' : null;
          lostPosts += fault === 'done-then-lost' && (call === 'postCard' || call === 'postPlaceholder') ? 1 : 0;
          return fault;
        };
        assert.deepEqual(await asWorkflow(each), { state: 'delivered' });
        const messages = [...each.messages.values()];
        const files = messages.flatMap((message) => message.files).toSorted();
        const done = messages.filter(({ kind, card }) => kind === 'card' && card?.state === 'done');
        assert.equal(done.length, 1, 'one card shows the result');
        const links = new Set((done[0]?.card?.links ?? []).map(({ label }) => label.split(' ')[0]));
        assert.ok(files.length === 0 ? links.size === NAMES.length : files.join() === NAMES.join(), files.join());
        const strays = messages.filter(({ kind, card, files: own }) => {
          return (kind === 'card' && card?.state !== 'done') || (kind === 'placeholder' && own.length === 0);
        });
        assert.ok(strays.length <= (knowsNonces ? 0 : lostPosts), `${String(strays.length)} of ${String(lostPosts)}`);
        await each.stop();
      }
    });
  }
}
