/** Every model that Woodshed knows how to get. */
import { BEAT_MODELS } from './manifest/beat-models.ts';
import { CHORD_MODELS } from './manifest/chord-models.ts';
import { MDX_MODELS } from './manifest/mdx-models.ts';
import type { ModelEntry } from './manifest/model-manifest.ts';
import { NOTE_MODELS } from './manifest/note-models.ts';
import { ONNX_MODELS } from './manifest/onnx-models.ts';
import { SPLEETER_MODELS } from './manifest/spleeter-models.ts';
import { STYLE_MODELS } from './manifest/style-models.ts';
import { WHISPER_MODELS } from './manifest/whisper-models.ts';

export const MODELS: ReadonlyMap<string, ModelEntry> = new Map(
  [
    ...SPLEETER_MODELS,
    ...MDX_MODELS,
    ...ONNX_MODELS,
    ...NOTE_MODELS,
    ...BEAT_MODELS,
    ...WHISPER_MODELS,
    ...CHORD_MODELS,
    ...STYLE_MODELS,
  ].map((entry) => [entry.id, entry]),
);
