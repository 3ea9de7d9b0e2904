import type { Encoding } from './contract/delivery.ts';
import type { PcmBlob } from './contract/recording.ts';
import type { StemFormat } from './contract/request.ts';

/** A stem's size and sound, as far as they decide how many bytes an encoding of it takes. */
export type SoundShape = Pick<PcmBlob, 'rateHz' | 'channels' | 'samples'>;

const WAV: Encoding = { format: 'wav', kbps: null };
const FLAC: Encoding = { format: 'flac', kbps: null };
const MP3 = [320, 192, 128].map((kbps): Encoding => ({ format: 'mp3', kbps }));
const OPUS = [160, 96, 64].map((kbps): Encoding => ({ format: 'opus', kbps }));

/** From the preferred encoding down to the smallest that is still worth hearing. */
const RUNGS: Readonly<Record<StemFormat, readonly [Encoding, ...Encoding[]]>> = {
  wav: [WAV, FLAC, ...MP3],
  flac: [FLAC, ...MP3],
  mp3: MP3 as [Encoding, ...Encoding[]],
  opus: OPUS as [Encoding, ...Encoding[]],
};

/** 24-bit FLAC of a song hardly gets below this: the last bits are noise, and noise cannot be packed. */
const FLAC_BITS_PER_SAMPLE = 8;
/** Variable bit rate keeps its promise over a whole song only about. */
const OPUS_LEAST_SHARE = 0.5;

/** What a format is without any limit. */
export function bestEncoding(format: StemFormat): Encoding {
  return RUNGS[format][0];
}

/**
 * Encodings worth trying where a file may have `limitBytes` (null: any size), best first: the preferred one and smaller ones, without
 * those in which such a sound surely does not fit. Empty where none fits: then there are only links.
 */
export function ladder(preferred: StemFormat, shape: SoundShape, limitBytes: number | null): readonly Encoding[] {
  return RUNGS[preferred].filter((encoding) => limitBytes === null || leastBytes(encoding, shape) <= limitBytes);
}

/** A lower bound of what an encoding takes. */
export function leastBytes({ format, kbps }: Encoding, { rateHz, channels, samples }: SoundShape): number {
  const seconds = samples / rateHz;
  switch (format) {
    case 'wav':
      return samples * channels * 4;
    case 'flac':
      return (samples * channels * FLAC_BITS_PER_SAMPLE) / 8;
    case 'mp3':
      return (seconds * Math.min(mostMp3Kbps(rateHz), share(kbps, Math.min(channels, 2))) * 1000) / 8;
    case 'opus':
      return (seconds * share(kbps, channels) * OPUS_LEAST_SHARE * 1000) / 8;
  }
}

/** Bit rates are given for two channels. */
function share(kbps: number | null, channels: number): number {
  return ((kbps ?? 0) * channels) / 2;
}

/** MPEG-2 and 2.5, of lower rates, end at lower bit rates. */
function mostMp3Kbps(rateHz: number): number {
  return rateHz <= 12_000 ? 64 : rateHz <= 24_000 ? 160 : 320;
}
