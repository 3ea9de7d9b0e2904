import type { Card, CardStage } from '../../workflows/contract/card.ts';
import { NO_PARCEL } from '../../workflows/contract/delivery.ts';
import type { ResultParcel } from '../../workflows/contract/delivery.ts';
import type { JobView, Language } from '../../workflows/contract/job-view.ts';
import { JOB_STAGES, STAGES_OF, isFinished } from '../../workflows/contract/job.ts';
import type { JobOutcome, JobStage } from '../../workflows/contract/job.ts';
import type { JobCommand, StemPick } from '../../workflows/contract/request.ts';
import { PLATFORM_ABILITIES } from './abilities.ts';
import { cardActions, cardChoices } from './action-ids.ts';
import { albumStems } from './album-stems.ts';
import { cardBody, linkLines } from './card-body.ts';
import type { CommandStyle } from './command-style.ts';
import { commandWords } from './command-words.ts';
import { formatDuration } from './duration.ts';
import { isOfModel, logLine } from './log-lines.ts';
import { songName } from './song-name.ts';
import { USUAL_LANGUAGE, wordsOf } from './words/words-of.ts';
import type { Words } from './words/words.ts';

/** A stage's rough share of the wall-clock time, for one bar over the whole job. */
const STAGE_SHARES: Readonly<Record<JobCommand['kind'], Readonly<Partial<Record<JobStage, number>>>>> = {
  split: { receive: 0.04, read: 0.1, separate: 0.72, measure: 0.07, encode: 0.05, deliver: 0.02 },
  analyze: { receive: 0.1, read: 0.2, listen: 0.66, deliver: 0.04 },
  chords: { receive: 0.1, read: 0.2, listen: 0.56, write: 0.1, deliver: 0.04 },
  lyrics: { receive: 0.03, read: 0.07, separate: 0.45, measure: 0.05, listen: 0.36, write: 0.02, deliver: 0.02 },
  tab: { receive: 0.03, read: 0.07, separate: 0.45, measure: 0.05, listen: 0.28, write: 0.1, deliver: 0.02 },
};

const LOG_LINES_SHOWN = 3;

export interface CardContext {
  /** Unfinished jobs before this one; 0 when it is next or running. */
  readonly queuePlace: number;
  readonly secondsLeft: number | null;
}

/** How the job stands in one place; left out: as the row says, in the usual language, with nothing delivered. */
export interface CardPlace {
  readonly language?: Language;
  readonly outcome?: JobOutcome;
  readonly parcel?: ResultParcel;
  /** How commands are typed there; left out: as where the job was asked for. */
  readonly style?: CommandStyle;
  /** Stems can be posted as one album there. */
  readonly takesAlbums?: boolean;
  /** Where posted files can be opened in the chat. */
  readonly postedLinks?: readonly { readonly fileName: string; readonly url: string }[];
  /** Where a browser plays its stems; left out where no page does. */
  readonly mixerUrl?: string | null;
  /** Where a browser shows its tab beside the song; left out where it has none. */
  readonly tabUrl?: string | null;
}

