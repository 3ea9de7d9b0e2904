/** Real speech, by espeak-ng, through the real network; skipped, saying so, where either is not to be had. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { TestContext } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import pino from 'pino';
import { MissingProgramError, runChild } from '../../runtime/child.ts';
import type { SongLyrics } from '../../workflows/contract/lyrics.ts';
import { createModelStore } from '../models/model-store.ts';
import { alignLyrics } from './align-lyrics.ts';
import { alignTokens } from './align-tokens.ts';
import { hearLyrics } from './hear-lyrics.ts';
import { LISTENING_RATE_HZ } from './log-mel.ts';
import { plainWord } from './match-words.ts';
import { openWhisper } from './whisper.ts';
import type { Whisper } from './whisper.ts';

const LINES = ['the stars are shining brighter than before', 'take my hand and follow me down to the shore'];
const PAUSE_SECONDS = 0.8;
const cacheDir = process.env['WOODSHED_CACHE'] ?? join(homedir(), '.cache', 'woodshed');

let opened: Whisper | null = null;
after(async () => await opened?.close());

async function whisper(t: TestContext): Promise<Whisper | null> {
  if (opened !== null) return opened;
  const store = createModelStore({ cacheDir, log: pino({ level: 'silent' }), allowNonCommercial: false });
  try {
    opened = await openWhisper(await store.ensure('whisper-tiny-en'), { device: 'cpu', threads: 1 });
    return opened;
  } catch (error) {
    if (!(error instanceof ApplicationFailure) || error.type !== 'model-missing') throw error;
    t.skip(`no source answers from here: ${(await store.status('whisper-tiny-en')).help ?? ''}`);
    return null;
  }
}

/** The lines after each other, mono at 16 kHz, and when each begins. */
async function speech(t: TestContext): Promise<{ samples: Float32Array; startsSeconds: number[] } | null> {
  const parts: Float32Array[] = [];
  const startsSeconds: number[] = [];
  let at = 0;
  for (const line of LINES) {
    const pause = new Float32Array(PAUSE_SECONDS * LISTENING_RATE_HZ);
    let spoken: Float32Array;
    try {
      spoken = await speak(t, line);
    } catch (error) {
      if (!(error instanceof MissingProgramError)) throw error;
      t.skip('there is no espeak-ng here');
      return null;
    }
    startsSeconds.push((at + pause.length) / LISTENING_RATE_HZ);
    parts.push(pause, spoken);
    at += pause.length + spoken.length;
  }
  const samples = new Float32Array(at);
  let filled = 0;
  for (const part of parts) {
    samples.set(part, filled);
    filled += part.length;
  }
  return { samples, startsSeconds };
}

/** espeak-ng speaks 16-bit mono at 22,050 Hz, after a header of 44 bytes. */
async function speak(t: TestContext, line: string, voice = 'en-us'): Promise<Float32Array> {
  const folder = await mkdtemp(join(tmpdir(), 'speech-'));
  t.after(async () => await rm(folder, { recursive: true }));
  await runChild('espeak-ng', ['-v', voice, '-s', '140', '-w', 'line.wav', line], { cwd: folder, env: {} });
  const wav = await readFile(join(folder, 'line.wav'));
  const sampleAt = (n: number): number => (44 + 2 * n + 1 < wav.length ? wav.readInt16LE(44 + 2 * n) / 32_768 : 0);
  const ratio = 22_050 / LISTENING_RATE_HZ;
  return Float32Array.from({ length: Math.floor((wav.length - 44) / 2 / ratio) }, (_, n) => {
    const whole = Math.floor(n * ratio);
    return sampleAt(whole) + (n * ratio - whole) * (sampleAt(whole + 1) - sampleAt(whole));
  });
}

void test('the words of a voice are heard, each with its time', async (t) => {
  const network = await whisper(t);
  const said = network && (await speech(t));
  if (!network || !said) return;
  const fractions: number[] = [];
  const lyrics = await hearLyrics(network, said.samples, { onProgress: (fraction) => fractions.push(fraction) });
  const words = lyrics.lines.flatMap((line) => line.words);
  const wanted = LINES.join(' ').split(' ');
  const found = words.map((word) => plainWord(word.text));
  assert.ok(wanted.filter((word) => found.includes(word)).length >= 0.8 * wanted.length, found.join(' '));
  assert.ok(words.every((word) => word.endSeconds > word.startSeconds && word.confidence >= 0 && word.confidence <= 1));
  assert.ok(words.every((word, index) => index === 0 || word.startSeconds >= words[index - 1]!.startSeconds));
  assert.equal(fractions.at(-1), 1);
});

void test('given words keep their lines and begin when they are spoken', async (t) => {
  const network = await whisper(t);
  const said = network && (await speech(t));
  if (!network || !said) return;
  const lyrics = await alignLyrics(network, said.samples, `[Verse]\n${LINES.join('\n\n')}`);
  assert.deepEqual([lyrics.source, lyrics.language], ['given', 'en']);
  assert.deepEqual(
    lyrics.lines.map((line) => line.words.map((word) => word.text).join(' ')),
    LINES,
  );
  for (const [index, line] of lyrics.lines.entries()) {
    const late = line.words[0]!.startSeconds - said.startsSeconds[index]!;
    assert.ok(Math.abs(late) < 0.15, `line ${index} begins ${late} s late`);
  }
});

