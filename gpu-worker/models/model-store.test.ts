import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import { create } from 'tar';
import type { ModelEntry } from './manifest/model-manifest.ts';
import {
  doublingEntry,
  doublingGraph,
  GRAPH_FILE,
  serve,
  sha256,
  startModelServer,
  storeOf,
  temporaryFolder,
} from './model-server.test-kit.ts';
import type { Answer } from './model-server.test-kit.ts';
import { createModelSession } from './session.ts';

const GRAPH = doublingGraph();
const TESTDATA = join(import.meta.dirname, 'testdata/spleeter');

const refusedAs =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof ApplicationFailure && error.type === code && error.nonRetryable === true;

const silence: Answer = () => undefined;

/** Sends so many bytes and no more until told to break the connection; complete from the second request on. */
function breaking(bytes: number, whole: Uint8Array): { readonly answer: Answer; readonly break: () => void } {
  let first: ServerResponse | undefined;
  return {
    answer(request, response) {
      if (first !== undefined) {
        serve(whole)(request, response);
        return;
      }
      first = response;
      response.setHeader('content-length', whole.length);
      response.setHeader('etag', `"${sha256(whole).slice(0, 8)}"`);
      response.write(whole.subarray(0, bytes));
    },
    break: () => first?.destroy(),
  };
}

void test('a model is fetched once, checked and runnable; later calls and later processes ask nobody', async (t) => {
  const server = await startModelServer(t, { '/a': serve(GRAPH) });
  const cache = await temporaryFolder(t);
  const entry = doublingEntry([server.source('/a')]);
  const store = storeOf(entry, cache);
  const progress: number[] = [];
  const model = await store.ensure('double', { onProgress: ({ bytes }) => progress.push(bytes) });

  assert.deepEqual(model.compiledSha256s, [sha256(GRAPH)]);
  assert.equal(progress.at(-1), GRAPH.length);
  const session = await createModelSession(model.onnxPaths[0]!, { device: 'cpu', threads: 1 });
  assert.deepEqual(session.inputNames, ['x']);
  await session.release();

  assert.deepEqual(await store.ensure('double'), model);
  assert.deepEqual(await storeOf(entry, cache).ensure('double'), model);
  assert.deepEqual(server.requests, ['GET /a -']);
  assert.equal((await store.status('double')).state, 'ready');
});

void test('a source that says no, one that hangs and one with other bytes are passed over', async (t) => {
  const other = doublingGraph(64);
  const server = await startModelServer(t, { '/hangs': silence, '/wrong': serve(other), '/mirror': serve(GRAPH) });
  const paths = ['/gone', '/hangs', '/wrong', '/mirror'];
  const entry = doublingEntry(paths.map((path) => server.source(path)));
  const store = storeOf(entry, await temporaryFolder(t), { answerTimeoutMs: 300 });
  await store.ensure('double');
  assert.deepEqual(
    server.requests.map((request) => request.split(' ')[1]),
    paths,
  );
  const log = store.logged.join('');
  assert.match(log, /answered 404/);
  assert.match(log, /sent nothing for 0.3 s/);
  assert.match(log, /SHA-256 of \\"double.onnx\\" is/);
});

void test('a server that stops in the middle of a file is given up, too', async (t) => {
  const stalls: Answer = (_request, response) => {
    response.setHeader('content-length', GRAPH.length);
    response.write(GRAPH.subarray(0, 1000));
  };
  const server = await startModelServer(t, { '/stalls': stalls, '/mirror': serve(GRAPH) });
  const entry = doublingEntry([server.source('/stalls'), server.source('/mirror')]);
  await storeOf(entry, await temporaryFolder(t), { answerTimeoutMs: 300 }).ensure('double');
  assert.equal(server.requests.length, 2);
});

