/** The network that hears chords: McFee and Bello, Structured training for large-vocabulary chord recognition, ISMIR 2017. */
import type { ModelEntry } from './model-manifest.ts';

const FILE = 'model.h5';
/** Release 0.2.0, where the package's folder is a link to this one. */
const COMMIT = '051c91697fd16856a0a1019cc06ee1f11fb52c5f';
const PATH = `training/chords/resources/${FILE}`;
const PATH_IN_PACKAGE = `crema/models/chord/${FILE}`;

export const CREMA_CHORDS = 'crema-chords';

export const CHORD_MODELS: readonly ModelEntry[] = [
  {
    id: CREMA_CHORDS,
    task: 'chords',
    files: [
      {
        name: FILE,
        bytes: 6_441_860,
        sha256: '08b80e5b648e743c89284e9bc0b12b993dad1129157a75e0de70e076b0b8a235',
      },
    ],
    sources: [
      { kind: 'urls', files: { [FILE]: `https://raw.githubusercontent.com/bmcfee/crema/${COMMIT}/${PATH}` } },
      { kind: 'python-package', name: 'crema', version: '0.2.0', files: { [FILE]: PATH_IN_PACKAGE } },
    ],
    compile: { compiler: 'crema', variant: { heads: ['chord_tag', 'chord_bass'] } },
    io: [
      {
        inputs: [{ name: 'spectrum', shape: [1, 2, 1, 216] }],
        outputs: [
          { name: 'chord_tag', shape: [1, 170] },
          { name: 'chord_bass', shape: [1, 13] },
        ],
      },
    ],
    licence: {
      code: 'BSD-2-Clause (its package index says ISC)',
      weights: 'as the code: in the repository and the package that it licenses',
      commercial: 'yes',
      evidence: 'bmcfee/crema LICENSE.md; the file lies beside the code in both',
    },
    verified: 'publisher',
  },
];
