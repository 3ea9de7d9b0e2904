/** The network that hears styles: Pons and Serra, musicnn: pre-trained convolutional neural networks for music audio tagging, ISMIR 2019 (late-breaking). */
import type { ModelEntry } from './model-manifest.ts';

const INDEX = 'model.index';
const DATA = 'model.data-00000-of-00001';
/** Trained on the Million Song Dataset with the 50 tags that listeners gave most often. */
const FOLDER = 'musicnn/MSD_musicnn';
const INDEX_PATH = `${FOLDER}/.index`;
const DATA_PATH = `${FOLDER}/.data-00000-of-00001`;
/** The repository's last commit. */
const RAW = 'https://raw.githubusercontent.com/jordipons/musicnn/516acb2a0ff5ef73f64547898e018e793152c506';

export const MUSICNN_MSD = 'musicnn-msd';

export const STYLE_MODELS: readonly ModelEntry[] = [
  {
    id: MUSICNN_MSD,
    task: 'style',
    files: [
      {
        name: DATA,
        bytes: 9_465_596,
        sha256: '8579734ee6388f799ed0def4bbd0d1fdcbeaf213ef2a9dc860917bd76a303de6',
      },
      {
        name: INDEX,
        bytes: 4948,
        sha256: '87f3e0f3550c8d3bafc840374003e5c8af5eeb5ecf6add61af09a7822d3282c8',
      },
    ],
    sources: [
      { kind: 'urls', files: { [DATA]: `${RAW}/${DATA_PATH}`, [INDEX]: `${RAW}/${INDEX_PATH}` } },
      {
        kind: 'python-package',
        name: 'musicnn',
        version: '0.1.0',
        files: { [DATA]: DATA_PATH, [INDEX]: INDEX_PATH },
      },
    ],
    compile: { compiler: 'musicnn', variant: { frames: 187, bands: 96 } },
    io: [{ inputs: [{ name: 'spectrogram', shape: [1, 187, 96] }], outputs: [{ name: 'tags', shape: [1, 50] }] }],
    licence: {
      code: 'ISC',
      weights: 'as the code: in the repository and the package that it licenses',
      commercial: 'yes',
      evidence: 'jordipons/musicnn LICENSE.md; the files lie beside the code in both',
    },
    verified: 'publisher',
  },
];
