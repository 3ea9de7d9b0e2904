import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { seededRandom } from '../../tools/emulators/core/seeded-random.ts';
import { soundWav } from './audio-bytes.test-kit.ts';
import { encoded, HOSTILE_FILES } from './hostile-files.test-kit.ts';
import { createMediaBench, readSamples } from './media.test-kit.ts';
import type { MediaBench } from './media.test-kit.ts';

// Small, so that "too long" needs no hours of test data.
const LIMITS = { longestSongSeconds: 60 };
/** No refused file may leave anything behind, or harm the next one. */
async function assertUnharmed(bench: MediaBench): Promise<void> {
  assert.deepEqual(await bench.scratch(), [], 'temporary files are left');
  assert.deepEqual(await bench.keys('pcm/'), [], 'audio of a refused file is stored');
  const source = await bench.upload(soundWav(0.2));
  const probed = await bench.inActivity(() => bench.activities.probeSource({ jobId: 'job', source }));
  assert.equal(probed.codec, 'pcm_s16le');
}

describe('a bad file', () => {
  for (const [id, name, fate, build] of HOSTILE_FILES) {
    test(`${id} ${name}: ${typeof fate === 'string' ? fate : `${String(fate.seconds)} s come out`}`, async (t) => {
      const bench = await createMediaBench(t, LIMITS);
      await writeFile(join(bench.folder, 'secret.wav'), soundWav(5));
      const source = await bench.upload(await build(bench));
      if (typeof fate === 'string') {
        assert.equal((await bench.refusalOf(() => bench.ingest(source))).code, fate);
        await assertUnharmed(bench);
      } else {
        const { decoded } = await bench.ingest(source);
        // Lossy formats may carry up to two frames more at either end.
        assert.ok(Math.abs(decoded.durationSeconds - fate.seconds) < 0.06, `${String(decoded.durationSeconds)} s`);
        assert.ok((await readSamples(bench.blobs, decoded.canonical.key)).some((sample) => Math.abs(sample) > 0.1));
      }
      assert.deepEqual(await bench.scratch(), []);
    });
  }
});

async function survives(bench: MediaBench, bytes: Uint8Array, what: string): Promise<'decoded' | 'refused'> {
  const source = await bench.upload(bytes, what);
  let outcome: 'decoded' | 'refused' = 'refused';
  const refused = bench.refusalOf(async () => {
    const { decoded } = await bench.ingest(source);
    outcome = 'decoded';
    const samples = await readSamples(bench.blobs, decoded.canonical.key);
    assert.equal(samples.length, decoded.canonical.samples * decoded.canonical.channels, what);
    assert.ok(
      samples.every((sample) => Number.isFinite(sample)),
      what,
    );
    await bench.blobs.delete(decoded.canonical.key);
    await bench.blobs.delete(decoded.working.key);
  });
  await refused.catch((error: unknown) => {
    if (outcome === 'refused') throw new Error(what, { cause: error });
  });
  assert.deepEqual(await bench.scratch(), [], what);
  return outcome;
}

for (const extension of ['mp3', 'flac', 'm4a']) {
  test(`F17 a ${extension} cut at any sixteenth is decoded in part or refused`, async (t) => {
    const bench = await createMediaBench(t, LIMITS);
    const whole = await encoded(bench, extension);
    const outcomes: string[] = [];
    for (let part = 1; part < 16; part += 1) {
      const cut = whole.subarray(0, Math.floor((whole.length * part) / 16));
      outcomes.push(await survives(bench, cut, `${extension} cut at ${String(part)}/16`));
    }
    // An M4A of this kind has its index at the end: without it there is nothing to read.
    assert.equal(outcomes.at(-1), extension === 'm4a' ? 'refused' : 'decoded');
    if (extension !== 'm4a')
      assert.ok(
        bench.lines.some((line) => /cut short|damaged/u.test(line)),
        bench.lines.join(),
      );
    await assertUnharmed(bench);
  });

  test(`F18 a ${extension} with flipped bytes is decoded or refused`, async (t) => {
    const bench = await createMediaBench(t, LIMITS);
    const whole = await encoded(bench, extension);
    for (let seed = 1; seed <= 8; seed += 1) {
      const random = seededRandom(seed);
      const bent = Buffer.from(whole);
      // The first flips hit the headers, where they do most.
      for (let flip = 0; flip < 4 * seed; flip += 1) {
        const at = Math.floor(random() * (flip % 2 === 0 ? bent.length : 200));
        bent[at] = Math.floor(random() * 256);
      }
      await survives(bench, bent, `${extension}, seed ${String(seed)}`);
    }
    await assertUnharmed(bench);
  });
}
