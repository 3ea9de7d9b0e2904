import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { EngineTaskError } from '../engine/engine-error.ts';
import type { Engine } from '../engine/engine.ts';
import { plainWord } from '../lyrics/match-words.ts';
import { canListen, createListenBench, SPEECH_RATE_HZ, speak } from './listen.test-kit.ts';
import type { ListenBench } from './listen.test-kit.ts';

const LINES = ['the stars are shining brighter than before', 'take my hand and follow me down to the shore'];
const WORDS = LINES.join(' ').split(' ');

let bench: ListenBench;
before(async () => {
  bench = await createListenBench();
});
after(async () => {
  await bench.close();
});
beforeEach(() => {
  bench.written.length = 0;
  bench.reports.length = 0;
});

const seconds = (length: number, rateHz: number, value: (t: number) => number): Float32Array =>
  Float32Array.from({ length: Math.round(length * rateHz) }, (_, n) => value(n / rateHz));

function seededNoise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return (2 * state) / 2_147_483_647 - 1;
  };
}

/** Bass drum, snare drum and cymbal at 100 beats per minute. */
function drumLoop(length: number, rateHz: number): Float32Array {
  const noise = seededNoise(11);
  return seconds(length, rateHz, (t) => {
    const [beat, inBeat] = [Math.floor(t / 0.6) % 2, t % 0.6];
    const kick = Math.sin(2 * Math.PI * 55 * inBeat) * Math.exp(-inBeat * 12);
    const snare = noise() * Math.exp(-inBeat * 18);
    return 0.5 * (beat === 0 ? kick : snare) + 0.1 * noise() * Math.exp(-(t % 0.3) * 60);
  });
}

test('words are heard in one of eight channels, found again, and not taken for those that are given', async (t) => {
  if (!(await canListen(t, bench))) return;
  const voice = await speak(bench.deps.scratchDir, 'en-us', LINES.join('. '));
  const silence = new Float32Array(voice.length);
  const pcm = await bench.putWav('stem.wav', SPEECH_RATE_HZ, [...Array.from({ length: 7 }, () => silence), voice]);
  bench.written.length = 0;
  const heard = await bench.hearWords(pcm);
  const { language, source, lines } = await bench.readLyrics(heard);
  assert.deepEqual([language, source], ['en', 'heard']);
  const words = lines.flatMap((line) => line.words);
  const found = words.map(({ text }) => plainWord(text));
  assert.ok(WORDS.filter((word) => found.includes(word)).length >= 0.8 * WORDS.length, found.join(' '));
  assert.ok(words.every((word) => word.endSeconds <= voice.length / SPEECH_RATE_HZ + 0.1));
  assert.deepEqual([...new Set(bench.reports.map(({ stage }) => stage))], ['listen']);
  assert.equal(bench.reports.at(-1)?.fraction, 1);
  assert.deepEqual(bench.written, [heard.heard.key]);

  assert.deepEqual(await bench.hearWords(pcm), heard);
  assert.equal(bench.written.length, 1);
  const given = await bench.hearWords(pcm, { given: LINES.join('\n') });
  assert.notEqual(given.heard.key, heard.heard.key);
  assert.deepEqual(
    (await bench.readLyrics(given)).lines.map((line) => line.words.map(({ text }) => text).join(' ')),
    LINES,
  );
  assert.deepEqual(await bench.scratch(), []);
});

