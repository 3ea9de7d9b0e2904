import type { FactChanges } from '../../workflows/contract/analysis.ts';
import type { BandSettings } from '../../workflows/contract/band.ts';
import type { ChartOptions } from '../../workflows/contract/chart.ts';
import type { FailureReport } from '../../workflows/contract/failure.ts';
import type { Quality, StemFormat, StemPick } from '../../workflows/contract/request.ts';
import { NO_TAB_PREFERENCES } from '../../workflows/contract/tab.ts';
import type { TabPreferences, TabWish } from '../../workflows/contract/tab.ts';
import type { MessageActionVerb } from './command-table.ts';

/** What was said of a split; null and `all` leave it to the band's settings. */
export interface SplitOptions {
  readonly strategy: string | null;
  readonly quality: Quality | null;
  readonly format: StemFormat | null;
  readonly pick: StemPick;
}

/** What a request gets that says nothing, where its band says nothing either. */
export interface SplitDefaults {
  readonly strategy: string;
  readonly quality: Quality;
  readonly format: StemFormat;
}

export type ChatCommand =
  | {
      readonly kind: 'split';
      /** A link, the code of an earlier job, or what the platform makes of it; null where none was typed. */
      readonly target: string | null;
      readonly options: SplitOptions;
      /** A folder, on the console. */
      readonly out: string | null;
    }
  | {
      readonly kind: 'analyze';
      /** As of a split. */
      readonly target: string | null;
      readonly facts: FactChanges;
      readonly out: string | null;
    }
  | {
      readonly kind: 'chords';
      readonly target: string | null;
      readonly facts: FactChanges;
      readonly options: ChartOptions;
      readonly out: string | null;
    }
  | {
      readonly kind: 'lyrics';
      readonly target: string | null;
      /** The singer's own words; on the console the path of a file, until that is read. Null: they are heard. */
      readonly given: string | null;
      readonly out: string | null;
    }
  | {
      readonly kind: 'tab';
      readonly target: string | null;
      readonly facts: FactChanges;
      readonly wish: TabWish;
      readonly out: string | null;
    }
  | { readonly kind: 'jobs' }
  /** Without a code: the newest job that is not over. */
  | { readonly kind: 'cancel'; readonly code: string | null }
  /** Without a code: the newest job that ended without a result. */
  | {
      readonly kind: 'retry';
      readonly code: string | null;
      readonly quality: Quality | null;
      readonly format: StemFormat | null;
    }
  | { readonly kind: 'help' }
  | { readonly kind: 'band-create'; readonly name: string | null }
  | { readonly kind: 'band-code' }
  | { readonly kind: 'band-join'; readonly code: string }
  | { readonly kind: 'band-leave' }
  /** Without a code: a page to sign in on; with one: what that page showed. */
  | { readonly kind: 'link'; readonly code: string | null }
  | { readonly kind: 'unlink' }
  /** Without changes: shows them. */
  | {
      readonly kind: 'settings';
      readonly changes: Partial<BandSettings>;
      /** What the band usually plays on. */
      readonly tab: Partial<TabPreferences>;
    }
  /** What whoever says it usually plays on. Without changes: shows it. */
  | { readonly kind: 'mine'; readonly tab: Partial<TabPreferences> }
  | { readonly kind: 'status' };

export type ReadCommand = { readonly command: ChatCommand } | { readonly failure: FailureReport };

/** A split that says nothing: a dropped file, a message's menu. */
export const PLAIN_SPLIT = {
  kind: 'split',
  target: null,
  options: { strategy: null, quality: null, format: null, pick: { kind: 'all' } },
  out: null,
} as const satisfies ChatCommand;

/** Commands that take a song. */
export type SongCommand = Extract<ChatCommand, { readonly target: string | null }>;

/** What a message's menu, or a button below an offered song, asks for. */
export const PLAIN_COMMANDS: { readonly [V in MessageActionVerb]: Extract<SongCommand, { readonly kind: V }> } = {
  split: PLAIN_SPLIT,
  analyze: { kind: 'analyze', target: null, facts: {}, out: null },
  chords: {
    kind: 'chords',
    target: null,
    facts: {},
    options: { capo: null, transpose: 0, detail: 'simple' },
    out: null,
  },
  lyrics: { kind: 'lyrics', target: null, given: null, out: null },
  tab: {
    kind: 'tab',
    target: null,
    facts: {},
    wish: { ...NO_TAB_PREFERENCES, part: 'guitar', alone: null },
    out: null,
  },
};