/** The card of a job as its row stands, or as `place.outcome` settles it. */
export function jobCard(job: JobView, context: CardContext, place: CardPlace = {}): Card {
  const language = place.language ?? USUAL_LANGUAGE;
  const words = wordsOf(language);
  const outcome = place.outcome ?? job.outcome;
  const parcel = place.parcel ?? NO_PARCEL;
  const state = outcome?.state ?? job.state;
  // Where the stems fit behind links alone, an album would not fit either.
  const { awaitsLink } = job;
  const isResting = awaitsLink !== null && awaitsLink.stage !== 'work';
  const hasAlbum = place.takesAlbums === true && parcel.encoding !== null && albumStems(outcome) !== null;
  return {
    jobId: job.id,
    code: job.code,
    version: job.version,
    state,
    title: songName(job) ?? words.card.aLink(),
    subtitle: subtitle(job, words),
    stages: cardStages(job, state, words),
    fraction: state === 'done' ? 1 : overallFraction(job),
    estimate: isFinished(state) || isResting ? null : estimateText(job, context, words),
    log: isFinished(state) || isResting ? [] : logLines(job, words),
    body:
      outcome === null
        ? linkLines(job, language)
        : cardBody(job, outcome, { parcel, language, style: place.style ?? styleOf(job) }),
    actions: cardActions(job.code, state, outcome, words, { hasAlbum, needsLink: awaitsLink !== null }),
    choices: cardChoices(job.code, outcome, words),
    links: [
      ...(state === 'done' && place.mixerUrl != null ? [{ label: words.buttons.mixer, url: place.mixerUrl }] : []),
      ...(state === 'done' && place.tabUrl != null ? [{ label: words.buttons.openTab, url: place.tabUrl }] : []),
      ...(place.postedLinks ?? []).map(({ fileName, url }) => ({ label: fileName, url })),
      ...parcel.links.map(({ fileName, url, bytes }) => ({ label: `${fileName} (${megabytes(bytes)} MB)`, url })),
    ],
    language,
  };
}

function styleOf({ request }: JobView): CommandStyle {
  return PLATFORM_ABILITIES[request.address.platform].style;
}

function subtitle({ request }: JobView, words: Words): string {
  if (request.command.kind !== 'split') return commandWords(request.command, words);
  const { strategy, quality, format, pick } = request.command;
  return [strategy, ...pickWords(pick, words), quality, format].join(' · ');
}

function pickWords(pick: StemPick, { card }: Words): string[] {
  switch (pick.kind) {
    case 'all':
      return [];
    case 'want':
      return [card.only(pick.stems.join(' + '))];
    case 'minus':
      return [card.without(pick.stems.join(', '))];
  }
}

function cardStages(job: JobView, state: Card['state'], words: Words): CardStage[] {
  const stages = STAGES_OF[job.request.command.kind];
  const current = job.stage === null ? -1 : stages.indexOf(job.stage);
  return stages.map((stage, index) => ({
    stage,
    label: words.stages[stage],
    mark:
      state === 'done' || index < current
        ? 'done'
        : index > current
          ? 'waiting'
          : isFinished(state)
            ? 'failed'
            : 'running',
  }));
}

/** 0 to 1 over all stages by their usual shares; null before the first report. */
export function overallFraction(job: Pick<JobView, 'stage' | 'fraction' | 'request'>): number | null {
  if (job.stage === null) {
    return null;
  }
  const { kind } = job.request.command;
  let before = 0;
  for (const stage of STAGES_OF[kind]) {
    const share = STAGE_SHARES[kind][stage] ?? 0;
    if (stage === job.stage) {
      return Math.min(1, before + share * job.fraction);
    }
    before += share;
  }
  return before;
}

function estimateText(
  { awaitsTurn, request }: JobView,
  { queuePlace, secondsLeft }: CardContext,
  { card }: Words,
): string | null {
  if (awaitsTurn) {
    return card.behindOwn(request.requester.displayName);
  }
  if (queuePlace > 0) {
    return queuePlace === 1 ? card.nextInLine() : card.jobsBefore(queuePlace);
  }
  return secondsLeft === null ? null : card.timeLeft(formatDuration(secondsLeft));
}

/** What workers wrote; and that separating has begun, which nobody writes, before what is told of a model. */
function logLines({ log, stage, request }: JobView, words: Words): string[] {
  const { command } = request;
  const hasBegun =
    command.kind === 'split' && stage !== null && JOB_STAGES.indexOf(stage) >= JOB_STAGES.indexOf('separate');
  const begun = hasBegun ? [words.log.separating(command.strategy)] : [];
  const ofModels = log.findIndex((line) => isOfModel(line));
  const before = ofModels < 0 ? log : log.slice(0, ofModels);
  const after = ofModels < 0 ? [] : log.slice(ofModels);
  const say = (line: string): string => logLine(line, words);
  return [...before.map(say), ...begun, ...after.map(say)].slice(-LOG_LINES_SHOWN);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
