/** SCNet, Demucs and the RoFormers, in ONNX form as others have exported them. */
import type { GraphContract } from '../onnx/graph-contract.ts';
import type { ModelEntry, ModelFile, ModelLicence } from './model-manifest.ts';

/** Pinned to a commit: what lies behind these addresses does not change. */
const UNBLEND = 'https://huggingface.co/Ryan5453/unblend/resolve/eda32466a76dc81c5e66af6577dbc20fb219e959';
const AUDIOJS = 'https://huggingface.co/audiojs';

const SCNET_LICENCE: ModelLicence = {
  code: 'MIT',
  weights: 'MIT, ONNX exports included, with attribution to starrytong/SCNet',
  commercial: 'yes',
  evidence: 'starrytong/SCNet issue 35, where the author says so',
};
const DEMUCS_LICENCE: ModelLicence = {
  code: 'MIT',
  weights: 'for scientific purposes only: trained on MUSDB18 and others',
  commercial: 'no',
  evidence: 'facebookresearch/demucs issue 327 and README',
};
const ROFORMER_LICENCE: ModelLicence = {
  code: 'MIT',
  weights: 'stated as MIT in one place and not at all in another',
  commercial: 'unknown',
  evidence: 'the model cards of the checkpoints and of their exports disagree',
};

export const ONNX_MODELS: readonly ModelEntry[] = [
  {
    ...audiojs('scnet', 'scnet.int8.onnx', 12_900_277, null),
    io: [channelPlanes({ bins: 2049, frames: 476, stems: 4 })],
    licence: SCNET_LICENCE,
    verified: 'none',
  },
  {
    ...audiojs(
      'scnet-large',
      'scnet-large.int8.onnx',
      45_082_486,
      'b2dc586a1e0e6c0afe4915e9057ea29111397b7bbf589edc3d85de91de79cd72',
    ),
    io: [channelPlanes({ bins: 2049, frames: 476, stems: 4 })],
    licence: SCNET_LICENCE,
    verified: 'third-party',
  },
  {
    ...unblend('htdemucs', {
      name: 'htdemucs_fp32.onnx',
      bytes: 168_678_764,
      sha256: 'b067d9ca7f3a93a0c41920a864481dd7a308ce16d20ed144ba41490d5e31a3ce',
    }),
    io: demucs(4),
    licence: DEMUCS_LICENCE,
  },
  {
    ...unblend('htdemucs-6s', {
      name: 'htdemucs_6s_fp32.onnx',
      bytes: 110_395_431,
      sha256: '38ad2757bd1a9aca34ecb68af38106fa75efc6e018a24f62dd1993ec74acf25d',
    }),
    io: demucs(6),
    licence: DEMUCS_LICENCE,
  },
  {
    // The half-precision export: half the download.
    ...unblend('mel-band-roformer-kim', {
      name: 'melband_roformer_kim_fp16.onnx',
      bytes: 477_311_000,
      sha256: '701bb8771efe4488aa7af784f6cecf7b171da5c61e520e353174304f84698156',
    }),
    io: roformer({ bins: 1025, frames: 801, stems: 1 }),
    licence: ROFORMER_LICENCE,
  },
  {
    ...unblend('bs-roformer-sw', {
      name: 'bs_roformer_sw_fp16.onnx',
      bytes: 360_381_798,
      sha256: '06e8d57ec29f99d54039bbdd738416f2f430abe37a48dbfc4b4df45412048996',
    }),
    io: roformer({ bins: 1025, frames: 1151, stems: 6 }),
    licence: ROFORMER_LICENCE,
  },
];

type Download = Pick<ModelEntry, 'id' | 'task' | 'files' | 'sources' | 'compile' | 'verified'>;

function unblend(id: string, file: ModelFile): Download {
  return { ...download(id, file, `${UNBLEND}/${file.name}`), verified: 'publisher' };
}

function audiojs(id: string, name: string, bytes: number, sha256: string | null): Download {
  return { ...download(id, { name, bytes, sha256 }, `${AUDIOJS}/${id}/resolve/main/${name}`), verified: 'third-party' };
}

function download(id: string, file: ModelFile, url: string): Omit<Download, 'verified'> {
  return {
    id,
    task: 'separation',
    files: [file],
    sources: [{ kind: 'urls', files: { [file.name]: url } }],
    compile: null,
  };
}

interface Planes {
  readonly bins: number;
  readonly frames: number;
  readonly stems: number;
}

/** audiojs/neural's exports: real and imaginary planes of both ears as channels, for each stem in turn. */
function channelPlanes({ bins, frames, stems }: Planes): GraphContract {
  return {
    inputs: [{ name: 'mix_spec', shape: [1, 4, bins, frames] }],
    outputs: [{ name: 'stems_spec', shape: [1, 4 * stems, bins, frames] }],
  };
}

/** unblend's exports: real and imaginary spectra apart. */
function roformer(planes: Planes): readonly GraphContract[] {
  const mix = [1, 2, planes.bins, planes.frames];
  const stems = [1, planes.stems, 2, planes.bins, planes.frames];
  const apart: GraphContract = {
    inputs: ['spec_real', 'spec_imag'].map((name) => ({ name, shape: mix })),
    outputs: ['out_spec_real', 'out_spec_imag'].map((name) => ({ name, shape: stems })),
  };
  return [apart, channelPlanes(planes)];
}

/** A spectral and a waveform branch; segments of 343,980 samples. */
function demucs(stems: number): readonly GraphContract[] {
  const plane = [2, 2048, 336];
  const wave = [2, 343_980];
  return [
    {
      inputs: [
        { name: 'spec_real', shape: [1, ...plane] },
        { name: 'spec_imag', shape: [1, ...plane] },
        { name: 'audio', shape: [1, ...wave] },
      ],
      outputs: [
        { name: 'out_spec_real', shape: [1, stems, ...plane] },
        { name: 'out_spec_imag', shape: [1, stems, ...plane] },
        { name: 'out_wave', shape: [1, stems, ...wave] },
      ],
    },
    { inputs: [{ name: 'mix', shape: [1, ...wave] }], outputs: [{ name: 'stems', shape: [1, stems, ...wave] }] },
  ];
}
