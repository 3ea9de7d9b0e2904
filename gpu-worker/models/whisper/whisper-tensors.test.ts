import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { ctranslate2Bytes, float32Variable } from '../ctranslate2/ctranslate2-file.test-kit.ts';
import type { WrittenVariable } from '../ctranslate2/ctranslate2-file.test-kit.ts';
import { ModelFileError } from '../model-file-error.ts';
import { safetensorsBytes } from '../safetensors/safetensors-file.test-kit.ts';
import type { WrittenTensor } from '../safetensors/safetensors-file.test-kit.ts';
import { compileWhisper } from './compile-whisper.ts';

const HEADS = 2;
const WIDTH = 64 * HEADS;
const BANDS = 3;
const FRAMES = 5;
const POSITIONS = 6;
const TOKENS = 7;
const LAYERS = 2;
const VARIANT = { alignmentHeads: [[0, 1], [1, 0]] } as const; // prettier-ignore

/** The same random weights as their publisher names them, and as CTranslate2 does. */
function tinyWhisper(): { readonly tensors: WrittenTensor[]; readonly variables: WrittenVariable[] } {
  let seed = 3;
  const tensors: WrittenTensor[] = [];
  const variables: WrittenVariable[] = [];
  const random = (name: string, shape: readonly number[]): readonly number[] => {
    const values = Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return Math.fround(seed / 2_147_483_647 - 0.5);
    });
    tensors.push({ name, shape, values });
    return values;
  };
  const copy = (variable: string, name: string, shape: readonly number[]): void => {
    variables.push(float32Variable(variable, shape, random(name, shape)));
  };
  const norm = (variable: string, name: string): void => {
    copy(`${variable}/gamma`, `${name}.weight`, [WIDTH]);
    copy(`${variable}/beta`, `${name}.bias`, [WIDTH]);
  };
  const linear = (variable: string, name: string, from: number, to: number, kernel: readonly number[] = []): void => {
    copy(`${variable}/weight`, `${name}.weight`, [to, from, ...kernel]);
    copy(`${variable}/bias`, `${name}.bias`, [to]);
  };
  /** Keys have no bias. */
  const fused = (variable: string, name: string, projections: readonly string[]): void => {
    const weights = projections.flatMap((projection) => random(`${name}.${projection}_proj.weight`, [WIDTH, WIDTH]));
    const biases = projections.flatMap((projection) =>
      projection === 'k' ? Array<number>(WIDTH).fill(0) : random(`${name}.${projection}_proj.bias`, [WIDTH]),
    );
    variables.push(float32Variable(`${variable}/weight`, [projections.length * WIDTH, WIDTH], weights));
    variables.push(float32Variable(`${variable}/bias`, [projections.length * WIDTH], biases));
  };
  for (const room of ['encoder', 'decoder']) {
    variables.push({ name: `${room}/num_heads`, shape: [], type: 'int16', bytes: Uint8Array.of(HEADS, 0) });
    norm(`${room}/layer_norm`, `model.${room}.layer_norm`);
    for (let index = 0; index < LAYERS; index++) {
      const [at, layer] = [`${room}/layer_${String(index)}`, `model.${room}.layers.${String(index)}`];
      norm(`${at}/self_attention/layer_norm`, `${layer}.self_attn_layer_norm`);
      fused(`${at}/self_attention/linear_0`, `${layer}.self_attn`, ['q', 'k', 'v']);
      linear(`${at}/self_attention/linear_1`, `${layer}.self_attn.out_proj`, WIDTH, WIDTH);
      if (room === 'decoder') {
        norm(`${at}/attention/layer_norm`, `${layer}.encoder_attn_layer_norm`);
        fused(`${at}/attention/linear_0`, `${layer}.encoder_attn`, ['q']);
        fused(`${at}/attention/linear_1`, `${layer}.encoder_attn`, ['k', 'v']);
        linear(`${at}/attention/linear_2`, `${layer}.encoder_attn.out_proj`, WIDTH, WIDTH);
      }
      norm(`${at}/ffn/layer_norm`, `${layer}.final_layer_norm`);
      linear(`${at}/ffn/linear_0`, `${layer}.fc1`, WIDTH, 4 * WIDTH);
      linear(`${at}/ffn/linear_1`, `${layer}.fc2`, 4 * WIDTH, WIDTH);
    }
  }
  linear('encoder/conv1', 'model.encoder.conv1', BANDS, WIDTH, [3]);
  linear('encoder/conv2', 'model.encoder.conv2', WIDTH, WIDTH, [3]);
  copy('encoder/position_encodings/encodings', 'model.encoder.embed_positions.weight', [FRAMES, WIDTH]);
  copy('decoder/position_encodings/encodings', 'model.decoder.embed_positions.weight', [POSITIONS, WIDTH]);
  copy('decoder/embeddings/weight', 'model.decoder.embed_tokens.weight', [TOKENS, WIDTH]);
  return { tensors, variables };
}

async function compile(t: TestContext, fileName: string, bytes: Uint8Array): Promise<Uint8Array[]> {
  const folder = await mkdtemp(join(tmpdir(), 'whisper-'));
  t.after(async () => await rm(folder, { recursive: true }));
  await writeFile(join(folder, fileName), bytes);
  const graphs: Uint8Array[] = [];
  for await (const graph of compileWhisper(join(folder, fileName), VARIANT)) graphs.push(graph.bytes);
  return graphs;
}

test("the publisher's safetensors compile to the very graphs of CTranslate2's form", async (t) => {
  const { tensors, variables } = tinyWhisper();
  const wanted = await compile(t, 'model.bin', ctranslate2Bytes('WhisperSpec', variables));
  const found = await compile(t, 'model.safetensors', safetensorsBytes(tensors));
  assert.equal(found.length, 2);
  for (const [index, graph] of wanted.entries()) assert.ok(Buffer.compare(graph, found[index]!) === 0, String(index));
});

test('a model that lacks a tensor, or has one of another shape, is refused', async (t) => {
  const { tensors } = tinyWhisper();
  const changed = (name: string, change: (tensor: WrittenTensor) => readonly WrittenTensor[]): Buffer => {
    assert.ok(
      tensors.some((tensor) => tensor.name === name),
      name,
    );
    return safetensorsBytes(tensors.flatMap((tensor) => (tensor.name === name ? change(tensor) : [tensor])));
  };
  for (const name of [
    'model.encoder.conv2.bias',
    'model.decoder.layers.1.encoder_attn.v_proj.weight',
    'model.decoder.embed_tokens.weight',
  ]) {
    await assert.rejects(
      compile(
        t,
        'model.safetensors',
        changed(name, () => []),
      ),
      ModelFileError,
      name,
    );
    const halved = changed(name, (tensor) => [
      {
        name,
        shape: [tensor.shape[0]! - 1, ...tensor.shape.slice(1)],
        values: tensor.values.slice(tensor.values.length / tensor.shape[0]!),
      },
    ]);
    if (name.includes('embed_tokens')) continue;
    await assert.rejects(compile(t, 'model.safetensors', halved), ModelFileError, name);
  }
});
