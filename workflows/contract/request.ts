import type { FactChanges } from './analysis.ts';
import type { ChartOptions } from './chart.ts';
import type { TabWish } from './tab.ts';

export const PLATFORMS = ['console', 'discord', 'slack', 'telegram'] as const;
export type Platform = (typeof PLATFORMS)[number];

export const QUALITIES = ['fast', 'best'] as const;
/** `fast` is the original algorithm exactly; `best` spends more time on a better result. */
export type Quality = (typeof QUALITIES)[number];

export const STEM_FORMATS = ['wav', 'flac', 'opus', 'mp3'] as const;
/** `wav` is 32-bit float, `flac` 24-bit. */
export type StemFormat = (typeof STEM_FORMATS)[number];

/** Where Woodshed posts. On the console a thread is the folder that results are delivered into. */
export interface ChatAddress {
  readonly platform: Platform;
  readonly botId: string;
  readonly chatId: string;
  readonly threadId: string | null;
}

export interface Requester {
  readonly platform: Platform;
  readonly userId: string;
  readonly displayName: string;
}

export type SourceReference =
  /** `reference` means something only to the platform's own process (a path, a file id). */
  | {
      readonly kind: 'attachment';
      readonly reference: string;
      readonly name: string;
      readonly declaredBytes: number | null;
    }
  | { readonly kind: 'link'; readonly url: string }
  /** A blob that came by the web. */
  | {
      readonly kind: 'uploaded';
      readonly key: string;
      readonly bytes: number;
      readonly sha256: string;
      readonly name: string;
    }
  /** What an earlier job of the same band was given, while it is kept: a retry. */
  | { readonly kind: 'earlier'; readonly jobId: string; readonly name: string };

/** Which of the strategy's stems are wanted. */
export type StemPick =
  /** Each in a file of its own, and the residual. */
  | { readonly kind: 'all' }
  /** One file: the sum of the named stems. */
  | { readonly kind: 'want'; readonly stems: readonly string[] }
  /** One file: everything but the named stems, residual included. */
  | { readonly kind: 'minus'; readonly stems: readonly string[] };

export interface SplitCommand {
  readonly kind: 'split';
  readonly source: SourceReference;
  readonly strategy: string;
  readonly quality: Quality;
  /** Preferred; a chat that cannot carry it gets a smaller one. */
  readonly format: StemFormat;
  readonly pick: StemPick;
}

export interface AnalyzeCommand {
  readonly kind: 'analyze';
  readonly source: SourceReference;
  /** What whoever asked knows better; kept with the song. */
  readonly facts: FactChanges;
}

export interface ChordsCommand {
  readonly kind: 'chords';
  readonly source: SourceReference;
  readonly facts: FactChanges;
  readonly options: ChartOptions;
}

export interface LyricsCommand {
  readonly kind: 'lyrics';
  readonly source: SourceReference;
  /** The singer's own words, {@link LONGEST_LYRICS} characters at most; null: the words are heard. */
  readonly given: string | null;
}
export const LONGEST_LYRICS = 10_000;

export interface TabCommand {
  readonly kind: 'tab';
  readonly source: SourceReference;
  readonly facts: FactChanges;
  readonly wish: TabWish;
}

export type SheetCommand = AnalyzeCommand | ChordsCommand | LyricsCommand | TabCommand;

/** Commands that become jobs: stems of a song, or a sheet, which is something written down of it. Later capabilities add members. */
export type JobCommand = SplitCommand | SheetCommand;

/** Takes a network over the whole song, and not seconds: of these a member has a share. */
export function isHeavy({ kind }: Pick<JobCommand, 'kind'>): boolean {
  return kind === 'split' || kind === 'lyrics' || kind === 'tab';
}

type WithoutSource<Command> = Command extends JobCommand ? Omit<Command, 'source'> : never;

/** What is to be done, without with what. */
export type JobOrder = WithoutSource<JobCommand>;

export function ordered(order: JobOrder, source: SourceReference): JobCommand {
  return { ...order, source };
}

/** A chat event that has been accepted into the ledger. */
export interface JobRequest<Command extends JobCommand = JobCommand> {
  readonly inboundEventId: string;
  readonly address: ChatAddress;
  readonly requester: Requester;
  readonly command: Command;
  /** The platform's own identity of the press that asked for it, where an offer was pressed. */
  readonly pressKey?: string;
}
