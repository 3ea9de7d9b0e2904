/** Finds Whisper's layers among its variables (python/ctranslate2/specs/whisper_spec.py). */
import { rejectModelFile } from '../model-file-error.ts';

/** A model's variables, by the names that CTranslate2 gives them. */
export interface WhisperVariables {
  /** `WhisperSpec`. */
  readonly spec: string;
  readonly variables: ReadonlyMap<string, { readonly shape: readonly number[] }>;
  /** @throws ModelFileError when there is no such variable. */
  readFloat32(name: string): Promise<Float32Array>;
}

/** `weight` is [to][from]. */
export interface Linear {
  readonly weight: Float32Array;
  readonly bias: Float32Array;
  readonly from: number;
  readonly to: number;
}

export interface LayerNorm {
  readonly gamma: Float32Array;
  readonly beta: Float32Array;
}

export interface FeedForward {
  readonly norm: LayerNorm;
  readonly widen: Linear;
  readonly narrow: Linear;
}

/** `queryKeyValue` holds the three after each other in its outputs. */
export interface SelfAttention {
  readonly norm: LayerNorm;
  readonly queryKeyValue: Linear;
  readonly out: Linear;
}

export interface CrossAttention {
  readonly norm: LayerNorm;
  readonly query: Linear;
  readonly out: Linear;
}

/** `weight` is [to][from][3]. */
export interface Convolution extends Linear {}

export interface WhisperEncoderWeights {
  readonly convolutions: readonly [Convolution, Convolution];
  /** [frames][width] */
  readonly positions: Float32Array;
  readonly layers: readonly { readonly attention: SelfAttention; readonly feedForward: FeedForward }[];
  readonly norm: LayerNorm;
}

export interface WhisperDecoderWeights {
  /** [tokens][width]; the last layer multiplies by the same. */
  readonly embeddings: Float32Array;
  /** [positions][width] */
  readonly positions: Float32Array;
  readonly layers: readonly {
    readonly selfAttention: SelfAttention;
    readonly crossAttention: CrossAttention;
    readonly feedForward: FeedForward;
  }[];
  readonly norm: LayerNorm;
}

export interface WhisperSize {
  readonly width: number;
  readonly heads: number;
  readonly melBands: number;
  /** Of the encoder's output, half as many as of the mel spectrogram. */
  readonly audioFrames: number;
  readonly textPositions: number;
  readonly tokens: number;
  readonly encoderLayers: number;
  readonly decoderLayers: number;
}

const KERNEL = 3;
const MOST_LAYERS = 64;

/** @throws ModelFileError when it is no Whisper model, or of shapes that do not fit together. */
export async function readWhisperSize(file: WhisperVariables): Promise<WhisperSize> {
  if (file.spec !== 'WhisperSpec') rejectModelFile(`this is no Whisper model but a "${file.spec}"`);
  const shape = (name: string): readonly number[] =>
    file.variables.get(name)?.shape ?? rejectModelFile(`the model has no variable "${name}"`);
  const [tokens = 0, width = 0] = shape('decoder/embeddings/weight');
  const [, melBands = 0] = shape('encoder/conv1/weight');
  const [audioFrames = 0] = shape('encoder/position_encodings/encodings');
  const [textPositions = 0] = shape('decoder/position_encodings/encodings');
  const [heads = 0] = await file.readFloat32('encoder/num_heads');
  const [decoderHeads = 0] = await file.readFloat32('decoder/num_heads');
  if (heads < 1 || heads !== decoderHeads || width % heads !== 0) {
    rejectModelFile(`a width of ${width} cannot be cut into ${heads} and ${decoderHeads} heads`);
  }
  const layers = (room: string): number => {
    let count = 0;
    while (file.variables.has(`${room}/layer_${count}/ffn/linear_0/weight`) && count <= MOST_LAYERS) count++;
    if (count === 0 || count > MOST_LAYERS) rejectModelFile(`the ${room} has ${count} layers`);
    return count;
  };
  return {
    width,
    heads,
    melBands,
    audioFrames,
    textPositions,
    tokens,
    encoderLayers: layers('encoder'),
    decoderLayers: layers('decoder'),
  };
}

