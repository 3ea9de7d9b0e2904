/** The network that hears notes: Bittner et al., A Lightweight Instrument-Agnostic Model for Polyphonic Note Transcription, ICASSP 2022. */
import type { ModelEntry } from './model-manifest.ts';

const FILE = 'nmp.onnx';
const PATH = `basic_pitch/saved_models/icassp_2022/${FILE}`;
/** Release 0.4.0. */
const COMMIT = '9991303bba609a3b93089d13ec80d1d495083596';

export const BASIC_PITCH = 'basic-pitch';

export const NOTE_MODELS: readonly ModelEntry[] = [
  {
    id: BASIC_PITCH,
    task: 'notes',
    files: [
      {
        name: FILE,
        bytes: 230_444,
        sha256: '2c3c1d144bfa61ad236e92e169c13535c880469a12a047d4e73451f2c059a0ec',
      },
    ],
    sources: [
      { kind: 'urls', files: { [FILE]: `https://raw.githubusercontent.com/spotify/basic-pitch/${COMMIT}/${PATH}` } },
      { kind: 'python-package', name: 'basic-pitch', version: '0.4.0', files: { [FILE]: PATH } },
    ],
    compile: null,
    io: [
      {
        inputs: [{ name: 'serving_default_input_2:0', shape: [1, 43_844, 1] }],
        outputs: [
          { name: 'StatefulPartitionedCall:0', shape: [1, 172, 264] },
          { name: 'StatefulPartitionedCall:1', shape: [1, 172, 88] },
          { name: 'StatefulPartitionedCall:2', shape: [1, 172, 88] },
        ],
      },
    ],
    licence: {
      code: 'Apache-2.0',
      weights: 'Apache-2.0 (in the repository and the package that it licenses)',
      commercial: 'yes',
      evidence: 'spotify/basic-pitch LICENSE and NOTICE; the file lies beside the code in both',
    },
    verified: 'publisher',
  },
];
