import { ApplicationFailure } from '@temporalio/common';
import type { ChatActivities } from './contract/chat-activities.ts';
import type { ComputeActivities, ListenActivities } from './contract/compute-activities.ts';
import type { ControlActivities } from './contract/control-activities.ts';
import type { ResultFile, ResultParcel } from './contract/delivery.ts';
import type { JobOutcome } from './contract/job.ts';
import type { MediaActivities, WriteActivities } from './contract/media-activities.ts';
import type { PcmBlob, StoredBlob } from './contract/recording.ts';
import type { AnalysisSummary, MadeAnalysis, SheetResult } from './contract/sheets.ts';
import type { DeliveredFile, FinishedStem, FinishedStems, SeparationPlan, StrategyNode } from './contract/stems.ts';

export interface FakeWorld {
  readonly activities: ControlActivities &
    MediaActivities &
    WriteActivities &
    ComputeActivities &
    ListenActivities &
    ChatActivities;
  /** Names of activities in the order in which they were called. */
  readonly calls: string[];
  readonly delivered: JobOutcome[];
  /** What was to be shown, in which place; those that were refused as well. */
  readonly parcels: { readonly surfaceId: string; readonly parcel: ResultParcel }[];
  readonly ended: JobOutcome[];
}

const BLOB: StoredBlob = { key: 'x', bytes: 1, sha256: 'aa' };

export function pcm(key: string): PcmBlob {
  return { key, bytes: 8, sha256: key, rateHz: 44_100, channels: 2, samples: 44_100 };
}

export function stem(name: string, blob: PcmBlob): FinishedStem {
  return { name, pcm: blob, loudnessLufs: -20, peakDbtp: -3, gainDb: 2, waveform: BLOB };
}

export function finishedOf(
  stems: readonly { readonly name: string; readonly pcm: PcmBlob }[],
  nullDepthDb: number | null = null,
): FinishedStems {
  return {
    stems: stems.map(({ name, pcm: blob }) => stem(name, blob)),
    residual: stem('residual', pcm('rest')),
    nullDepthDb,
  };
}

export function planOf(tree: StrategyNode): SeparationPlan {
  return { strategy: 'test', quality: 'fast', tree, planKey: 'key', heartbeatSeconds: 1 };
}

export function soundFile(name: string, format: string, bytes: number, durationSeconds = 1): ResultFile {
  return { name, fileName: `${name}.${format}`, blob: { ...BLOB, bytes }, kind: 'sound', durationSeconds };
}

const SILENCE: AnalysisSummary = {
  durationSeconds: 1,
  rhythm: null,
  key: null,
  chords: [],
  sections: [],
  tuningCents: null,
  loudnessLufs: null,
  peakDbtp: null,
  loudnessRangeLu: null,
  genre: null,
  mood: null,
};
export const MADE_ANALYSIS: MadeAnalysis = { summary: SILENCE, blobs: { analysis: BLOB, picture: BLOB } };

/** For requests of an analysis. */
export function createSheetWorld(overrides: Partial<FakeWorld['activities']> = {}): FakeWorld {
  const plan = { kind: 'analysis', version: 1 } as const;
  return createFakeWorld(planOf({ separator: 's', outputs: {} }), {
    openJob: async () => ({ jobId: 'job', surfaceId: 'origin', mirrors: [], plan, link: null }),
    ...overrides,
  });
}

function sheetFile(fileName: string): DeliveredFile {
  return { name: 'sheet', fileName, blob: BLOB };
}

