/** Commands that become jobs: those that take a song, and doing an earlier job again. */
import type { BandView } from '../../workflows/contract/band.ts';
import type { FailureReport } from '../../workflows/contract/failure.ts';
import type { JobView } from '../../workflows/contract/job-view.ts';
import { isFinished } from '../../workflows/contract/job.ts';
import { ordered } from '../../workflows/contract/request.ts';
import type { JobCommand, JobOrder, SourceReference } from '../../workflows/contract/request.ts';
import { acceptOffered } from './accept-offered.ts';
import type { Offered } from './accept-offered.ts';
import { acceptSongs } from './accept-songs.ts';
import { accepted, refused, toAsker } from './answer.ts';
import type { Answer, AnswerDeps, IncomingCommand } from './answer.ts';
import type { ChatCommand, SongCommand } from './chat-command.ts';
import { findBandJob } from './find-band-job.ts';
import { isLink } from './is-link.ts';
import { pageForSong, withPage } from './answer-link.ts';
import { refuseLargeSong } from './large-song.ts';
import { offerUpload } from './offer-upload.ts';
import { sheetOrder } from './sheet-order.ts';
import { songName } from './song-name.ts';
import { chooseStrategy } from './strategies.ts';
import { USUAL_LANGUAGE, wordsOf } from './words/words-of.ts';
import type { Words } from './words/words.ts';

export const MOST_SONGS_AT_ONCE = 10;

type Retry = Extract<ChatCommand, { kind: 'retry' }>;

export async function answerSong(
  incoming: IncomingCommand,
  command: SongCommand,
  band: BandView,
  deps: AnswerDeps,
): Promise<Answer> {
  const language = band.settings.language ?? USUAL_LANGUAGE;
  const words = wordsOf(language);
  const sources = incoming.sources.length > 0 ? incoming.sources : await typedSources(command.target, band, deps);
  if (sources.length === 0) {
    const { songMenu, verb } = deps.style;
    const how = verb(command.kind);
    return toAsker([
      songMenu === null ? words.answers.needSong(how) : words.answers.needSongByMenu(how, songMenu[command.kind]),
    ]);
  }
  if (sources.length > MOST_SONGS_AT_ONCE) {
    return refused({ code: 'too-many-files', facts: { limit: MOST_SONGS_AT_ONCE } }, language);
  }
  const wanted = orderOf(command, band, deps);
  if ('failure' in wanted) {
    return refused(wanted.failure, language);
  }
  const large = sources.flatMap((source) => refuseLargeSong(source, deps.songLimits, language) ?? []);
  const fitting = sources.filter((source) => refuseLargeSong(source, deps.songLimits, language) === null);
  const [tooLarge] = large;
  if (tooLarge !== undefined && fitting.length === 0) {
    const lines = [...new Set(large.map(({ line }) => line))];
    const page = large.some((one) => one.isWelcomeElsewhere)
      ? await offerUpload(incoming, wanted.order, words, deps)
      : null;
    return withPage({ ...refused(tooLarge.failure, language), lines }, page);
  }
  const commands = fitting.map((source) => ordered(wanted.order, source));
  const page = await pageForSong(incoming.requester, band.id, words, deps);
  if (page === 'impossible') {
    return toAsker([words.answers.linkAsYourself()]);
  }
  const { id, underWay } = await accept(incoming, commands, deps);
  const line = underWay === null ? onItLine(commands.length, words) : underWayLine(underWay, words);
  // The cards say nothing of what is not taken.
  const answer =
    tooLarge === undefined ? accepted(id, line) : toAsker([line, ...new Set(large.map((each) => each.line))]);
  return withPage(answer, page);
}

async function accept(incoming: IncomingCommand, commands: readonly JobCommand[], deps: AnswerDeps): Promise<Offered> {
  if (incoming.pressKey !== undefined) return await acceptOffered(incoming, commands, deps);
  const { id } = await acceptSongs(incoming, commands, deps);
  return { id, underWay: null };
}

function onItLine(songs: number, { answers }: Words): string {
  return songs === 1 ? answers.accepted() : answers.acceptedMany(songs);
}

