/** Networks that hear beats: Foscarin, Schlüter and Widmer, Beat This! Accurate Beat Tracking Without DBN Postprocessing, ISMIR 2024. */
import type { GraphContract } from '../onnx/graph-contract.ts';
import type { ModelEntry, ModelLicence } from './model-manifest.ts';

export const BEAT_THIS_SMALL = 'beat-this-small';
export const BEAT_THIS = 'beat-this';

const REPOSITORY = 'danigb/beat-this-rs';
/** Of the repository's release 1.0.0, and an earlier one with the same file. */
const COMMITS = ['089b509247e6fdcec666511c0dcf0d5f39c21e73', '1ae768e78f1ad83b0ed3886241dc29ffde853c40'];
const SMALL_FILE = 'beat_this_small.onnx';
const LARGE_FILE = 'beat_this.onnx';

/** Of a whole chunk; the graphs leave the number of frames open. */
const CONTRACT: GraphContract = {
  inputs: [{ name: 'spectrogram', shape: [1, 1500, 128] }],
  outputs: [
    { name: 'beat', shape: [1, 1500] },
    { name: 'downbeat', shape: [1, 1500] },
  ],
};

const LICENCE: ModelLicence = {
  code: 'MIT',
  weights: 'MIT (exported into a repository under MIT; the original has checkpoints beside MIT code and says no more)',
  commercial: 'yes',
  evidence: `CPJKU/beat_this LICENSE; ${REPOSITORY} LICENSE, which keeps both notices`,
};

export const BEAT_MODELS: readonly ModelEntry[] = [
  {
    id: BEAT_THIS_SMALL,
    task: 'beats',
    files: [
      {
        name: SMALL_FILE,
        bytes: 10_555_592,
        sha256: 'a5f8d39d989f31859454ba27afe61c5317ca95e4d9373e6853e5361b8937172f',
      },
    ],
    sources: COMMITS.map((commit) => ({
      kind: 'urls',
      files: { [SMALL_FILE]: `https://raw.githubusercontent.com/${REPOSITORY}/${commit}/models/${SMALL_FILE}` },
    })),
    compile: null,
    io: [CONTRACT],
    licence: LICENCE,
    verified: 'third-party',
  },
  {
    id: BEAT_THIS,
    task: 'beats',
    files: [
      {
        name: LARGE_FILE,
        bytes: 83_162_650,
        sha256: '5f810debe53459b559127fb55bbad40035bb47cc567b20e501670f968c770f02',
      },
    ],
    sources: [
      {
        kind: 'urls',
        files: { [LARGE_FILE]: `https://github.com/${REPOSITORY}/releases/download/model-large/${LARGE_FILE}` },
      },
    ],
    compile: null,
    io: [CONTRACT],
    licence: LICENCE,
    verified: 'third-party',
  },
];