/** Activities that compute nothing but keep the contract, and a log of what was asked of them. Overrides replace single ones. */
export function createFakeWorld(plan: SeparationPlan, overrides: Partial<FakeWorld['activities']> = {}): FakeWorld {
  const calls: string[] = [];
  const delivered: JobOutcome[] = [];
  const parcels: FakeWorld['parcels'] = [];
  const ended: JobOutcome[] = [];
  const activities: FakeWorld['activities'] = {
    async openJob() {
      return { jobId: 'job', surfaceId: 'origin', mirrors: [], plan, link: null };
    },
    async awaitLink() {
      return { isLinked: false };
    },
    async fetchLink() {
      return { ...BLOB, title: 'link' };
    },
    async takeUpload({ source: { name } }) {
      return { ...BLOB, title: name };
    },
    async reuseSource() {
      return { ...BLOB, title: 'earlier' };
    },
    async reserveAudio() {
      return undefined;
    },
    async makeLinks({ files }) {
      return files.map(({ fileName, blob }) => ({
        fileName,
        url: `https://example.org/d/${fileName}`,
        bytes: blob.bytes,
        expiresAt: '2030-01-01T00:00:00.000Z',
      }));
    },
    async learnSurface() {
      return undefined;
    },
    async findEarlier() {
      return null;
    },
    async saveRecording() {
      return undefined;
    },
    async saveResult({ recording, finished, mixed, pick, files, format }) {
      return {
        recording: { sha256: recording.sha256, durationSeconds: recording.durationSeconds, title: recording.title },
        strategy: plan.strategy,
        quality: plan.quality,
        format,
        finished,
        pick,
        mixed,
        files: [...files, { name: 'metadata', fileName: 'metadata.json', blob: BLOB }],
        seconds: 1,
      };
    },
    async findSong() {
      return null;
    },
    async openAnalysis() {
      return { facts: {}, earlier: null };
    },
    async saveAnalysis({ recording, facts, made }) {
      const { sha256, durationSeconds, title } = recording;
      return {
        kind: 'analysis',
        recording: { sha256, durationSeconds, title },
        facts,
        summary: made.summary,
        files: [
          { name: 'analysis', fileName: 'analysis.png', blob: made.blobs.picture },
          { name: 'analysis', fileName: 'analysis.json', blob: made.blobs.analysis },
        ],
        seconds: 1,
      };
    },
    async findLyrics() {
      return null;
    },
    async saveSheet({ recording, facts, written: { kind, made } }) {
      const { sha256, durationSeconds, title } = recording;
      const { summary, files } = made;
      return { kind, recording: { sha256, durationSeconds, title }, facts, summary, files, seconds: 1 } as SheetResult;
    },
    async hearWords() {
      return { heard: BLOB };
    },
    async hearNotes() {
      return { heard: BLOB };
    },
    async writeChords({ options: { transpose, detail } }) {
      const summary = {
        key: null,
        playedIn: null,
        capo: 0,
        transpose,
        detail,
        easiestCapo: null,
        sections: [],
        modulations: [],
        opening: '',
      };
      return { summary, files: [sheetFile('chords.png'), sheetFile('chords.json')] };
    },
    async writeLyrics() {
      const summary = { language: 'en', source: 'heard' as const, words: 0, confidence: null, opening: [] };
      return { summary, files: [sheetFile('lyrics.json')] };
    },
    async writeTab({ plan: { part, level, instrument }, alone }) {
      const playability = { largestStretchFrets: 0, shiftsPerBar: 0, impossibleBars: 0, dropped: 0 };
      const summary = { part, level, instrument, notes: 0, confidence: 0, bars: 0, tempoBpm: null, playability, alone };
      return { summary, files: [sheetFile('tab.json')] };
    },
    async endJob({ outcome }) {
      ended.push(outcome);
    },
    async sweepExpired() {
      return { deleted: 0 };
    },
    async openRendering() {
      return { recipe: { kind: 'player' }, stems: [stem('vocals', pcm('vocals')), stem('residual', pcm('rest'))] };
    },
    async saveRendering() {
      return undefined;
    },
    async failRendering() {
      return undefined;
    },
    async packPlayer() {
      return { blob: BLOB, held: [BLOB] };
    },
    async mixDown() {
      return { blob: BLOB, held: [BLOB] };
    },
    async postCard() {
      return { isThere: true, fileLimitBytes: null };
    },
    async collectAttachment() {
      return { ...BLOB, title: 'song' };
    },
    async deliverOutcome({ surfaceId, outcome, parcel }) {
      delivered.push(outcome);
      parcels.push({ surfaceId, parcel });
      return { state: 'delivered' };
    },
    async postExtras() {
      return undefined;
    },
    async postAlbum() {
      return { state: 'settled' };
    },
    async tellInPrivate() {
      return undefined;
    },
    async probeSource() {
      return { demuxer: 'wav', codec: 'pcm_s16le', streamIndex: 0, claimedSeconds: 1, rateHz: 44_100, channels: 2 };
    },
    async decodeRecording() {
      return { sha256: 'aa', title: 'song', durationSeconds: 1, canonical: pcm('mix'), working: pcm('mix') };
    },
    async encodeStems({ stems, encoding }) {
      return stems.flatMap(({ name, pcm: { samples, rateHz } }) => [
        soundFile(name, encoding.format, BLOB.bytes, samples / rateHz),
        { name, fileName: `${name}.png`, blob: BLOB, kind: 'picture' as const, durationSeconds: null },
      ]);
    },
    async makePreview({ stem: { name } }) {
      return {
        file: { name, fileName: `${name}-preview.ogg`, blob: BLOB },
        durationSeconds: 1,
        waveformBase64: 'AAAA',
      };
    },
    async separateNode({ separator, input }) {
      // Every slot any tree of these tests asks for, named after the way here.
      const slots = ['a', 'b', 'c'].map((slot) => [slot, pcm(`${input.key}/${separator}.${slot}`)] as const);
      return { slots: Object.fromEntries(slots) };
    },
    async finishStems({ stems }) {
      return finishedOf(stems, 40);
    },
    async mixStems({ pick }) {
      return stem(`${pick.kind}-${pick.stems.join('+')}`, pcm('mixed'));
    },
    async analyseRecording() {
      return MADE_ANALYSIS;
    },
    ...overrides,
  };
  const logged = Object.fromEntries(
    Object.entries(activities).map(([name, activity]) => [
      name,
      async (input: never) => {
        calls.push(name);
        return await (activity as (input: never) => Promise<unknown>)(input);
      },
    ]),
  ) as unknown as FakeWorld['activities'];
  return { activities: logged, calls, delivered, parcels, ended };
}

/** An unexpected error, as a bug in an activity would be. */
export function bug(): ApplicationFailure {
  return ApplicationFailure.create({ message: 'a bug', type: 'TypeError', nonRetryable: false });
}
