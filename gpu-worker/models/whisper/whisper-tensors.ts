/** Whisper's weights as their publisher names them in `model.safetensors`, under the names that CTranslate2 gives them. */
import { rejectModelFile } from '../model-file-error.ts';
import type { SafetensorsFile } from '../safetensors/safetensors-file.ts';
import type { WhisperVariables } from './whisper-weights.ts';

/** In all of Whisper's sizes. */
const HEAD_WIDTH = 64;
const PROJECTIONS = { query: 'q_proj', key: 'k_proj', value: 'v_proj', out: 'out_proj' } as const;
type Projection = keyof typeof PROJECTIONS;

/** Tensors that lie after each other in one variable; of a bias that the publisher left out, zeros. */
type Parts = readonly (string | { readonly zeros: number })[];

/** @throws ModelFileError where a tensor is missing. */
export function whisperTensors(file: SafetensorsFile): WhisperVariables {
  const shapeOf = (name: string): readonly number[] =>
    file.shapes.get(name) ?? rejectModelFile(`the model has no tensor "${name}"`);
  const variables = new Map<string, { readonly shape: readonly number[]; readonly parts: Parts }>();
  const add = (name: string, parts: readonly string[]): void => {
    const [[rows = 0, ...rest] = []] = parts.map(shapeOf);
    variables.set(name, { shape: [rows * parts.length, ...rest], parts });
  };
  const both = (name: string, kinds: readonly [string, string], tensor: string): void => {
    add(`${name}/${kinds[0]}`, [`${tensor}.weight`]);
    add(`${name}/${kinds[1]}`, [`${tensor}.bias`]);
  };
  const norm = (name: string, tensor: string): void => both(name, ['gamma', 'beta'], tensor);
  const linear = (name: string, tensor: string): void => both(name, ['weight', 'bias'], tensor);
  const fused = (name: string, attention: string, projections: readonly Projection[]): void => {
    const tensors = projections.map((projection) => `${attention}.${PROJECTIONS[projection]}`);
    add(
      `${name}/weight`,
      tensors.map((tensor) => `${tensor}.weight`),
    );
    const [width = 0] = shapeOf(`${tensors[0]}.weight`);
    const parts = tensors.map((tensor) => (file.shapes.has(`${tensor}.bias`) ? `${tensor}.bias` : { zeros: width }));
    variables.set(`${name}/bias`, { shape: [width * parts.length], parts });
  };

  for (const room of ['encoder', 'decoder'] as const) {
    const tensors = `model.${room}`;
    add(`${room}/position_encodings/encodings`, [`${tensors}.embed_positions.weight`]);
    norm(`${room}/layer_norm`, `${tensors}.layer_norm`);
    for (let index = 0; file.shapes.has(`${tensors}.layers.${index}.fc1.weight`); index++) {
      const [name, layer] = [`${room}/layer_${index}`, `${tensors}.layers.${index}`];
      norm(`${name}/self_attention/layer_norm`, `${layer}.self_attn_layer_norm`);
      fused(`${name}/self_attention/linear_0`, `${layer}.self_attn`, ['query', 'key', 'value']);
      fused(`${name}/self_attention/linear_1`, `${layer}.self_attn`, ['out']);
      if (room === 'decoder') {
        norm(`${name}/attention/layer_norm`, `${layer}.encoder_attn_layer_norm`);
        fused(`${name}/attention/linear_0`, `${layer}.encoder_attn`, ['query']);
        fused(`${name}/attention/linear_1`, `${layer}.encoder_attn`, ['key', 'value']);
        fused(`${name}/attention/linear_2`, `${layer}.encoder_attn`, ['out']);
      }
      norm(`${name}/ffn/layer_norm`, `${layer}.final_layer_norm`);
      linear(`${name}/ffn/linear_0`, `${layer}.fc1`);
      linear(`${name}/ffn/linear_1`, `${layer}.fc2`);
    }
  }
  linear('encoder/conv1', 'model.encoder.conv1');
  linear('encoder/conv2', 'model.encoder.conv2');
  add('decoder/embeddings/weight', ['model.decoder.embed_tokens.weight']);
  const [, width = 0] = shapeOf('model.decoder.embed_tokens.weight');

  return {
    spec: 'WhisperSpec',
    variables,
    async readFloat32(name) {
      if (name.endsWith('/num_heads')) return Float32Array.of(width / HEAD_WIDTH);
      const { shape, parts } = variables.get(name) ?? rejectModelFile(`the model has no "${name}"`);
      const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
      let at = 0;
      for (const part of parts) {
        const read = typeof part === 'string' ? await file.readFloat32(part) : new Float32Array(part.zeros);
        if (at + read.length > values.length) rejectModelFile(`the tensors of "${name}" are not of one shape`);
        values.set(read, at);
        at += read.length;
      }
      if (at !== values.length) rejectModelFile(`the tensors of "${name}" are not of one shape`);
      return values;
    },
  };
}
