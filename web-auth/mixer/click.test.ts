import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClick } from '../browser/mixer/click.ts';
import type { Loop } from '../browser/mixer/messages.ts';

const RATE_HZ = 44_100;
const BLOCK = 128;
const BEATS = [22_050, 44_352, 66_000, 88_000];
const TRACK = { beats: BEATS, isFirst: [true, false, false, true], gain: 1 };

interface Heard {
  /** In samples that are heard. */
  readonly at: number;
  readonly highest: number;
}

/** Plays on from `from` at `rate`, as the engine does. */
function clicksOf(
  rate: number,
  { seconds, loop = null, gain = 1 }: { seconds: number; loop?: Loop | null; gain?: number },
): Heard[] {
  const click = createClick(RATE_HZ);
  click.set({ ...TRACK, gain });
  const out = new Float32Array(Math.ceil((seconds * RATE_HZ) / BLOCK) * BLOCK);
  for (let at = 0, from = 0; at < out.length; at += BLOCK) {
    click.add([out.subarray(at, at + BLOCK)], { from, rate, count: BLOCK, loop });
    from += BLOCK * rate;
    if (loop !== null && from >= loop.to) from -= loop.to - loop.from;
  }
  const heard: Heard[] = [];
  for (let at = 1; at < out.length; at++) {
    if (out[at] === 0 || out[at - 1] !== 0) continue;
    const sound = out.subarray(at, at + 500);
    // The sound itself begins at zero.
    heard.push({ at: at - 1, highest: Math.max(...sound) });
  }
  return heard;
}

for (const rate of [0.5, 0.55, 0.7, 0.75, 1, 1.35, 1.5]) {
  test(`at speed ${rate} each beat is heard once, at the first sample behind it, and bars begin louder`, () => {
    const heard = clicksOf(rate, { seconds: 2.1 / rate });
    assert.deepEqual(
      heard.map(({ at }) => at),
      BEATS.map((beat) => Math.ceil(beat / rate - 1e-6)),
    );
    const [first, second, , fourth] = heard.map(({ highest }) => highest) as [number, number, number, number];
    assert.ok(first > 1.5 * second && fourth > 1.5 * second, `${String(first)} ${String(second)} ${String(fourth)}`);
  });
}

test('a repeat that begins on a beat begins with its click, round after round', () => {
  const loop = { from: 22_050, to: 66_000 };
  const heard = clicksOf(1, { seconds: 6, loop });
  const rounds = [0, 1, 2, 3, 4, 5].map((round) => round * (loop.to - loop.from));
  const wanted = rounds.flatMap((more) => [22_050 + more, 44_352 + more]).filter((at) => at < 6 * RATE_HZ);
  assert.deepEqual(
    heard.map(({ at }) => at),
    wanted,
  );
});

test('its level is what it is set to, and without beats it is silent', () => {
  const [loud, quiet] = [1, 0.25].map((gain) => clicksOf(1, { seconds: 1, gain })[0]?.highest ?? 0) as [number, number];
  assert.ok(Math.abs(loud / quiet - 4) < 1e-4);
  const click = createClick(RATE_HZ);
  click.set({ beats: [], isFirst: [], gain: 1 });
  const out = new Float32Array(BLOCK);
  click.add([out], { from: 0, rate: 1, count: BLOCK, loop: null });
  assert.deepEqual(out, new Float32Array(BLOCK));
});
