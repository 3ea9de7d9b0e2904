// What holds for every separator, whatever its network: one suite for all of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Separator } from '../models/separator.ts';
import { CPU, cut, modelFile, separateSong, statisticsOf } from './run-windows.test-kit.ts';
import { roughSong, silence } from './test-signals.test-kit.ts';

export interface SeparatorUnderTest {
  readonly name: string;
  /** A network whose biases make an answer to silence out of nothing. */
  readonly network: () => Uint8Array;
  readonly create: (path: string) => Separator;
  /** Lengths that are odd for its grid, in samples. */
  readonly lengths: readonly number[];
}

export function testSeparatorProperties({ name, network, create, lengths }: SeparatorUnderTest): void {
  void test(`${name}: windows cover songs of any length, once each sample at least, inside the song`, () => {
    const separator = create('unused.onnx');
    for (const samples of [...lengths, 100_003]) {
      const covered = new Uint8Array(samples);
      let last = 0;
      for (const span of separator.windows(samples)) {
        assert.ok(span.outputStart >= last && span.outputStart < span.outputEnd && span.outputEnd <= samples);
        last = span.outputStart;
        covered.fill(1, span.outputStart, span.outputEnd);
        const weight = separator.weight(span);
        if (weight !== null) assert.equal(weight.length, span.outputEnd - span.outputStart);
      }
      assert.ok(
        covered.every((seen) => seen === 1),
        `${String(samples)} samples`,
      );
    }
    assert.deepEqual(separator.windows(0), []);
  });

  void test(`${name}: weights never vanish, so that the division after overlap-add is sound`, () => {
    const separator = create('unused.onnx');
    for (const samples of lengths) {
      const sums = new Float64Array(samples);
      for (const span of separator.windows(samples)) {
        const weight = separator.weight(span);
        for (let n = span.outputStart; n < span.outputEnd; n++) sums[n]! += weight?.[n - span.outputStart] ?? 1;
      }
      const least = sums.reduce((smallest, sum) => Math.min(smallest, sum), Infinity);
      assert.ok(least > 0.05, `${String(samples)} samples: ${String(least)}`);
    }
  });

  void test(`${name}: silence stays silent, though the network would not keep it so`, async (t) => {
    const separator = create(await modelFile(t, network()));
    const slots = await separateSong(separator, silence(lengths.at(-1)!));
    assert.equal(slots.length, separator.slots.length);
    assert.ok(slots.every((slot) => slot.every((channel) => channel.every((value) => value === 0))));
  });

  void test(`${name}: a window gives the same bits whatever ran before it`, async (t) => {
    const separator = create(await modelFile(t, network()));
    const song = roughSong(lengths.at(-1)!, 5);
    const spans = separator.windows(song[0].length);
    const session = await separator.open(CPU);
    const run = async (index: number): Promise<readonly (readonly Float32Array[])[]> => {
      const slots = await session.process(spans[index]!, cut(song, spans[index]!), statisticsOf(song));
      return slots.map((slot) => slot.map((channel) => channel.slice()));
    };
    const forwards = [];
    for (let index = 0; index < spans.length; index++) forwards.push(await run(index));
    for (let index = spans.length - 1; index >= 0; index--) {
      const again = await run(index);
      assert.deepEqual(again, forwards[index]);
      assert.ok(again[0]!.some((channel) => channel.some((value) => value !== 0)));
    }
    await session.close();
  });

  void test(`${name}: the input is left as it was`, async (t) => {
    const separator = create(await modelFile(t, network()));
    const song = roughSong(lengths.at(-1)!, 6);
    const session = await separator.open(CPU);
    const [span] = separator.windows(song[0].length);
    const input = cut(song, span!);
    await session.process(span!, input, statisticsOf(song));
    assert.deepEqual(input, cut(song, span!));
    await session.close();
  });

  void test(`${name}: lengths are exact, and every sample of every slot is a number`, async (t) => {
    const separator = create(await modelFile(t, network()));
    for (const samples of lengths) {
      const song = roughSong(samples, samples);
      for (const slot of await separateSong(separator, song)) {
        for (const channel of slot) {
          assert.equal(channel.length, samples);
          assert.ok(channel.every(Number.isFinite), `${String(samples)} samples`);
        }
      }
    }
  });
}
