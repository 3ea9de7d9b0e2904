/** Whisper's two networks, opened. */
import { readFile } from 'node:fs/promises';
import { Tensor } from 'onnxruntime-node';
import type { EnsuredModel } from '../models/model-store.ts';
import type { Device } from '../models/separator.ts';
import { createModelSession } from '../models/session.ts';
import { MEL_BANDS } from './log-mel.ts';
import { readVocabulary } from './vocabulary.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Of 10 ms each: what the encoder hears at once. */
export const WINDOW_FRAMES = 3000;
/** The encoder gives one for two of the mel spectrogram. */
export const FRAMES_PER_SOUND = 2;
/** The decoder can hold so many tokens at once, those before the text included. */
export const MOST_TOKENS = 448;
/** Low enough that its exponential is 0, and finite, so that sums of two stay numbers. */
const MASKED = -1e9;

/** A window as the encoder heard it. */
export interface Sound {
  readonly keys: Tensor;
  readonly values: Tensor;
}

/** What tokens that were read left in the decoder. */
export interface ReadTexts {
  readonly keys: Tensor;
  readonly values: Tensor;
  /** Tokens of each text. */
  readonly length: number;
}

export interface DecoderCall {
  /** Equally many tokens of each text. */
  readonly texts: readonly (readonly number[])[];
  /** What was read before, and which of those texts each of these continues. */
  readonly after: { readonly read: ReadTexts; readonly parents: readonly number[] } | null;
  /** The logits after which tokens are wanted: each text's last one, or all. */
  readonly wanted: 'last' | 'all';
}

export interface DecoderAnswer {
  /** As many rows as tokens were wanted, of the vocabulary's size each; the caller may change them. */
  readonly logits: Float32Array;
  readonly read: ReadTexts;
  /** Of each alignment head, for each token, over the window: scores before the softmax. */
  readonly alignment: Tensor;
}

/** Runs on the calling thread, which it blocks for up to a second a call. */
export interface Whisper {
  readonly vocabulary: Vocabulary;
  /** @param mel 80 bands of {@link WINDOW_FRAMES} frames. */
  hear(mel: Float32Array): Promise<Sound>;
  read(sound: Sound, call: DecoderCall): Promise<DecoderAnswer>;
  close(): Promise<void>;
}

/** As the model store gave them. */
export type WhisperFiles = Pick<EnsuredModel, 'onnxPaths' | 'companionPaths'>;

/** The caller closes it. */
export async function openWhisper(
  model: WhisperFiles,
  options: { readonly device: Device; readonly threads: number },
): Promise<Whisper> {
  const [encoderPath = '', decoderPath = ''] = model.onnxPaths;
  const [vocabularyPath = ''] = Object.values(model.companionPaths);
  const vocabulary = readVocabulary(await readFile(vocabularyPath, 'utf8'));
  const encoder = await createModelSession(encoderPath, options);
  const decoder = await createModelSession(decoderPath, options);
  return {
    vocabulary,
    async hear(mel) {
      const heard = await encoder.run({ mel: new Tensor('float32', mel, [1, MEL_BANDS, WINDOW_FRAMES]) });
      return { keys: heard['cross_keys']!, values: heard['cross_values']! };
    },
    async read(sound, { texts, after, wanted }) {
      const added = texts[0]!.length;
      const start = after?.read.length ?? 0;
      const past = after?.read ?? nothingRead(sound);
      const rows = wanted === 'all' ? range(0, texts.length * added) : texts.map((_, text) => (text + 1) * added - 1);
      const answer = await decoder.run({
        tokens: integers(texts.flat(), [texts.length, added]),
        positions: integers(range(start, start + added)),
        mask: causalMask(start, added),
        past_keys: past.keys,
        past_values: past.values,
        parents: integers(after?.parents ?? texts.map(() => 0)),
        cross_keys: sound.keys,
        cross_values: sound.values,
        wanted: integers(rows),
      });
      return {
        logits: answer['logits']!.data as Float32Array,
        read: { keys: answer['keys']!, values: answer['values']!, length: start + added },
        alignment: answer['alignment']!,
      };
    },
    async close() {
      await encoder.release();
      await decoder.release();
    },
  };
}

function nothingRead(sound: Sound): ReadTexts {
  const [layers = 0, heads = 0, headWidth = 0] = sound.keys.dims;
  const empty = new Float32Array(0);
  return {
    keys: new Tensor('float32', empty, [layers, 1, heads, headWidth, 0]),
    values: new Tensor('float32', empty, [layers, 1, heads, 0, headWidth]),
    length: 0,
  };
}

/** Each new token sees all before it and itself. */
function causalMask(start: number, added: number): Tensor {
  const all = start + added;
  const mask = new Float32Array(added * all);
  for (let row = 0; row < added; row++) mask.fill(MASKED, row * all + start + row + 1, (row + 1) * all);
  return new Tensor('float32', mask, [added, all]);
}

function integers(values: readonly number[], dims: readonly number[] = [values.length]): Tensor {
  return new Tensor('int64', BigInt64Array.from(values, BigInt), dims);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
