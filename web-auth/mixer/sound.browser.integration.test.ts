/** What the engine plays, measured in a real Chromium's audio graph. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { seededRandom } from '../../tools/emulators/core/seeded-random.ts';
import { openPage, stageFor, WITH_CHROMIUM } from '../browser.test-kit.ts';
import { openMixerBench } from './mixer.test-kit.ts';
import type { TestSong, TestStem } from './mixer.test-kit.ts';
import { frequencyOf, record } from './sound-recorder.test-kit.ts';

const RATE_HZ = 44_100;
const SECONDS = 24;
const SEED = Number(process.env['WOODSHED_TEST_SEED'] ?? 20_261);
/** The gate that opens around what is played takes one audio block; a crossfade two. */
const FADE = 256;

let noise: TestSong;
/** Left, of the sum of all stems. */
let mix: Float32Array;
/** Where each run of eight samples of the mix lies. */
let places: Map<string, number>;

const stage = stageFor(async () => {
  const bench = await openMixerBench();
  const song = noiseStems();
  mix = song.mix;
  places = new Map();
  for (let at = 0; at + 8 <= mix.length; at += 1) places.set(mix.subarray(at, at + 8).join(), at);
  noise = await bench.addSong({ stems: song.stems, title: 'Noise' });
  return bench;
});

/** Three stems and what is left of the mix: on the 16-bit grid, so that their sum is the mix to the last bit, and to no other sample. */
function noiseStems(): { stems: TestStem[]; mix: Float32Array } {
  const random = seededRandom(SEED);
  const values = SECONDS * RATE_HZ * 2;
  const whole = (level: number): Float32Array =>
    Float32Array.from({ length: values }, () => Math.round((random() - 0.5) * 2 * level) / 32_768);
  const all = whole(9000);
  const parts = [whole(6000), whole(6000), whole(6000)];
  const residual = all.map((value, at) => value - parts.reduce((sum, part) => sum + (part[at] as number), 0));
  const names = ['vocals', 'drums', 'bass'];
  return {
    stems: [
      ...parts.map((samples, index) => ({ name: names[index] ?? '', samples })),
      { name: 'residual', samples: residual },
    ],
    mix: all.filter((_, at) => at % 2 === 0),
  };
}

async function open(t: TestContext, { recordingId }: TestSong): Promise<Page> {
  const server = await stage.bench.serve(t);
  const cookie = await server.signIn(stage.bench.memberId);
  const { page, complaints } = await openPage(t, stage.browser, { origin: server.origin, cookie });
  await page.goto(`${server.origin}/r/${recordingId}`);
  await page.waitForSelector('[data-state=ready]');
  t.after(() => assert.deepEqual(complaints, []));
  return page;
}

/** Stretches of `sound` that are exactly a stretch of the mix. */
function runsOf(sound: Float32Array): { readonly at: number; readonly position: number; readonly length: number }[] {
  const runs = [];
  for (let at = 0; at + 8 <= sound.length;) {
    const position = places.get(sound.subarray(at, at + 8).join());
    let length = 0;
    if (position !== undefined) {
      while (
        at + length < sound.length &&
        position + length < mix.length &&
        sound[at + length] === mix[position + length]
      )
        length += 1;
      runs.push({ at, position, length });
    }
    at += Math.max(1, length);
  }
  return runs;
}

test('for 20 s all stems together are the mix, to the last bit of each sample', WITH_CHROMIUM, async (t) => {
  t.diagnostic(`seed ${String(SEED)}`);
  const { left } = await record(await open(t, noise), { seconds: 21 });
  const runs = runsOf(left);
  assert.equal(runs.length, 1);
  const [{ at, position, length }] = runs as [(typeof runs)[0]];
  assert.ok(position <= 128, `${String(position)} samples are faded in`);
  assert.equal(at + length, left.length);
  assert.ok(length > 20 * RATE_HZ, String(length));
});

test('after every seek they go on together from the sample that was asked for', WITH_CHROMIUM, async (t) => {
  const targets = [15 * RATE_HZ + 1, 3, 4 * RATE_HZ * 2 - 5, 9 * RATE_HZ + 77, 20 * RATE_HZ];
  const acts = targets.map((position, index) => ({ atSeconds: index + 1, act: { kind: 'seek', position } as const }));
  const { left } = await record(await open(t, noise), { seconds: 7, acts });
  const runs = runsOf(left).filter(({ length }) => length > 1000);
  assert.equal(runs.length, 1 + targets.length, `${String(runs.length)} runs`);
  for (const [index, target] of targets.entries()) {
    const [earlier, later] = [runs[index], runs[index + 1]] as [(typeof runs)[0], (typeof runs)[0]];
    const silent = later.at - (earlier.at + earlier.length);
    assert.ok(Math.abs(silent - FADE) <= 1, `${String(silent)} samples are blended`);
    assert.ok(
      Math.abs(later.position - FADE - target) <= 1,
      `${String(later.position)} after a seek to ${String(target)}`,
    );
  }
});

