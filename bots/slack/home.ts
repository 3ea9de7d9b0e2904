/** The App Home: the band's library and what is under way, for the one who looks. */
import type { HomeView, KnownBlock } from '@slack/web-api';
import type { JobView, Language } from '../../workflows/contract/job-view.ts';
import { isFinished } from '../../workflows/contract/job.ts';
import { cardActions } from '../core/action-ids.ts';
import { JAM_STYLE } from '../core/command-style.ts';
import { songName } from '../core/song-name.ts';
import { wordsOf } from '../core/words/words-of.ts';
import { cardButtons, section } from './card-blocks.ts';
import { inertPlain, inertText } from './inert-text.ts';

/** A view holds 100 blocks; a job takes two. */
const MOST_JOBS = 40;

/** @param jobs newest first */
export function homeView(bandName: string, jobs: readonly JobView[], language: Language): HomeView {
  const words = wordsOf(language);
  const running = jobs.filter(({ state }) => !isFinished(state));
  const over = jobs.filter(({ state }) => isFinished(state));
  const blocks: KnownBlock[] = [
    { type: 'header', text: { type: 'plain_text', text: inertPlain(bandName).slice(0, 150) } },
  ];
  for (const job of [...running, ...over].slice(0, MOST_JOBS)) {
    const { strategy, quality } = job.request.command;
    const name = inertText(songName(job) ?? words.card.aLink());
    const lines = `*${name}*\n${job.code} · ${words.states[job.state]} · ${inertText(strategy)}, ${quality}`;
    blocks.push(section(lines));
    const buttons = cardButtons(cardActions(job.code, job.state, job.outcome, words));
    if (buttons.length > 0) blocks.push({ type: 'actions', block_id: `job-${job.code}`, elements: buttons });
  }
  if (jobs.length === 0) blocks.push(section(inertText(words.answers.noJobs(JAM_STYLE.verb('split')))));
  return { type: 'home', blocks };
}
