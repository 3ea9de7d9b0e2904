import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { ctranslate2Bytes, float32Variable } from '../ctranslate2/ctranslate2-file.test-kit.ts';
import type { WrittenVariable } from '../ctranslate2/ctranslate2-file.test-kit.ts';
import { ModelFileError } from '../model-file-error.ts';
import { compileWhisper } from './compile-whisper.ts';

const WIDTH = 8;
const HEADS = 2;
const BANDS = 3;
const FRAMES = 5;
const POSITIONS = 6;
const TOKENS = 7;
const LAYERS = 2;
const VARIANT = { alignmentHeads: [[0, 1], [1, 0], [1, 1]] } as const; // prettier-ignore

/** @param scale of all matrices that write into the running sum; at 0 each layer leaves it as it is. */
function tinyWhisper(scale: number): Buffer {
  let seed = 1;
  const random = (): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647 - 0.5;
  };
  const variables: WrittenVariable[] = [];
  const add = (name: string, shape: readonly number[], factor = 1): void => {
    const count = shape.reduce((product, size) => product * size, 1);
    variables.push(
      float32Variable(
        name,
        shape,
        Array.from({ length: count }, () => factor * random()),
      ),
    );
  };
  const linear = (name: string, from: number, to: number, factor = 1): void => {
    add(`${name}/weight`, [to, from], factor);
    add(`${name}/bias`, [to], factor);
  };
  const norm = (name: string): void => {
    variables.push(float32Variable(`${name}/gamma`, [WIDTH], Array<number>(WIDTH).fill(1)));
    add(`${name}/beta`, [WIDTH], 0);
  };
  for (const room of ['encoder', 'decoder']) {
    variables.push({ name: `${room}/num_heads`, shape: [], type: 'int16', bytes: Uint8Array.of(HEADS, 0) });
    norm(`${room}/layer_norm`);
    for (let layer = 0; layer < LAYERS; layer++) {
      const at = `${room}/layer_${layer}`;
      norm(`${at}/self_attention/layer_norm`);
      linear(`${at}/self_attention/linear_0`, WIDTH, 3 * WIDTH);
      linear(`${at}/self_attention/linear_1`, WIDTH, WIDTH, scale);
      if (room === 'decoder') {
        norm(`${at}/attention/layer_norm`);
        linear(`${at}/attention/linear_0`, WIDTH, WIDTH);
        linear(`${at}/attention/linear_1`, WIDTH, 2 * WIDTH);
        linear(`${at}/attention/linear_2`, WIDTH, WIDTH, scale);
      }
      norm(`${at}/ffn/layer_norm`);
      linear(`${at}/ffn/linear_0`, WIDTH, 4 * WIDTH);
      linear(`${at}/ffn/linear_1`, 4 * WIDTH, WIDTH, scale);
    }
  }
  add('encoder/conv1/weight', [WIDTH, BANDS, 3]);
  add('encoder/conv1/bias', [WIDTH]);
  add('encoder/conv2/weight', [WIDTH, WIDTH, 3]);
  add('encoder/conv2/bias', [WIDTH]);
  add('encoder/position_encodings/encodings', [FRAMES, WIDTH]);
  add('decoder/position_encodings/encodings', [POSITIONS, WIDTH]);
  add('decoder/embeddings/weight', [TOKENS, WIDTH]);
  return ctranslate2Bytes('WhisperSpec', variables);
}

async function compileBytes(t: TestContext, bytes: Uint8Array): Promise<InferenceSession[]> {
  const folder = await mkdtemp(join(tmpdir(), 'whisper-'));
  t.after(async () => await rm(folder, { recursive: true }));
  await writeFile(join(folder, 'model.bin'), bytes);
  const sessions: InferenceSession[] = [];
  for await (const graph of compileWhisper(join(folder, 'model.bin'), VARIANT)) {
    sessions.push(await InferenceSession.create(graph.bytes, { intraOpNumThreads: 1 }));
  }
  return sessions;
}

const integers = (values: readonly number[], dims = [values.length]): Tensor =>
  new Tensor('int64', BigInt64Array.from(values, BigInt), dims);
const numbers = (tensor: Tensor | undefined): Float32Array => tensor?.data as Float32Array;

type Read = Awaited<ReturnType<InferenceSession['run']>>;

