/** The App Home: the band's library and what is under way, for the one who looks. */
import type { HomeView, KnownBlock } from '@slack/web-api';
import type { JobView, Language } from '../../workflows/contract/job-view.ts';
import { isFinished } from '../../workflows/contract/job.ts';
import { cardActions } from '../core/action-ids.ts';
import { JAM_STYLE } from '../core/command-style.ts';
import { songName } from '../core/song-name.ts';
import { wordsOf } from '../core/words/words-of.ts';
import { cardButtons } from './card-blocks.ts';
import { heading, plainSection } from './inert-text.ts';

/** A view holds 100 blocks; a job takes two. */
const MOST_JOBS = 40;

/** @param jobs newest first */
export function homeView(bandName: string, jobs: readonly JobView[], language: Language): HomeView {
  const words = wordsOf(language);
  const running = jobs.filter(({ state }) => !isFinished(state));
  const over = jobs.filter(({ state }) => isFinished(state));
  const blocks: KnownBlock[] = [heading(bandName)];
  for (const job of [...running, ...over].slice(0, MOST_JOBS)) {
    const { strategy, quality } = job.request.command;
    const name = songName(job) ?? words.card.aLink();
    const lines = `${name}\n${job.code} · ${words.states[job.state]} · ${strategy}, ${quality}`;
    blocks.push(plainSection(lines));
    const buttons = cardButtons(cardActions(job.code, job.state, job.outcome, words));
    if (buttons.length > 0) blocks.push({ type: 'actions', block_id: `job-${job.code}`, elements: buttons });
  }
  if (jobs.length === 0) blocks.push(plainSection(words.answers.noJobs(JAM_STYLE.verb('split'))));
  return { type: 'home', blocks };
}