const GERMAN = 'die Sterne leuchten heller als zuvor, nimm meine Hand und folge mir hinunter an das Meer';

void test('of German, the network that knows English alone is unsure', async (t) => {
  const network = await whisper(t);
  const english = network && (await speech(t));
  if (!network || !english) return;
  assert.ok(sureness(await hearLyrics(network, english.samples)) > 0.7);
  const german = sureness(await hearLyrics(network, await speak(t, GERMAN, 'de')));
  assert.ok(german < 0.6, String(german));
});

void test('given words in a language that the network does not know are called by no language, and follow each other', async (t) => {
  const network = await whisper(t);
  const english = network && (await speech(t));
  if (!network || !english) return;
  for (const [voice, text] of [
    ['de', GERMAN],
    ['fr', 'les étoiles brillent plus fort que jamais, prends ma main et suis moi vers la mer'],
  ] as const) {
    const { language, lines } = await alignLyrics(network, await speak(t, text, voice), text.replace(', ', '\n'));
    assert.equal(language, null, voice);
    const words = lines.flatMap((line) => line.words);
    assert.equal(words.length, text.split(' ').length);
    for (const [index, { startSeconds, endSeconds }] of words.entries()) {
      assert.ok(endSeconds > startSeconds, `${voice}: word ${index} has no length`);
      assert.ok(endSeconds <= (words[index + 1]?.startSeconds ?? Infinity), `${voice}: word ${index} ends late`);
    }
  }
});

/** Mean confidence; 0 where nothing was heard. */
function sureness({ lines }: SongLyrics): number {
  const words = lines.flatMap((line) => line.words);
  return words.reduce((sum, { confidence }) => sum + confidence, 0) / Math.max(1, words.length);
}

void test('nobody is heard in nothing, in silence, in noise and in a melody without words; samples must be numbers', async (t) => {
  const network = await whisper(t);
  if (!network) return;
  const seconds = (length: number, value: (n: number) => number): Float32Array =>
    Float32Array.from({ length: length * LISTENING_RATE_HZ }, (_, n) => value(n));
  let seed = 1;
  const noise = seconds(3, () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647 - 0.5;
  });
  const melody = seconds(6, (n) => {
    const hz = 220 * 2 ** ([0, 4, 7, 12, 9][Math.floor(n / 6000) % 5]! / 12);
    return 0.3 * Math.exp(-(n % 6000) / 2500) * Math.sin((2 * Math.PI * hz * n) / LISTENING_RATE_HZ);
  });
  for (const samples of [new Float32Array(0), Float32Array.of(0.5), new Float32Array(48_000), noise, melody]) {
    assert.deepEqual((await hearLyrics(network, samples)).lines, []);
    assert.deepEqual((await alignLyrics(network, samples.subarray(0, 48_000), '')).lines, []);
  }
  await assert.rejects(hearLyrics(network, Float32Array.of(0, NaN)), RangeError);
});

void test('hearing ends when it is cancelled', async (t) => {
  const network = await whisper(t);
  const said = network && (await speech(t));
  if (!network || !said) return;
  const controller = new AbortController();
  const reason = new Error('enough');
  const hearing = hearLyrics(network, said.samples, {
    signal: controller.signal,
    onProgress: () => controller.abort(reason),
  });
  await assert.rejects(hearing, reason);
});

/**
 * CTranslate2 4.8.5 in float32 with the same weights: `align` of this text in a sound of sin(0.05 frame + 0.3 band) / 2, where each
 * token is improbable in another way.
 */
const REFERENCE = {
  text: " The quick brown fox, and 42 don't\u{2014} caf\u{e9}.",
  tokens: [383, 2068, 7586, 21_831, 11, 290, 5433, 836, 470, 960, 40_304, 13],
  probabilities: [0.003126, 6.9118e-5, 0.0001237, 0.00063542, 0.034992, 0.047962, 1.1358e-5, 0.00016074, 0.96653, 1.1533e-5, 3.7033e-7, 0.042171],
  startFrames: [0, 1191, 1485, 1485, 1485, 1485, 1485, 1485, 1485, 1492, 1492, 1492, 1492],
}; // prettier-ignore

void test('tokens, their probabilities and times are those of CTranslate2 with the same weights', async (t) => {
  const network = await whisper(t);
  if (!network) return;
  assert.deepEqual(network.vocabulary.encode(REFERENCE.text), REFERENCE.tokens);
  const mel = Float32Array.from(
    { length: 80 * 3000 },
    (_, index) => 0.5 * Math.sin(0.05 * (index % 3000) + 0.3 * Math.floor(index / 3000)),
  );
  const sound = await network.hear(mel);
  const { probabilities, startsSeconds } = await alignTokens(
    network,
    sound,
    { start: [network.vocabulary.startOfTranscript], text: REFERENCE.tokens },
    3000,
  );
  for (const [index, wanted] of REFERENCE.probabilities.entries()) {
    assert.ok(Math.abs(probabilities[index]! / wanted - 1) < 1e-3, `token ${index}: ${probabilities[index]}`);
  }
  for (const [index, frame] of REFERENCE.startFrames.entries()) {
    assert.ok(Math.abs(startsSeconds[index]! * 50 - frame) <= 2, `token ${index}: ${startsSeconds[index]! * 50}`);
  }
});