void test('a broken download goes on where it broke', async (t) => {
  const connection = breaking(5000, GRAPH);
  const server = await startModelServer(t, { '/breaks': connection.answer });
  const store = storeOf(doublingEntry([server.source('/breaks')]), await temporaryFolder(t));
  await store.ensure('double', { onProgress: connection.break });
  assert.deepEqual(server.requests, ['GET /breaks -', 'GET /breaks bytes=5000-']);
});

void test('a download that was given up is taken up by the next call', async (t) => {
  const begun = Promise.withResolvers<void>();
  const server = await startModelServer(t, {
    '/slow': (request, response) => {
      if (request.headers.range !== undefined) {
        serve(GRAPH)(request, response);
        return;
      }
      response.setHeader('content-length', GRAPH.length);
      response.setHeader('etag', `"${sha256(GRAPH).slice(0, 8)}"`);
      response.write(GRAPH.subarray(0, 6000));
      begun.resolve();
    },
  });
  const cache = await temporaryFolder(t);
  const entry = doublingEntry([server.source('/slow')]);
  const abort = new AbortController();
  const arrived = Promise.withResolvers<void>();
  const given = storeOf(entry, cache).ensure('double', { signal: abort.signal, onProgress: () => arrived.resolve() });
  await Promise.all([begun.promise, arrived.promise]);
  abort.abort(new Error('enough'));
  await assert.rejects(given, /enough/);
  await storeOf(entry, cache).ensure('double');
  assert.match(server.requests.at(-1) ?? '', /^GET \/slow bytes=\d+-$/);
});

void test('a file that changed on the server since the break is fetched anew', async (t) => {
  const old = Buffer.from(GRAPH).fill(7);
  const connection = breaking(5000, old);
  const ifRange: unknown[] = [];
  const server = await startModelServer(t, {
    '/changes': (request, response) => {
      ifRange.push(request.headers['if-range']);
      if (ifRange.length === 1) {
        connection.answer(request, response);
        return;
      }
      // The entity tag no longer fits, so the whole file comes, whatever range was asked for.
      response.setHeader('content-length', GRAPH.length);
      response.end(GRAPH);
    },
  });
  const store = storeOf(doublingEntry([server.source('/changes')]), await temporaryFolder(t));
  await store.ensure('double', { onProgress: connection.break });
  assert.deepEqual(ifRange, [undefined, `"${sha256(old).slice(0, 8)}"`]);
});

void test('more bytes than the manifest promises are cut off', async (t) => {
  const flood: Answer = (_request, response) => {
    const piece = Buffer.alloc(16_384);
    const pour = (): void => {
      while (!response.destroyed && response.write(piece));
    };
    response.on('drain', pour);
    pour();
  };
  const server = await startModelServer(t, { '/flood': flood });
  const cache = await temporaryFolder(t);
  const store = storeOf(doublingEntry([server.source('/flood')]), cache);
  await assert.rejects(store.ensure('double'), refusedAs('model-invalid'));
  assert.deepEqual(
    (await readdir(join(cache, 'models/partial'))).filter((name) => !name.endsWith('.etag')),
    [],
  );
});

void test('without any source the refusal is short, and the log and the status say how to help', async (t) => {
  const server = await startModelServer(t, {});
  const cache = await temporaryFolder(t);
  const store = storeOf(doublingEntry([server.source('/gone'), server.source('/lost')]), cache);
  await assert.rejects(store.ensure('double'), (error) => {
    assert.ok(refusedAs('model-missing')(error));
    assert.deepEqual((error as ApplicationFailure).details, [{ model: 'double', megabytes: 1, sources: 2 }]);
    return true;
  });
  const { state, help } = await store.status('double');
  assert.equal(state, 'missing');
  for (const part of [server.url('/gone'), server.url('/lost'), sha256(GRAPH), join(cache, 'models/by-hand/double')]) {
    assert.ok(help?.includes(part), part);
    assert.ok(store.logged.join('').includes(part), part);
  }
  await assert.rejects(store.ensure('unheard-of'), RangeError);
});