test('a repeat has a period that is exact to the sample, round after round', WITH_CHROMIUM, async (t) => {
  const loop = { from: 4 * RATE_HZ - 1000, to: 5 * RATE_HZ + 333 };
  const acts = [
    { atSeconds: 0.5, act: { kind: 'loop', loop } as const },
    { atSeconds: 1, act: { kind: 'seek', position: loop.from } as const },
  ];
  const { left } = await record(await open(t, noise), { seconds: 9, acts });
  const rounds = runsOf(left)
    .filter(({ length }) => length > 1000)
    .slice(2);
  assert.ok(rounds.length >= 5, `${String(rounds.length)} rounds`);
  for (const [index, { at, position }] of rounds.entries()) {
    assert.equal(position, loop.from);
    if (index > 0) assert.equal(at - Number(rounds[index - 1]?.at), loop.to - loop.from);
  }
});

test('a stem that is muted leaves the others as they were, and comes back in step', WITH_CHROMIUM, async (t) => {
  const acts = [
    { atSeconds: 1, act: { kind: 'gains', gains: [0, 1, 1, 1] } as const },
    { atSeconds: 3, act: { kind: 'gains', gains: [1, 1, 1, 1] } as const },
    { atSeconds: 5, act: { kind: 'pause' } as const },
    { atSeconds: 6, act: { kind: 'play' } as const },
  ];
  const { left } = await record(await open(t, noise), { seconds: 8, acts });
  const runs = runsOf(left).filter(({ length }) => length > 1000);
  assert.equal(runs.length, 3, `${String(runs.length)} runs`);
  const [before_, muted, paused] = runs as [(typeof runs)[0], (typeof runs)[0], (typeof runs)[0]];
  assert.equal(muted.at - before_.at, muted.position - before_.position, 'time went on while it was muted');
  assert.ok(paused.at - (muted.at + muted.length) > 0.9 * RATE_HZ, 'a pause is silent');
  assert.ok(Math.abs(paused.position - (muted.position + muted.length)) <= 3 * 128, 'it goes on where it stopped');
});

/** 440 Hz that becomes louder after 5 s, in two stems that are half of it each. */
async function toneSong(): Promise<TestSong> {
  const samples = Float32Array.from({ length: 12 * RATE_HZ * 2 }, (_, at) => {
    const seconds = Math.floor(at / 2) / RATE_HZ;
    return (seconds < 5 ? 0.05 : 0.3) * Math.sin(2 * Math.PI * 440 * seconds);
  });
  const silence = new Float32Array(samples.length);
  return await stage.bench.addSong({
    title: 'Tone',
    stems: [
      { name: 'guitar', samples },
      { name: 'vocals', samples },
      { name: 'residual', samples: silence, peakDbtp: null },
    ],
  });
}

/** Where it becomes louder, in seconds after the sound begins. */
function riseOf(sound: Float32Array): { readonly begin: number; readonly rise: number } {
  const level = (at: number): number =>
    sound.subarray(at, at + 512).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let begin = 0;
  while (begin < sound.length && level(begin) < 0.02) begin += 64;
  let rise = begin;
  while (rise < sound.length && level(rise) < 0.35) rise += 64;
  return { begin: begin / RATE_HZ, rise: rise / RATE_HZ };
}

test('speed keeps the pitch and key moves it, each alone and both at once', WITH_CHROMIUM, async (t) => {
  const page = await open(t, await toneSong());
  for (const [rate, semitones] of [
    [0.5, 0],
    [0.75, 0],
    [1.5, 0],
    [1, 6],
    [1, -6],
    [1, 1],
    [0.8, 3],
    [1.25, -2],
  ] as const) {
    const { left } = await record(page, { seconds: 7 / rate, stretch: { rate, semitones } });
    const { begin, rise } = riseOf(left);
    const wantedHz = 440 * 2 ** (semitones / 12);
    const steady = left.subarray(Math.round((rise + 0.2) * RATE_HZ), Math.round((rise + 1) * RATE_HZ));
    const cents = 1200 * Math.log2(frequencyOf(steady, wantedHz, RATE_HZ) / wantedHz);
    const off = rise - begin - 5 / rate;
    t.diagnostic(`speed ${rate}, key ${semitones}: ${cents.toFixed(2)} cents, ${(off * 1000).toFixed(0)} ms`);
    assert.ok(Math.abs(cents) < (semitones === 0 ? 0.5 : 8), `speed ${rate}, key ${semitones}: ${cents} cents`);
    assert.ok(Math.abs(off) < 0.05, `speed ${rate}, key ${semitones}: ${off} s`);
  }
});

