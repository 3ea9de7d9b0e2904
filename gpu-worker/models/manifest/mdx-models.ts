/** MDX-Net models: kuielab's submissions to the Music Demixing Challenge 2021 and two of Ultimate Vocal Remover's. */
import type { ModelEntry, ModelLicence } from './model-manifest.ts';

const RELEASE = 'https://github.com/TRvlvr/model_repo/releases/download/all_public_uvr_models';
const MIRROR = 'https://huggingface.co/Politrees/UVR_resources/resolve/main/models/MDXNet';

const KUIELAB_LICENCE: ModelLicence = {
  code: 'MIT',
  weights: 'MIT (in the repository it licenses)',
  commercial: 'yes',
  evidence: 'kuielab/mdx-net-submission LICENSE; the files lie in its branches leaderboard_A and leaderboard_B',
};
const UVR_LICENCE: ModelLicence = {
  code: 'MIT',
  weights: 'free to use with credit to Ultimate Vocal Remover, in no licence text',
  commercial: 'unknown',
  evidence: 'Anjok07/ultimatevocalremovergui README, section License',
};

interface Row {
  readonly id: string;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  /** [bins, frames] of the graph. */
  readonly size: readonly [number, number];
}

/** Hashes and sizes: the large-file pointers of kuielab/mdx-net-submission; where a pointer's size was not seen, that of its sibling. */
const KUIELAB: readonly Row[] = [
  { id: 'kuielab-a-bass', file: 'kuielab_a_bass.onnx', bytes: 29_703_204, size: [2048, 512], sha256: '0c3e77b9963185b1ea6bb46a4b8924137d9370fc1ccdefec7b1b416ef550dcaa' },
  { id: 'kuielab-a-drums', file: 'kuielab_a_drums.onnx', bytes: 29_703_204, size: [2048, 512], sha256: '40f586b7091934dd6f5563f0cba8f14bad57ce88440da1098bf388ea716c2901' },
  { id: 'kuielab-a-other', file: 'kuielab_a_other.onnx', bytes: 29_703_204, size: [2048, 512], sha256: '7b67a1dcb5f232153528c59960b4c7bf8dc736b8114de360af0e719633f53358' },
  { id: 'kuielab-a-vocals', file: 'kuielab_a_vocals.onnx', bytes: 29_703_204, size: [2048, 512], sha256: 'daba83c2ee1afee9139766ad64c9b6808d6b6f092fff04bed3338be50baac721' },
  { id: 'kuielab-b-bass', file: 'kuielab_b_bass.onnx', bytes: 29_703_204, size: [2048, 256], sha256: 'b4b7080fe501d0bece62076c5d4eda4d6590c5207ed78ec84a57bac0740a061d' },
  { id: 'kuielab-b-drums', file: 'kuielab_b_drums.onnx', bytes: 21_930_313, size: [2048, 128], sha256: 'a6fecee758059b33ed99f6dabba297439b3e7cacfac4b1097bd324aff8052208' },
  { id: 'kuielab-b-other', file: 'kuielab_b_other.onnx', bytes: 29_703_204, size: [2048, 256], sha256: 'b0d0b63950ac332333fea2d58f68c92fd3ab0aae071398c2a8beeae1ad15b655' },
  { id: 'kuielab-b-vocals', file: 'kuielab_b_vocals.onnx', bytes: 29_703_204, size: [2048, 256], sha256: '9b7dcb9d878acb0f3e64ff3fd27750faae96577013f6d50f5996875bf4250713' },
]; // prettier-ignore

const UVR: readonly Row[] = [
  { id: 'uvr-mdx-inst-hq-3', file: 'UVR-MDX-NET-Inst_HQ_3.onnx', bytes: 66_759_214, size: [3072, 256], sha256: '317554b07fe1ea5279a77f2b1520a41ea4b93432560c4ffd08792c30fddf9adc' },
  { id: 'uvr-mdx-voc-ft', file: 'UVR-MDX-NET-Voc_FT.onnx', bytes: 66_762_490, size: [3072, 256], sha256: '534b2070fcc7df514b13ef660dc8cbb328679c2374d04354a5c42bb14ecce111' },
]; // prettier-ignore

export const MDX_MODELS: readonly ModelEntry[] = [
  ...KUIELAB.map((row) => entry(row, KUIELAB_LICENCE, 'publisher')),
  ...UVR.map((row) => entry(row, UVR_LICENCE, 'third-party')),
];

function entry(row: Row, licence: ModelLicence, verified: ModelEntry['verified']): ModelEntry {
  const shape = [1, 4, ...row.size];
  return {
    id: row.id,
    task: 'separation',
    files: [{ name: row.file, bytes: row.bytes, sha256: row.sha256 }],
    sources: [
      { kind: 'urls', files: { [row.file]: `${RELEASE}/${row.file}` } },
      { kind: 'urls', files: { [row.file]: `${MIRROR}/${row.file}` } },
    ],
    compile: null,
    io: [{ inputs: [{ name: 'input', shape }], outputs: [{ name: 'output', shape }] }],
    licence,
    verified,
  };
}