void test('wrong bytes everywhere are an invalid model, and nothing of it stays', async (t) => {
  const flipped = Buffer.from(GRAPH);
  flipped[100]! ^= 1;
  const server = await startModelServer(t, { '/a': serve(flipped) });
  const cache = await temporaryFolder(t);
  await assert.rejects(
    storeOf(doublingEntry([server.source('/a')]), cache).ensure('double'),
    refusedAs('model-invalid'),
  );
  await assert.rejects(readdir(join(cache, 'models/weights')), /ENOENT/);
  assert.deepEqual(await readdir(join(cache, 'models/partial')), []);
});

void test('a graph of another shape than the manifest promises is refused', async (t) => {
  const small = doublingGraph(64);
  const server = await startModelServer(t, { '/a': serve(small) });
  const store = storeOf(doublingEntry([server.source('/a')], small), await temporaryFolder(t));
  await assert.rejects(store.ensure('double'), refusedAs('model-invalid'));
  assert.match(store.logged.join(''), /x \[1,64\] -> y \[1,64\]; wanted is x \[1,4096\]/);
});

void test('weights that may not be used commercially need the operator', async (t) => {
  const server = await startModelServer(t, { '/a': serve(GRAPH) });
  const cache = await temporaryFolder(t);
  const fair = doublingEntry([server.source('/a')]);
  const entry: ModelEntry = { ...fair, licence: { ...fair.licence, commercial: 'no' } };
  const strict = storeOf(entry, cache);
  await assert.rejects(strict.ensure('double'), refusedAs('model-not-licensed'));
  assert.throws(() => strict.identify('double'), refusedAs('model-not-licensed'));
  assert.equal((await strict.status('double')).state, 'not-licensed');
  assert.deepEqual(server.requests, []);
  assert.equal((await storeOf(entry, cache, { allowNonCommercial: true }).ensure('double')).id, 'double');
});

void test('a file of unknown hash is not even asked for until the operator pins one', async (t) => {
  const server = await startModelServer(t, { '/a': serve(GRAPH) });
  const cache = await temporaryFolder(t);
  const known = doublingEntry([server.source('/a')]);
  const entry: ModelEntry = { ...known, files: known.files.map((file) => ({ ...file, sha256: null })) };
  const store = storeOf(entry, cache);
  await assert.rejects(store.ensure('double'), refusedAs('model-missing'));
  assert.deepEqual(server.requests, []);
  assert.match((await store.status('double')).help ?? '', /double\/double\.onnx: <its SHA-256>/);
  await mkdir(join(cache, 'models/by-hand/double'), { recursive: true });
  await writeFile(join(cache, 'models/by-hand/double', GRAPH_FILE), GRAPH);
  await assert.rejects(storeOf(entry, cache).ensure('double'), refusedAs('model-missing'));
  await rm(join(cache, 'models/by-hand'), { recursive: true });
  await storeOf(entry, cache, { pinnedHashes: { double: sha256(GRAPH) } }).ensure('double');
  const wrongPin = { 'double/double.onnx': '0'.repeat(64) };
  await assert.rejects(storeOf(entry, cache, { pinnedHashes: wrongPin }).ensure('double'), refusedAs('model-invalid'));
});

void test('what a model is known by is there before the model, and another for other files or another compiler', async (t) => {
  const server = await startModelServer(t, { '/a': serve(GRAPH) });
  const cache = await temporaryFolder(t);
  const entry = doublingEntry([server.source('/a')]);
  const known = storeOf(entry, cache).identify('double');
  assert.deepEqual(server.requests, []);
  const store = storeOf(entry, cache);
  await store.ensure('double');
  assert.equal(store.identify('double'), known);
  assert.equal(storeOf(doublingEntry([]), await temporaryFolder(t)).identify('double'), known);

  const [file] = entry.files;
  assert.ok(file !== undefined);
  const others = [
    storeOf(entry, cache, { pinnedHashes: { double: '0'.repeat(64) } }),
    storeOf({ ...entry, files: [{ ...file, sha256: '1'.repeat(64) }] }, cache),
    storeOf({ ...entry, compile: { compiler: 'crema', variant: { heads: ['chord_tag'] } } }, cache),
  ].map((other) => other.identify('double'));
  assert.equal(new Set([known, ...others]).size, 4);
  assert.throws(() => store.identify('unheard-of'), RangeError);
});

