import type { Language } from './job-view.ts';
import type { JobStage, JobState } from './job.ts';

/** What a card shows, before any platform's mark-up. All texts are plain; a port escapes them. */
export interface Card {
  readonly jobId: string;
  readonly code: string;
  /** Rises with every change; a port never shows a lower version after a higher one. */
  readonly version: number;
  readonly state: JobState;
  readonly title: string;
  readonly subtitle: string;
  readonly stages: readonly CardStage[];
  /** 0 to 1 over the whole job; null while it is queued. */
  readonly fraction: number | null;
  /** Queue place or what is left, e.g. `2nd in line` or `about 20 s left`; null when unknown. */
  readonly estimate: string | null;
  readonly log: readonly string[];
  /** The result table or the plain sentence of what went wrong; while it runs, who has to link an account, if anybody. */
  readonly body: readonly string[];
  /** What can be pressed now. */
  readonly actions: readonly CardAction[];
  /** Menus of which one entry can be chosen, where the platform has menus; what they offer can be typed as a command too. */
  readonly choices: readonly CardChoice[];
  /** Files that stand behind a link, with what to call them. */
  readonly links: readonly { readonly label: string; readonly url: string }[];
  readonly language: Language;
}

/** A button. `id` is at most 64 bytes of ASCII, looked up when it is pressed: it proves nothing by itself. */
export interface CardAction {
  readonly id: string;
  readonly label: string;
  readonly style: 'plain' | 'danger' | 'primary';
}

/** A menu. Its own `id` names it and does nothing; an option's is as a button's. */
export interface CardChoice {
  readonly id: string;
  /** What stands on it before anything is chosen. */
  readonly label: string;
  readonly options: readonly Omit<CardAction, 'style'>[];
}

export interface CardStage {
  readonly stage: JobStage;
  readonly label: string;
  readonly mark: 'waiting' | 'running' | 'done' | 'failed';
}
