/** Bytes in the blob store. */
export interface StoredBlob {
  readonly key: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** A musician's upload as it arrived, kept for 24 hours. */
export interface StoredSource extends StoredBlob {
  /** For display only, already cut to 80 characters and free of control characters. */
  readonly title: string;
}

export interface ProbedSource {
  /** The ffmpeg demuxer that reads it, e.g. `mp3`, `wav`, `flac`, `ogg`, `mov`. */
  readonly demuxer: string;
  readonly codec: string;
  readonly streamIndex: number;
  /** As the container claims; null where it makes no claim. The decoder's own count decides. */
  readonly claimedSeconds: number | null;
  readonly rateHz: number;
  readonly channels: number;
}

/** Float32 little-endian WAV in the blob store. */
export interface PcmBlob extends StoredBlob {
  readonly rateHz: number;
  readonly channels: number;
  /** Samples per channel. */
  readonly samples: number;
}

export interface DecodedRecording {
  /** Of the uploaded bytes; the recording's identity. */
  readonly sha256: string;
  readonly title: string;
  readonly durationSeconds: number;
  /** Canonical PCM: the recording's own rate and channels, every sample a multiple of 2^-23. */
  readonly canonical: PcmBlob;
  /** 44.1 kHz with an even number of channels (mono doubled): what separators work on. The same blob where it fits. */
  readonly working: PcmBlob;
}
