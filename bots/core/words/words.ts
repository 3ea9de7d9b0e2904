import type { FailureCode } from '../../../workflows/contract/failure.ts';
import type { JobStage, JobState } from '../../../workflows/contract/job.ts';
import type { AnalysisWords } from './analysis-words.ts';
import type { SheetWords } from './sheet-words.ts';
import type { CommandStyle } from '../command-style.ts';
import type { FollowUp } from '../follow-ups.ts';
import type { CommandPath, MessageActionVerb, OptionName } from '../command-table.ts';

/** A fact of a failure as text; `fallback` where the report does not have it. */
export type Fact = (name: string, fallback?: string) => string;
/** Counts and figures arrive as they are shown. */
type Shown = string | number;

/** Everything that Woodshed says, in one language. All texts are plain: a port escapes them. */
export interface Words {
  readonly stages: Readonly<Record<JobStage, string>>;
  readonly states: Readonly<Record<JobState, string>>;
  /** Labels of buttons: at most 20 characters. */
  readonly buttons: {
    readonly cancel: string;
    readonly retry: string;
    readonly album: string;
    readonly link: string;
    readonly upload: string;
    /** A page of its own. */
    readonly song: string;
    readonly mixer: string;
    readonly openTab: string;
  } & Readonly<Record<FollowUp, string>>;
  /** Labels in a message's context menu: at most 24 characters (Slack's limit). */
  readonly messageActions: Readonly<Record<MessageActionVerb, string>>;
  /** At most 100 characters (Discord's limit). */
  readonly summaries: Readonly<Record<CommandPath, string>>;
  readonly options: Readonly<Record<OptionName, string>>;
  readonly card: CardWords;
  readonly analysis: AnalysisWords;
  readonly sheets: SheetWords;
  readonly log: LogWords;
  readonly answers: AnswerWords;
  /** One plain sentence each: what is wrong and what to do. */
  readonly failures: Readonly<Record<FailureCode, (fact: Fact) => string>>;
}

export interface CardWords {
  aLink(): string;
  nextInLine(): string;
  jobsBefore(count: Shown): string;
  /** It waits for earlier songs of whoever asked. */
  behindOwn(name: Shown): string;
  timeLeft(duration: Shown): string;
  silent(): string;
  peak(dbtp: Shown): string;
  toTarget(signedDb: Shown): string;
  /** How deep the stems null without the residual. */
  nulls(db: Shown): string;
  tookBefore(): string;
  took(music: Shown, duration: Shown): string;
  /** What a pick's file holds. */
  only(stems: Shown): string;
  without(stems: Shown): string;
  /** Stands on the menu of such files: at most 75 characters. */
  oneFile(): string;
  /** A smaller encoding than was asked for. */
  sentSmaller(sent: Shown, wanted: Shown): string;
  linksUntil(date: Shown): string;
  /** Files that fit in no way, and there is no web address for links either. */
  left(fileNames: Shown): string;
  /** A placeholder, until the files are in it. */
  filesComing(fileNames: Shown, code: Shown): string;
  ready(title: Shown): string;
  preview(stem: Shown): string;
  noAlbum(title: Shown): string;
  /** Of an account, to a person who signs in; `name` asked for the song. While it is computed. */
  linkMeanwhile(name: Shown): string;
  linkForResult(name: Shown): string;
  /** It has been there for long. */
  linkLate(name: Shown): string;
  keptUntil(date: Shown): string;
}

/** Lines of a card's log; those that workers write are recognised by `log-lines.ts`. */
export interface LogWords {
  receiving(): string;
  fetchingLink(): string;
  looking(): string;
  separating(strategy: Shown): string;
  fetchingModel(model: Shown): string;
  cutShort(readSeconds: Shown, claimedSeconds: Shown): string;
  damaged(readSeconds: Shown): string;
  mended(samples: Shown): string;
}

export interface AnswerWords {
  accepted(): string;
  acceptedMany(count: Shown): string;
  /** An earlier press began it. */
  onItAlready(codes: Shown): string;
  /** As before, and its card is not there yet. */
  onItSoon(): string;
  needSong(how: Shown): string;
  /** Where commands carry no file. @param menu the entry of a message's menu */
  needSongByMenu(how: Shown, menu: Shown): string;
  /** What the platform does not hand over, but a link would. */
  tooLargeForChat(name: Shown, limitMegabytes: Shown): string;
  uploadHere(): string;
  noJobs(how: Shown): string;
  /** In a list, of a job that is computed. */
  waitsForLink(name: Shown): string;
  inTime(duration: Shown): string;
  noSuchJob(code: Shown, how: Shown): string;
  nothingRuns(): string;
  /** Of whoever asks nothing runs; of others it does. */
  onlyOthersRun(code: Shown, name: Shown, how: Shown): string;
  isOver(code: Shown, state: Shown): string;
  stopping(code: Shown): string;
  mayNotStop(code: Shown, name: Shown): string;
  stillRuns(code: Shown): string;
  nothingToRetry(): string;
  retrying(code: Shown): string;
  retriedAlready(code: Shown): string;
  tooManyCommands(duration: Shown): string;
  albumComing(code: Shown): string;
  albumAlready(code: Shown): string;
  correcting(code: Shown): string;
  correctedAlready(code: Shown): string;
  askedAlready(code: Shown): string;
  notYourBand(): string;
  notEndedYet(code: Shown): string;
  oldButton(how: Shown): string;
  bandCreated(name: Shown): string;
  bandCode(code: Shown, minutes: Shown, how: Shown): string;
  /** @param url opens a private chat with the bot */
  joinByLink(url: Shown): string;
  /** @param url brings the bot into a group */
  joinGroupByLink(url: Shown): string;
  bandJoined(name: Shown, chats: Shown): string;
  bandLeft(name: Shown): string;
  codeUnknown(): string;
  codeExpired(): string;
  codeUsed(): string;
  joinedAlready(): string;
  tooManyCodes(duration: Shown): string;
  settings(band: Shown): string;
  saved(): string;
  usual(value: Shown): string;
  /** What somebody usually plays on. */
  mine(): string;
  asBand(value: Shown): string;
  /** Links of accounts: one's own page to sign in on. */
  linkHere(minutes: Shown): string;
  openHere(minutes: Shown): string;
  /** Said with the word that a song was taken. */
  linkToGet(): string;
  /** Where others would see one's own page. */
  linkPrivately(how: Shown): string;
  /** Beside a button that leads to a private chat. */
  linkInPrivate(): string;
  /** To a channel, or an admin without a name. */
  linkAsYourself(): string;
  linkedAlready(how: Shown): string;
  linked(): string;
  linkCodeWrong(): string;
  linkCodeSpent(how: Shown): string;
  linkingOff(): string;
  unlinked(how: Shown): string;
  notLinked(): string;
  noShares(): string;
  shares(band: Shown): string;
  jobsLeft(left: Shown, limit: Shown): string;
  minutesLeft(left: Shown, limit: Shown): string;
  megabytesLeft(left: Shown, limit: Shown): string;
  moreIn(duration: Shown): string;
  /** What becomes of a song without a word. */
  readonly helpEnd: Readonly<Record<CommandStyle['bareSong'], () => string>>;
  dropHint(how: Shown, help: Shown): string;
  wentWrong(): string;
  /** Nothing was begun. @param rights of the chat's own settings, by their names there */
  lackingRights(rights: Shown): string;
  readonly rights: Readonly<Record<ChatRight, () => string>>;
}

/** What the bot must be allowed to do in a channel so that a card and its files can stand there. */
export type ChatRight = 'view' | 'send' | 'sendInThreads' | 'embed' | 'attach';
