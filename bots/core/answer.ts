import type { CardAction } from '../../workflows/contract/card.ts';
import type { FailureReport } from '../../workflows/contract/failure.ts';
import type { Language } from '../../workflows/contract/job-view.ts';
import type { ChatAddress, Requester, SourceReference } from '../../workflows/contract/request.ts';
import type { ChatCommand, SplitDefaults } from './chat-command.ts';
import type { CommandStyle } from './command-style.ts';
import { failureReply } from './failure-reply.ts';
import type { Accounts, Bands, Inbox, Jobs, Shares, Tabs, Uploads } from './jobs.ts';
import type { SongLimits } from './large-song.ts';
import type { Strategies } from './strategies.ts';

/** A command with where it came from, once the platform has told what it carries. */
export interface IncomingCommand {
  readonly command: ChatCommand;
  /** Songs that came with it: files of the message, of the one replied to, of the menu's message. A typed link need not stand here. */
  readonly sources: readonly SourceReference[];
  readonly address: ChatAddress;
  readonly requester: Requester;
  /** The platform's own identity of the event; a redelivery carries the same. */
  readonly eventKey: string;
  /** The platform's own identity of a press, where `eventKey` stands for all presses of one offer. */
  readonly pressKey?: string;
  /** Whose event it is, where that is not the place's bot: the button of a job is one in all places that show it. */
  readonly ledger?: Pick<ChatAddress, 'platform' | 'botId'>;
}

export interface AnswerDeps {
  readonly inbox: Inbox;
  readonly jobs: Jobs;
  readonly bands: Bands;
  readonly shares: Shares;
  readonly accounts: Accounts;
  readonly uploads: Uploads;
  readonly tabs: Tabs;
  readonly strategies: Strategies;
  readonly defaults: SplitDefaults;
  readonly songLimits: SongLimits;
  /** How commands are typed here. */
  readonly style: CommandStyle;
}

/** A page of the asker's own, with what is said of it: whoever else has its address acts for them. */
export interface OwnPage extends AnswerLink {
  /** To link an account, which nobody else may see; or to hand one song over, for which anybody in the chat could ask. */
  readonly kind: 'link' | 'upload';
  readonly line: string;
}

/** A button that opens a page. */
export interface AnswerLink {
  readonly label: string;
  readonly url: string;
}

interface Said {
  /** Plain texts, one a line; a port escapes them. */
  readonly lines: readonly string[];
  readonly buttons: readonly CardAction[];
  /** Lines of ours with something to tap or to copy, after the others: a platform changes nothing in them. Only for those with join links. */
  readonly copyable?: readonly string[];
  readonly ownPage?: OwnPage;
  /** Shown to nobody else where the platform can (Discord and Slack: ephemeral). */
  readonly onlyForAsker: boolean;
}

export type Answer =
  /** Work that has been written into the ledger: its cards appear by themselves. The lines are for platforms that must say something. */
  | (Said & { readonly kind: 'accepted'; readonly inboundEventId: string })
  | (Said & { readonly kind: 'text' })
  /** Nothing was written down. */
  | (Said & { readonly kind: 'refused'; readonly failure: FailureReport });

export function accepted(inboundEventId: string, line: string): Answer {
  return { kind: 'accepted', inboundEventId, lines: [line], buttons: [], onlyForAsker: true };
}

/** Told to whoever asked alone. */
export function toAsker(lines: readonly string[], buttons: readonly CardAction[] = []): Answer {
  return { kind: 'text', lines, buttons, onlyForAsker: true };
}

/** Told to everybody in the chat. */
export function toAll(lines: readonly string[]): Answer {
  return { kind: 'text', lines, buttons: [], onlyForAsker: false };
}

/** All of an answer, where nobody else listens. */
export function toldInPrivate({ lines, ownPage }: Answer): {
  readonly lines: readonly string[];
  readonly links: readonly AnswerLink[];
} {
  return ownPage === undefined ? { lines, links: [] } : { lines: [...lines, ownPage.line], links: [ownPage] };
}

/** What everybody may read of it. @param elsewhere how the asker gets to their own page */
export function toldToAll({ lines, ownPage }: Answer, elsewhere: string): readonly string[] {
  return ownPage === undefined ? lines : [...lines, elsewhere];
}

export function refused(failure: FailureReport, language: Language): Answer {
  return { kind: 'refused', failure, lines: [failureReply(failure, language)], buttons: [], onlyForAsker: true };
}