function underWayLine(jobs: readonly JobView[], { answers }: Words): string {
  const codes = jobs.filter(({ state }) => !isFinished(state)).map(({ code }) => code);
  return codes.length === 0 ? answers.onItSoon() : answers.onItAlready(codes.toReversed().join(', '));
}

/** What the command asks for, with the band's settings where it says nothing. */
function orderOf(
  command: SongCommand,
  { settings }: BandView,
  { defaults, strategies }: AnswerDeps,
): { readonly order: JobOrder } | { readonly failure: FailureReport } {
  if (command.kind !== 'split') {
    return { order: sheetOrder(command) };
  }
  const { options } = command;
  const usual = [settings.strategy ?? defaults.strategy, defaults.strategy];
  const chosen = chooseStrategy(options.strategy, options.pick, usual, strategies);
  if ('failure' in chosen) {
    return chosen;
  }
  const order = {
    kind: 'split',
    strategy: chosen.strategy,
    quality: options.quality ?? settings.quality ?? defaults.quality,
    format: options.format ?? settings.format ?? defaults.format,
    pick: options.pick,
  } as const;
  return { order };
}

/** @param eventKey that of the chat's event, or one that stands for all presses of one button */
export async function answerRetry(
  incoming: Omit<IncomingCommand, 'command' | 'sources'>,
  { code, quality, format }: Retry,
  band: BandView,
  deps: AnswerDeps,
): Promise<Answer> {
  const words = wordsOf(band.settings.language ?? USUAL_LANGUAGE);
  const job = code === null ? await newestWithoutResult(band, deps) : await findBandJob(code, band, deps);
  if (job === null) {
    return toAsker([
      code === null ? words.answers.nothingToRetry() : words.answers.noSuchJob(code, deps.style.verb('jobs')),
    ]);
  }
  if (!isFinished(job.state)) {
    return toAsker([words.answers.stillRuns(job.code)]);
  }
  const { command } = job.request;
  const source = sourceAgain(job, incoming);
  const again: JobCommand =
    command.kind === 'split'
      ? { ...command, source, quality: quality ?? command.quality, format: format ?? command.format }
      : { ...command, source };
  const page = await pageForSong(incoming.requester, band.id, words, deps);
  if (page === 'impossible') {
    return toAsker([words.answers.linkAsYourself()]);
  }
  const { id, isNew } = await acceptSongs(incoming, [again], deps);
  const line = isNew ? words.answers.retrying(job.code) : words.answers.retriedAlready(job.code);
  return withPage(accepted(id, line), page);
}

const LOOKED_BACK = 20;

async function newestWithoutResult(band: BandView, { jobs }: AnswerDeps): Promise<JobView | null> {
  const listed = await jobs.list({ limit: LOOKED_BACK, bandId: band.id });
  return listed.find(({ state }) => isFinished(state) && state !== 'done') ?? null;
}

/** False where it was sent in a chat and did not arrive: it can be had there alone. */
export function hasItsSong(job: JobView): boolean {
  return hasArrived(job) || job.request.command.source.kind !== 'attachment';
}

function hasArrived({ stage }: JobView): boolean {
  return stage !== null && stage !== 'receive';
}

/** What the job was given; where nothing of it arrived, it is asked for anew, if this is where it can be had. */
function sourceAgain(job: JobView, { address }: Pick<IncomingCommand, 'address'>): SourceReference {
  const { source } = job.request.command;
  const { platform, botId } = job.request.address;
  const isHere = address.platform === platform && address.botId === botId;
  if (!hasArrived(job) && (source.kind !== 'attachment' || isHere)) {
    return source;
  }
  return { kind: 'earlier', jobId: job.id, name: songName(job) ?? 'song' };
}

/** A typed link, or the code of an earlier job of this band. */
async function typedSources(
  target: string | null,
  band: BandView,
  deps: AnswerDeps,
): Promise<readonly SourceReference[]> {
  if (target === null) {
    return [];
  }
  if (isLink(target)) {
    return [{ kind: 'link', url: target }];
  }
  const job = /^\w{4,16}$/u.test(target) ? await findBandJob(target, band, deps) : null;
  return job === null ? [] : [{ kind: 'earlier', jobId: job.id, name: songName(job) ?? 'song' }];
}
