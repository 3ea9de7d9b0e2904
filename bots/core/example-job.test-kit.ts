import type { AnalysisResult } from '../../workflows/contract/sheets.ts';
import type { SeparationResult } from '../../workflows/contract/stems.ts';
import type { SplitCommand } from '../../workflows/contract/request.ts';
import type { JobView } from '../../workflows/contract/job-view.ts';

/** What {@link exampleJob} was asked for. */
export const EXAMPLE_SPLIT: SplitCommand = {
  kind: 'split',
  source: { kind: 'attachment', reference: '/tmp/song.mp3', name: 'song.mp3', declaredBytes: 1000 },
  strategy: 'vocals',
  quality: 'fast',
  format: 'wav',
  pick: { kind: 'all' },
};

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
      command: EXAMPLE_SPLIT,
    },
    title: 'song.mp3',
    audioSeconds: 180,
    state: 'running',
    stage: 'receive',
    fraction: 0,
    log: [],
    version: 1,
    outcome: null,
    recordingId: null,
    awaitsTurn: false,
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

export function exampleAnalysis(): AnalysisResult {
  const blob = { key: 'analyses/x/picture.png', bytes: 8, sha256: '00' };
  return {
    kind: 'analysis',
    recording: { sha256: 'ab', durationSeconds: 180, title: 'song.mp3' },
    facts: {},
    summary: {
      durationSeconds: 180,
      rhythm: {
        tempoBpm: 120,
        confidence: 0.92,
        slowestBpm: 119.2,
        fastestBpm: 120.7,
        secondBeatSeconds: 0.74,
        timeSignature: { beatsPerBar: 4, beatUnit: 4, confidence: 0.55 },
        swing: 0.5,
      },
      key: { tonic: 'A', mode: 'minor', otherMode: 'dorian', confidence: 0.74 },
      chords: ['A:min7', 'F:maj', 'D:maj/3'],
      sections: [
        { startSeconds: 0, letter: 'A', name: 'intro' },
        { startSeconds: 20.4, letter: 'B', name: null },
        { startSeconds: 65.9, letter: 'A', name: null },
      ],
      tuningCents: 7.9,
      loudnessLufs: -13.2,
      peakDbtp: -0.4,
      loudnessRangeLu: 5,
      genre: { label: 'rock', confidence: 0.4 },
      mood: null,
    },
    files: [
      { name: 'analysis', fileName: 'analysis.png', blob },
      { name: 'analysis', fileName: 'analysis.json', blob: { ...blob, key: 'analysis/job.json' } },
    ],
    seconds: 8.1,
  };
}