test('what is said to be heard is heard, at any speed and after a seek', WITH_CHROMIUM, async (t) => {
  const page = await open(t, await toneSong());
  const acts = [
    { atSeconds: 2, act: { kind: 'stretch', rate: 0.5, semitones: 0 } as const },
    { atSeconds: 4, act: { kind: 'seek', position: 4.5 * RATE_HZ } as const },
  ];
  const { left, heard } = await record(page, { seconds: 7, acts });
  // A second at half speed after the seek it becomes louder, less what preparing the stretcher takes.
  const { rise } = riseOf(left);
  assert.ok(Math.abs(rise - 5) < 0.15, String(rise));
  assert.ok(Math.abs(Number(heard[0]) / RATE_HZ - 2) < 0.1, String(heard));
  assert.ok(Math.abs(Number(heard[1]) / RATE_HZ - 3) < 0.15, String(heard));
});

/** Silent but for one sample of a quarter at each beat. */
async function beatenSong(beats: readonly number[]): Promise<TestSong> {
  const samples = new Float32Array(12 * RATE_HZ * 2);
  for (const beat of beats) samples.fill(0.25, beat * 2, beat * 2 + 2);
  const silence = new Float32Array(samples.length);
  return await stage.bench.addSong({
    title: 'Beaten',
    stems: [
      { name: 'drums', samples },
      { name: 'residual', samples: silence, peakDbtp: null },
    ],
  });
}

test(
  'the click is on every beat to the sample, through seeks and repeats, and bars begin louder',
  WITH_CHROMIUM,
  async (t) => {
    const random = seededRandom(SEED);
    t.diagnostic(`seed ${String(SEED)}`);
    const beats: number[] = [];
    for (let at = 20_000; at < 11 * RATE_HZ; at += 20_000 + Math.floor(random() * 8000)) beats.push(at);
    const click = { beats, isFirst: beats.map((_, index) => index % 3 === 0), gain: 1 };
    const page = await open(t, await beatenSong(beats));
    const loop = { from: (beats[4] as number) - 9000, to: (beats[8] as number) + 9000 };
    const acts = [
      { atSeconds: 2, act: { kind: 'seek', position: loop.from - 1000 } as const },
      { atSeconds: 2.5, act: { kind: 'loop', loop } as const },
      { atSeconds: 8, act: { kind: 'loop', loop: null } as const },
    ];
    const { left } = await record(page, { seconds: 12, click, acts });
    const struck: number[] = [];
    for (let at = 1; at + 40 < left.length; at++) {
      if (Number(left[at]) - Number(left[at - 1]) > 0.2 && Math.abs(Number(left[at - 1])) < 0.01) struck.push(at);
    }
    assert.ok(struck.length >= 18, `${String(struck.length)} beats`);
    const loud = struck.map((at) => Math.max(...left.subarray(at + 1, at + 40)));
    // A click begins at zero, on the sample of the beat.
    for (const at of struck) {
      const second = Number(left[at + 1]);
      assert.ok(
        [0.4 * Math.sin((2 * Math.PI * 1200) / RATE_HZ), 0.7 * Math.sin((2 * Math.PI * 1800) / RATE_HZ)].some(
          (wanted) => Math.abs(second - wanted) < 0.01,
        ),
        `${String(second)} after the beat at ${String(at)}`,
      );
    }
    const accents = loud.filter((level) => level > 0.5).length;
    assert.ok(
      accents >= 4 && accents <= struck.length / 2,
      `${String(accents)} of ${String(struck.length)} are louder`,
    );
    // Nothing sounds but beats and what follows them.
    for (let at = 1; at < left.length; at++) {
      if (Math.abs(Number(left[at])) > 0.02)
        assert.ok(
          struck.some((beat) => at >= beat && at < beat + 2206),
          String(at),
        );
    }
  },
);

test(
  'at half the speed beats are twice as far apart, and the click is as high and as short',
  WITH_CHROMIUM,
  async (t) => {
    const beats = [0.5, 1.1, 1.9, 2.5].map((seconds) => seconds * RATE_HZ);
    const silent = await beatenSong([]);
    const click = { beats, isFirst: beats.map(() => false), gain: 1 };
    for (const rate of [1, 0.5]) {
      const { left } = await record(await open(t, silent), {
        seconds: 3 / rate,
        click,
        stretch: { rate, semitones: 0 },
      });
      const starts: number[] = [];
      for (let at = 1; at < left.length; at++) if (left[at - 1] === 0 && left[at] !== 0) starts.push(at);
      const apart = starts.slice(1).map((at, index) => at - Number(starts[index]));
      const wanted = beats.slice(1).map((beat, index) => (beat - Number(beats[index])) / rate);
      assert.equal(apart.length, wanted.length, `speed ${String(rate)}`);
      for (const [index, samples] of apart.entries())
        assert.ok(Math.abs(samples - Number(wanted[index])) <= 2, String(samples));
      const [first = 0] = starts;
      const zero = left.findIndex((value, at) => at > first && Number(left[at - 1]) > 0 && value <= 0);
      assert.ok(Math.abs(zero - first - RATE_HZ / 2400) < 2, 'half a wave of 1,200 Hz');
    }
  },
);