/** @throws ModelFileError */
export async function readEncoderWeights(file: WhisperVariables, size: WhisperSize): Promise<WhisperEncoderWeights> {
  const { width } = size;
  const read = createReader(file);
  const layers: { attention: SelfAttention; feedForward: FeedForward }[] = [];
  for (let index = 0; index < size.encoderLayers; index++) {
    const name = `encoder/layer_${index}`;
    layers.push({
      attention: await read.selfAttention(`${name}/self_attention`, width),
      feedForward: await read.feedForward(`${name}/ffn`, width),
    });
  }
  return {
    convolutions: [
      await read.linear('encoder/conv1', size.melBands, width, KERNEL),
      await read.linear('encoder/conv2', width, width, KERNEL),
    ],
    positions: await read.numbers('encoder/position_encodings/encodings', [size.audioFrames, width]),
    layers,
    norm: await read.norm('encoder/layer_norm', width),
  };
}

/** @throws ModelFileError */
export async function readDecoderWeights(file: WhisperVariables, size: WhisperSize): Promise<WhisperDecoderWeights> {
  const { width } = size;
  const read = createReader(file);
  const layers: WhisperDecoderWeights['layers'][number][] = [];
  for (let index = 0; index < size.decoderLayers; index++) {
    const name = `decoder/layer_${index}`;
    layers.push({
      selfAttention: await read.selfAttention(`${name}/self_attention`, width),
      crossAttention: await read.crossAttention(`${name}/attention`, width),
      feedForward: await read.feedForward(`${name}/ffn`, width),
    });
  }
  return {
    embeddings: await read.numbers('decoder/embeddings/weight', [size.tokens, width]),
    positions: await read.numbers('decoder/position_encodings/encodings', [size.textPositions, width]),
    layers,
    norm: await read.norm('decoder/layer_norm', width),
  };
}

/** The cross-attention's inputs from the encoder, which are computed once a window: of each decoder layer. */
export async function readCrossKeyValues(file: WhisperVariables, size: WhisperSize): Promise<readonly Linear[]> {
  const read = createReader(file);
  const all: Linear[] = [];
  for (let index = 0; index < size.decoderLayers; index++) {
    all.push(await read.linear(`decoder/layer_${index}/attention/linear_1`, size.width, 2 * size.width));
  }
  return all;
}

interface Reader {
  numbers(name: string, shape: readonly number[]): Promise<Float32Array>;
  norm(name: string, width: number): Promise<LayerNorm>;
  linear(name: string, from: number, to: number, kernel?: number): Promise<Linear>;
  selfAttention(name: string, width: number): Promise<SelfAttention>;
  crossAttention(name: string, width: number): Promise<CrossAttention>;
  feedForward(name: string, width: number): Promise<FeedForward>;
}

function createReader(file: WhisperVariables): Reader {
  const reader: Reader = {
    async numbers(name, shape) {
      const found = file.variables.get(name)?.shape ?? rejectModelFile(`the model has no variable "${name}"`);
      if (found.join() !== shape.join()) rejectModelFile(`"${name}" is [${found.join()}], not [${shape.join()}]`);
      return await file.readFloat32(name);
    },
    async norm(name, width) {
      return {
        gamma: await reader.numbers(`${name}/gamma`, [width]),
        beta: await reader.numbers(`${name}/beta`, [width]),
      };
    },
    async linear(name, from, to, kernel) {
      const shape = kernel === undefined ? [to, from] : [to, from, kernel];
      return {
        weight: await reader.numbers(`${name}/weight`, shape),
        bias: await reader.numbers(`${name}/bias`, [to]),
        from,
        to,
      };
    },
    async selfAttention(name, width) {
      return {
        norm: await reader.norm(`${name}/layer_norm`, width),
        queryKeyValue: await reader.linear(`${name}/linear_0`, width, 3 * width),
        out: await reader.linear(`${name}/linear_1`, width, width),
      };
    },
    async crossAttention(name, width) {
      return {
        norm: await reader.norm(`${name}/layer_norm`, width),
        query: await reader.linear(`${name}/linear_0`, width, width),
        out: await reader.linear(`${name}/linear_2`, width, width),
      };
    },
    async feedForward(name, width) {
      return {
        norm: await reader.norm(`${name}/layer_norm`, width),
        widen: await reader.linear(`${name}/linear_0`, width, 4 * width),
        narrow: await reader.linear(`${name}/linear_1`, 4 * width, width),
      };
    },
  };
  return reader;
}
