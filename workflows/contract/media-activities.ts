import type { DecodedRecording, ProbedSource, StoredBlob, StoredSource } from './recording.ts';
import type { Encoding, Preview, ResultFile } from './delivery.ts';
import type { MadeRendering } from './rendering.ts';
import type { StemFormat } from './request.ts';
import type { ChartOptions, ChartSummary } from './chart.ts';
import type { LyricsSummary } from './lyrics.ts';
import type { TabPlan, WrittenFiles } from './sheets.ts';
import type { FinishedStem } from './stems.ts';
import type { TabSummary } from './tab.ts';

/** Queue `media`: everything that runs ffmpeg or ffprobe. */
export interface MediaActivities {
  /** Refuses what is not audio, too long, too large or damaged, before anything is decoded. */
  probeSource(input: { readonly jobId: string; readonly source: StoredSource }): Promise<ProbedSource>;
  decodeRecording(input: {
    readonly jobId: string;
    readonly source: StoredSource;
    readonly probed: ProbedSource;
  }): Promise<DecodedRecording>;
  /** Encodes each stem, and gathers the waveform pictures. Cached by content and encoding. */
  encodeStems(input: {
    readonly jobId: string;
    readonly stems: readonly FinishedStem[];
    readonly encoding: Encoding;
  }): Promise<readonly ResultFile[]>;
  /** The loudest 20 s of a stem (all of a shorter one), for a voice message. Cached by content. */
  makePreview(input: { readonly jobId: string; readonly stem: FinishedStem }): Promise<Preview>;
  /** What the mixer's page plays. A residual that nobody would hear is left out. Each stem is cut once for all who pack it. */
  packPlayer(input: {
    readonly renderingId: string;
    /** The residual is the last. */
    readonly stems: readonly FinishedStem[];
  }): Promise<MadeRendering>;
  /** Adds the stems up and encodes the sum. Cached by content, levels and format. */
  mixDown(input: {
    readonly renderingId: string;
    readonly stems: readonly FinishedStem[];
    /** By stem, as factors; a stem that is not named is silent. */
    readonly gains: Readonly<Record<string, number>>;
    readonly format: StemFormat;
  }): Promise<MadeRendering>;
}

/** Queue `media` too: writes down what was heard. All are cached by what they are given. */
export interface WriteActivities {
  /** A chart as text, ChordPro and picture; with the song's words in ChordPro where there are any. */
  writeChords(input: {
    readonly jobId: string;
    readonly title: string;
    /** A `SongAnalysis` as JSON. */
    readonly analysis: StoredBlob;
    /** A `SongLyrics` as JSON. */
    readonly lyrics: StoredBlob | null;
    readonly options: ChartOptions;
  }): Promise<WrittenFiles<ChartSummary>>;
  /** LRC, SRT, plain text and JSON. */
  writeLyrics(input: {
    readonly jobId: string;
    readonly title: string;
    readonly durationSeconds: number;
    readonly heard: StoredBlob;
  }): Promise<WrittenFiles<LyricsSummary>>;
  /** MIDI, ASCII, MusicXML, alphaTex, Guitar Pro, a picture, a preview and JSON; JSON alone where there is nothing to play. */
  writeTab(input: {
    readonly jobId: string;
    readonly title: string;
    readonly analysis: StoredBlob;
    readonly heard: StoredBlob;
    readonly plan: Pick<TabPlan, 'part' | 'level' | 'instrument'>;
    readonly alone: boolean;
  }): Promise<WrittenFiles<TabSummary>>;
}