test('nobody is heard in silence, in noise, in a drum loop and in half a second; given words are then nowhere sung', async (t) => {
  if (!(await canListen(t, bench))) return;
  const noise = seededNoise(5);
  const songs: Readonly<Record<string, readonly [number, Float32Array]>> = {
    silence: [44_100, new Float32Array(5 * 44_100)],
    noise: [8000, seconds(6, 8000, () => 0.3 * noise())],
    drums: [8000, drumLoop(8, 8000)],
    short: [44_100, seconds(0.5, 44_100, (s) => 0.3 * Math.sin(2 * Math.PI * 440 * s))],
    click: [48_000, Float32Array.of(0.5)],
  };
  for (const [name, [rateHz, samples]] of Object.entries(songs)) {
    const pcm = await bench.putWav(`${name}.wav`, rateHz, [samples]);
    assert.deepEqual((await bench.readLyrics(await bench.hearWords(pcm))).lines, [], name);
    const given = await bench.readLyrics(await bench.hearWords(pcm, { given: LINES.join('\n') }));
    const surest = Math.max(0, ...given.lines.flatMap((line) => line.words.map(({ confidence }) => confidence)));
    assert.ok(name === 'drums' ? surest < 0.5 : given.lines.length === 0, `${name}: ${String(surest)}`);
    await bench.hearNotes(pcm);
  }
});

test('notes of one part are heard, in any of its channels, and found again', async (t) => {
  if (!(await canListen(t, bench))) return;
  const tone = seconds(2, 44_100, (s) => {
    const within = s - 0.5;
    return within < 0 ? 0 : 0.4 * Math.exp(-2 * within) * Math.sin(2 * Math.PI * 220 * s);
  });
  const pcm = await bench.putWav('tone.wav', 44_100, [new Float32Array(tone.length), tone]);
  bench.written.length = 0;
  const heard = await bench.hearNotes(pcm);
  const notes = await bench.readNotes(heard);
  assert.ok(notes.length > 0 && notes.every(({ pitchMidi }) => pitchMidi === 57), JSON.stringify(notes));
  assert.ok(Math.abs(notes[0]!.startSeconds - 0.5) < 0.05, String(notes[0]!.startSeconds));
  assert.equal(bench.reports.at(-1)?.fraction, 1);
  assert.deepEqual(await bench.hearNotes(pcm), heard);
  assert.deepEqual(bench.written, [heard.heard.key]);
  assert.deepEqual(await bench.scratch(), []);
});

test('who cancels waits for no window, and nothing is left', async (t) => {
  if (!(await canListen(t, bench))) return;
  const voice = await speak(bench.deps.scratchDir, 'en-us', `${LINES.join('. ')}. ${LINES.join('. ')}`);
  const pcm = await bench.putWav('cancelled.wav', SPEECH_RATE_HZ, [voice]);
  bench.written.length = 0;
  for (const hear of [bench.hearWords, bench.hearNotes]) {
    const environment = new MockActivityEnvironment();
    environment.on('heartbeat', () => environment.cancel());
    await assert.rejects(hear(pcm, { environment }), CancelledFailure);
    assert.deepEqual([bench.written, await bench.scratch()], [[], []]);
  }
});

test('a worker that wants memory tries once more with one thread, then says so; a full disk is said too', async (t) => {
  if (!(await canListen(t, bench))) return;
  const pcm = await bench.putWav('tone.wav', 44_100, [seconds(1, 44_100, (s) => 0.3 * Math.sin(1000 * s))]);
  const failing = (code: string, message: string): { readonly engine: Engine; readonly threads: number[] } => {
    const threads: number[] = [];
    const engine: Engine = {
      ...bench.deps.engine,
      async run(kind, input) {
        await Promise.resolve();
        if ('runtime' in input) threads.push(input.runtime.threads);
        throw new EngineTaskError(kind, { name: 'Error', message, stack: undefined, code });
      },
      reset: async () => await Promise.resolve(),
    };
    return { engine, threads };
  };
  const want = failing('', 'Failed to allocate memory for requested buffer');
  const deps = { engine: want.engine };
  await assert.rejects(bench.hearWords(pcm, { deps }), { type: 'out-of-memory', nonRetryable: true });
  assert.deepEqual(want.threads, [2, 1]);
  const full = { engine: failing('ENOSPC', 'no space left on device').engine };
  await assert.rejects(bench.hearWords(pcm, { deps: full }), { type: 'no-space' });
  await assert.rejects(bench.hearNotes(pcm, { deps: full }), { type: 'no-space' });
  assert.deepEqual(await bench.scratch(), []);
});
