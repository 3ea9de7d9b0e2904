/** The App Home: for the one who looks, what their bands have, with the page of each song, and what is under way. */
import type { HomeView, KnownBlock } from '@slack/web-api';
import type { JobView, Language } from '../../workflows/contract/job-view.ts';
import { isFinished } from '../../workflows/contract/job.ts';
import type { Requester } from '../../workflows/contract/request.ts';
import { cardActions } from '../core/action-ids.ts';
import { commandWords } from '../core/command-words.ts';
import type { AnswerDeps } from '../core/answer.ts';
import { songName } from '../core/song-name.ts';
import { USUAL_LANGUAGE, wordsOf } from '../core/words/words-of.ts';
import { cardButtons } from './card-blocks.ts';
import { heading, plainSection, plainSections } from './inert-text.ts';

/** A view holds 100 blocks; a band takes one, a job two. */
const MOST_BANDS = 12;
const MOST_JOBS = 40;
const MOST_JOBS_OF_BAND = 20;

export interface BandAtHome {
  readonly name: string;
  readonly language: Language;
  /** Newest first. */
  readonly jobs: readonly JobView[];
}

/** The bands of this person, the one with the newest job first, with as many jobs as a page holds. */
export async function bandsAtHome(
  requester: Requester,
  { bands, jobs }: Pick<AnswerDeps, 'bands' | 'jobs'>,
): Promise<readonly BandAtHome[]> {
  const found: BandAtHome[] = [];
  let room = MOST_JOBS;
  for (const { id, name, settings } of (await bands.ofPerson(requester)).slice(0, MOST_BANDS)) {
    const listed = room === 0 ? [] : await jobs.list({ limit: Math.min(room, MOST_JOBS_OF_BAND), bandId: id });
    room -= listed.length;
    found.push({ name, language: settings.language ?? USUAL_LANGUAGE, jobs: listed });
  }
  // A chat in which nothing was ever done is not worth its line beside others.
  const inUse = found.filter((band) => band.jobs.length > 0);
  return inUse.length === 0 ? found.slice(0, 1) : inUse;
}

/** Null where there is no page of songs. */
export type SongPage = ((recordingId: string) => string) | null;

/** @param help how to begin, for those whose bands have nothing yet. @param directChat the person's private chat with the app */
export function homeView(
  bands: readonly BandAtHome[],
  help: readonly string[],
  directChat: string | null,
  songPage: SongPage,
): HomeView {
  const blocks = bands.flatMap((band) => bandBlocks(band, songPage));
  return {
    type: 'home',
    blocks: bands.some(({ jobs }) => jobs.length > 0) ? blocks : [...blocks, ...plainSections(help)],
    ...(directChat === null ? {} : { private_metadata: directChat }),
  };
}

function bandBlocks({ name, language, jobs }: BandAtHome, songPage: SongPage): KnownBlock[] {
  const words = wordsOf(language);
  const running = jobs.filter(({ state }) => !isFinished(state));
  const over = jobs.filter(({ state }) => isFinished(state));
  return [
    heading(name),
    ...[...running, ...over].flatMap((job): KnownBlock[] => {
      const facts = [job.code, words.states[job.state], commandWords(job.request.command, words)].join(' · ');
      const needsLink = job.awaitsLink !== null;
      // What else could be made of a song is asked for below its card, where the others see it.
      const actions = job.state === 'done' ? [] : cardActions(job.code, job.state, job.outcome, words, { needsLink });
      const url = job.state === 'done' && job.recordingId !== null ? songPage?.(job.recordingId) : undefined;
      const elements = cardButtons(actions, url === undefined ? [] : [{ label: words.buttons.song, url }]);
      return [
        plainSection(`${songName(job) ?? words.card.aLink()}\n${facts}`),
        ...(elements.length === 0 ? [] : [{ type: 'actions' as const, block_id: `job-${job.code}`, elements }]),
      ];
    }),
  ];
}