void test('files placed by hand need no network, and are checked all the same', async (t) => {
  const server = await startModelServer(t, {});
  const overrideDir = await temporaryFolder(t);
  await mkdir(join(overrideDir, 'double'));
  await writeFile(join(overrideDir, 'double', GRAPH_FILE), GRAPH);
  const entry = doublingEntry([server.source('/gone')]);
  await storeOf(entry, await temporaryFolder(t), { overrideDir }).ensure('double');
  assert.deepEqual(server.requests, []);
  await writeFile(join(overrideDir, 'double', GRAPH_FILE), doublingGraph(64));
  await assert.rejects(
    storeOf(entry, await temporaryFolder(t), { overrideDir }).ensure('double'),
    refusedAs('model-invalid'),
  );
});

void test('a stored file that was changed is noticed, in the same process and in the next, and fetched again', async (t) => {
  const server = await startModelServer(t, { '/a': serve(GRAPH) });
  const cache = await temporaryFolder(t);
  const entry = doublingEntry([server.source('/a')]);
  const store = storeOf(entry, cache);
  const [path] = (await store.ensure('double')).onnxPaths;
  for (const next of [store, storeOf(entry, cache)]) {
    const damaged = Buffer.from(GRAPH);
    damaged[200]! ^= 64;
    await writeFile(path!, damaged);
    const model = await next.ensure('double');
    assert.equal(sha256(await readFile(model.onnxPaths[0]!)), sha256(GRAPH));
  }
  assert.equal(server.requests.length, 3);
});

void test('several processes that need a model at once fetch it once', async (t) => {
  const server = await startModelServer(t, { '/a': serve(GRAPH) });
  const cache = await temporaryFolder(t);
  const entry = doublingEntry([server.source('/a')]);
  const stores = Array.from({ length: 4 }, () => storeOf(entry, cache));
  const models = await Promise.all(stores.flatMap((store) => [store.ensure('double'), store.ensure('double')]));
  assert.ok(models.every((model) => model.onnxPaths[0] === models[0]?.onnxPaths[0]));
  assert.equal(server.requests.length, 1);
});

void test('a lock that a dead process left does not hold up the next one', async (t) => {
  const server = await startModelServer(t, { '/a': serve(GRAPH) });
  const cache = await temporaryFolder(t);
  await mkdir(join(cache, 'models/locks'), { recursive: true });
  const lock = join(cache, 'models/locks/double.lock');
  await writeFile(lock, '1');
  const longAgo = new Date(Date.now() - 3_600_000);
  await utimes(lock, longAgo, longAgo);
  await storeOf(doublingEntry([server.source('/a')]), cache).ensure('double');
  await assert.rejects(stat(lock), /ENOENT/);
});

void test('one caller who gives up does not take the model from the others', async (t) => {
  const held: (() => void)[] = [];
  const asked = Promise.withResolvers<void>();
  const server = await startModelServer(t, {
    '/a': (request, response) => {
      held.push(() => serve(GRAPH)(request, response));
      asked.resolve();
    },
  });
  const store = storeOf(doublingEntry([server.source('/a')]), await temporaryFolder(t));
  const abort = new AbortController();
  const impatient = store.ensure('double', { signal: abort.signal });
  const patient = store.ensure('double');
  await asked.promise;
  abort.abort(new Error('enough'));
  await assert.rejects(impatient, /enough/);
  for (const answer of held) answer();
  assert.equal((await patient).id, 'double');
});

