/** Compiles Whisper's weights to two ONNX graphs: the encoder, and the decoder. */
import { openCtranslate2File } from '../ctranslate2/ctranslate2-file.ts';
import { rejectModelFile } from '../model-file-error.ts';
import { createOnnxGraph } from '../onnx/onnx-graph.ts';
import { openSafetensorsFile } from '../safetensors/safetensors-file.ts';
import { addWhisperDecoder } from './decoder-graph.ts';
import { addWhisperEncoder } from './encoder-graph.ts';
import { whisperTensors } from './whisper-tensors.ts';
import type { WhisperVariant } from './whisper-variant.ts';
import { readCrossKeyValues, readDecoderWeights, readEncoderWeights, readWhisperSize } from './whisper-weights.ts';

/** Raised whenever the graphs change, so that compiled files in caches are made anew. */
export const WHISPER_COMPILER_VERSION = 1;

/**
 * Yields the encoder's graph, then the decoder's; one at a time, as each is as large as its weights.
 * @param path of OpenAI's `model.safetensors`, or of CTranslate2's `model.bin`.
 * @throws ModelFileError when the file is damaged or no such model.
 */
export async function* compileWhisper(
  path: string,
  variant: WhisperVariant,
): AsyncGenerator<{ readonly name: 'encoder' | 'decoder'; readonly bytes: Uint8Array }> {
  const isSafetensors = path.endsWith('.safetensors');
  const opened = isSafetensors ? await openSafetensorsFile(path) : await openCtranslate2File(path);
  try {
    const file = 'shapes' in opened ? whisperTensors(opened) : opened;
    const size = await readWhisperSize(file);
    for (const [layer, head] of variant.alignmentHeads) {
      if (layer >= size.decoderLayers || head >= size.heads) {
        rejectModelFile(`there is no head ${head} in layer ${layer} of this model`);
      }
    }
    const encoder = createOnnxGraph('whisper-encoder');
    addWhisperEncoder(encoder, await readEncoderWeights(file, size), await readCrossKeyValues(file, size), size);
    yield { name: 'encoder', bytes: encoder.toBytes() };

    const decoder = createOnnxGraph('whisper-decoder');
    addWhisperDecoder(decoder, await readDecoderWeights(file, size), variant, size);
    yield { name: 'decoder', bytes: decoder.toBytes() };
  } finally {
    await opened.close();
  }
}