/** Reads more tokens of each text after what was read. */
function reader(decoder: InferenceSession, sound: Read) {
  return async (
    texts: readonly (readonly number[])[],
    past: Read | null,
    parents: readonly number[],
  ): Promise<Read> => {
    const added = texts[0]!.length;
    const headWidth = WIDTH / HEADS;
    const empty = (dims: readonly number[]): Tensor => new Tensor('float32', new Float32Array(0), dims);
    const start = past === null ? 0 : past['keys']!.dims.at(-1)!;
    const mask = Float32Array.from({ length: added * (start + added) }, (_, index) =>
      index % (start + added) > start + Math.floor(index / (start + added)) ? -1e9 : 0,
    );
    return await decoder.run({
      tokens: integers(texts.flat(), [texts.length, added]),
      positions: integers(Array.from({ length: added }, (_, index) => start + index)),
      mask: new Tensor('float32', mask, [added, start + added]),
      past_keys: past?.['keys'] ?? empty([LAYERS, 1, HEADS, headWidth, 0]),
      past_values: past?.['values'] ?? empty([LAYERS, 1, HEADS, 0, headWidth]),
      parents: integers(parents),
      cross_keys: sound['cross_keys']!,
      cross_values: sound['cross_values']!,
      wanted: integers(Array.from({ length: texts.length * added }, (_, index) => index)),
    });
  };
}

const MEL = new Tensor(
  'float32',
  Float32Array.from({ length: BANDS * 2 * FRAMES }, (_, index) => Math.sin(index)),
  [1, BANDS, 2 * FRAMES],
);

function assertClose(found: Float32Array, wanted: Float32Array): void {
  assert.equal(found.length, wanted.length);
  assert.ok(wanted.some((value) => Math.abs(value) > 0.01));
  for (const [index, value] of wanted.entries()) assert.ok(Math.abs(found[index]! - value) < 1e-5, `value ${index}`);
}

void test('tokens read one by one, by two texts that change places, are as tokens read at once', async (t) => {
  const [encoder, decoder] = await compileBytes(t, tinyWhisper(1));
  const read = reader(decoder!, await encoder!.run({ mel: MEL }));
  const whole = await read([[1, 4, 2, 6]], null, [0]);
  const other = await read([[1, 4, 5, 3]], null, [0]);

  let steps = await read([[1, 4]], null, [0]);
  assertClose(numbers(steps['logits']), numbers(whole['logits']).subarray(0, 2 * TOKENS));
  steps = await read([[5], [2]], steps, [0, 0]);
  steps = await read([[6], [3]], steps, [1, 0]);
  assertClose(numbers(steps['logits']).subarray(0, TOKENS), numbers(whole['logits']).subarray(3 * TOKENS));
  assertClose(numbers(steps['logits']).subarray(TOKENS), numbers(other['logits']).subarray(3 * TOKENS));
  assert.deepEqual(whole['alignment']!.dims, [3, 4, FRAMES]);
  // Of the first head: the first text's only new token, and the fourth of the whole.
  const scores = numbers(steps['alignment']).subarray(0, FRAMES);
  assertClose(scores, numbers(whole['alignment']).subarray(3 * FRAMES, 4 * FRAMES));
});

void test('where no layer adds anything, the logits are the products of the normalised embedding with all embeddings', async (t) => {
  const bytes = tinyWhisper(0);
  const [encoder, decoder] = await compileBytes(t, bytes);
  const { logits } = await reader(decoder!, await encoder!.run({ mel: MEL }))([[3]], null, [0]);
  // The last variables of the file: positions of the decoder and embeddings, each a number of 4 bytes.
  const table = bytes.subarray(bytes.length - 4 - 4 * TOKENS * WIDTH, bytes.length - 4);
  const embedding = (token: number): number[] =>
    Array.from({ length: WIDTH }, (_, index) => table.readFloatLE(4 * (token * WIDTH + index)));
  const at = bytes.indexOf('decoder/position_encodings/encodings') + 'decoder/position_encodings/encodings'.length + 15;
  const row = embedding(3).map((value, index) => value + bytes.readFloatLE(at + 4 * index));
  const mean = row.reduce((sum, value) => sum + value, 0) / WIDTH;
  const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / WIDTH;
  const normed = row.map((value) => (value - mean) / Math.sqrt(variance + 1e-5));
  const wanted = Array.from({ length: TOKENS }, (_, token) =>
    embedding(token).reduce((sum, value, index) => sum + value * normed[index]!, 0),
  );
  assertClose(numbers(logits), Float32Array.from(wanted));
});

void test('what is no Whisper model, lacks a layer or a head, or is of another shape is refused', async (t) => {
  await assert.rejects(compileBytes(t, ctranslate2Bytes('TransformerSpec', [])), /no Whisper model/);
  await assert.rejects(compileBytes(t, ctranslate2Bytes('WhisperSpec', [])), ModelFileError);
  const bytes = tinyWhisper(1);
  const renamed = Buffer.from(bytes);
  renamed.write('q', renamed.indexOf('decoder/layer_1/attention/linear_2/bias'));
  await assert.rejects(compileBytes(t, renamed), ModelFileError);
});