/** The tiny checkpoint in an archive like the published ones, beside a file that wants to lie elsewhere. */
async function tinySpleeter(
  folder: string,
): Promise<{ readonly archive: Buffer; readonly entry: (url: string) => ModelEntry }> {
  const names = ['leaky-sigmoid.data-00000-of-00001', 'leaky-sigmoid.index'];
  await create({ gzip: true, file: join(folder, 'tiny.tar.gz'), cwd: TESTDATA, prefix: './' }, [
    ...names,
    'leaky-sigmoid.f32',
  ]);
  const archive = await readFile(join(folder, 'tiny.tar.gz'));
  const shape = [1, 2, 512, 1024];
  const graph = { inputs: [{ name: 'magnitude', shape }], outputs: [{ name: 'estimate', shape }] };
  return {
    archive,
    entry: (url) => ({
      ...doublingEntry([]),
      files: names.map((name) => ({ name, bytes: 60_000, sha256: null })),
      sources: [
        {
          kind: 'tar-gz',
          url,
          bytes: null,
          sha256: sha256(archive),
          files: Object.fromEntries(names.map((name) => [name, name])),
        },
      ],
      compile: {
        compiler: 'spleeter',
        variant: { instruments: ['vocals', 'accompaniment'], activation: 'leaky-relu', mask: 'sigmoid' },
      },
      io: [graph],
    }),
  };
}

void test('a checkpoint from an archive is compiled once, and again when a graph was changed or the cache lost', async (t) => {
  const cache = await temporaryFolder(t);
  const { archive, entry: entryOf } = await tinySpleeter(await temporaryFolder(t));
  const server = await startModelServer(t, { '/tiny.tar.gz': serve(archive) });
  const entry = entryOf(server.url('/tiny.tar.gz'));
  const model = await storeOf(entry, cache).ensure('double');
  assert.equal(model.onnxPaths.length, 2);

  await rm(join(cache, 'models/weights'), { recursive: true });
  assert.deepEqual(await storeOf(entry, cache).ensure('double'), model);
  assert.equal(server.requests.length, 1);

  const changed = await readFile(model.onnxPaths[1]!);
  changed[5000]! ^= 1;
  await writeFile(model.onnxPaths[1]!, changed);
  assert.deepEqual(await storeOf(entry, cache).ensure('double'), model);
  assert.equal(sha256(await readFile(model.onnxPaths[1]!)), model.compiledSha256s[1]);
  assert.equal(server.requests.length, 2);
});

void test('an archive placed by hand vouches for files of unknown hash; a damaged one is refused', async (t) => {
  const overrideDir = await temporaryFolder(t);
  const { archive, entry } = await tinySpleeter(await temporaryFolder(t));
  const server = await startModelServer(t, { '/tiny.tar.gz': serve(archive.subarray(0, 30_000)) });
  const url = server.url('/tiny.tar.gz');
  await assert.rejects(
    storeOf(entry(url), await temporaryFolder(t), { overrideDir }).ensure('double'),
    refusedAs('model-invalid'),
  );
  await mkdir(join(overrideDir, 'double'));
  await writeFile(join(overrideDir, 'double', 'tiny.tar.gz'), archive);
  await storeOf(entry(url), await temporaryFolder(t), { overrideDir }).ensure('double');
  assert.equal(server.requests.length, 1);
});

void test('weights that are no such model are refused after their hash was right', async (t) => {
  const { archive, entry } = await tinySpleeter(await temporaryFolder(t));
  const server = await startModelServer(t, { '/tiny.tar.gz': serve(archive) });
  const right = entry(server.url('/tiny.tar.gz'));
  const variant = { instruments: ['a', 'b', 'c'], activation: 'elu', mask: 'sigmoid' } as const;
  const store = storeOf({ ...right, compile: { compiler: 'spleeter', variant } }, await temporaryFolder(t));
  await assert.rejects(store.ensure('double'), refusedAs('model-invalid'));
  assert.match(store.logged.join(''), /3 networks need 21/);
});
