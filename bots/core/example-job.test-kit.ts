import type { SeparationResult } from '../../workflows/contract/stems.ts';
import type { JobView } from '../../workflows/contract/job-view.ts';

/** A job as the database gives it, for tests of what is shown. */
export function exampleJob(changes: Partial<JobView>): JobView {
  return {
    id: '6f1c9a52-0d1c-4c8e-8f0c-0c9a4de1a001',
    code: 'K7QF2M',
    workflowId: 'job-console-local-1',
    bandId: '6f1c9a52-0d1c-4c8e-8f0c-0c9a4de1a003',
    request: {
      inboundEventId: '6f1c9a52-0d1c-4c8e-8f0c-0c9a4de1a002',
      address: { platform: 'console', botId: 'local', chatId: 'terminal', threadId: '/tmp/out' },
      requester: { platform: 'console', userId: '1000', displayName: 'Ana' },
      command: {
        kind: 'split',
        source: { kind: 'attachment', reference: '/tmp/song.mp3', name: 'song.mp3', declaredBytes: 1000 },
        strategy: 'vocals',
        quality: 'fast',
        format: 'wav',
        pick: { kind: 'all' },
      },
    },
    title: 'song.mp3',
    audioSeconds: 180,
    state: 'running',
    stage: 'receive',
    fraction: 0,
    log: [],
    version: 1,
    outcome: null,
    awaitsLink: null,
    createdAt: new Date(),
    startedAt: null,
    endedAt: null,
    ...changes,
  };
}

export function exampleResult(): SeparationResult {
  const blob = { key: 'stems/x/vocals.wav', bytes: 8, sha256: '00' };
  const pcm = { ...blob, rateHz: 44_100, channels: 2, samples: 1 };
  return {
    recording: { sha256: 'ab', durationSeconds: 180, title: 'song.mp3' },
    strategy: 'vocals',
    quality: 'fast',
    format: 'wav',
    finished: {
      stems: [{ name: 'vocals', pcm, loudnessLufs: -18.24, peakDbtp: -3.1, gainDb: 2.1, waveform: blob }],
      residual: { name: 'residual', pcm, loudnessLufs: null, peakDbtp: null, gainDb: null, waveform: blob },
      nullDepthDb: 41,
    },
    pick: { kind: 'all' },
    mixed: null,
    files: [{ name: 'vocals', fileName: 'vocals.wav', blob }],
    seconds: 8.1,
  };
}
