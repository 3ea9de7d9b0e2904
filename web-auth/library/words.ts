/** Numbers, times and states as people read them. */
import { html } from 'hono/html';
import type { ListedJob } from '../../db/band-library.repository.ts';
import type { JobStage, JobState } from '../../workflows/contract/job.ts';
import type { Quality } from '../../workflows/contract/request.ts';
import type { Html } from '../look/page.ts';

/** Such as `4:07`, or `1:02:03`. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  const tail = String(whole % 60).padStart(2, '0');
  return hours === 0 ? `${minutes}:${tail}` : `${hours}:${String(minutes).padStart(2, '0')}:${tail}`;
}

/** Decimal, as shares are counted: `212 MB`. */
export function size(bytes: number): string {
  if (bytes < 1e3) return `${bytes} bytes`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed()} kB`;
  if (bytes < 1e9) return `${(bytes / 1e6).toFixed()} MB`;
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

/** The day; with a script, as the reader's own clock and language say it. */
export function day(at: Date): Html {
  const iso = at.toISOString();
  return html`<time datetime="${iso}" data-local="day">${iso.slice(0, 10)}</time>`;
}

const STAGES: Readonly<Record<JobStage, string>> = {
  receive: 'receiving the song',
  read: 'reading it',
  separate: 'taking it apart',
  measure: 'measuring the stems',
  listen: 'listening to it',
  write: 'writing it down',
  encode: 'encoding the stems',
  deliver: 'posting the stems',
};

const STATES: Readonly<Record<JobState, string>> = {
  queued: 'waiting',
  running: 'running',
  done: 'done',
  refused: 'refused',
  failed: 'went wrong',
  cancelled: 'cancelled',
};

export function stateWord(state: JobState): string {
  return STATES[state];
}

export function stageWords({ state, stage }: { readonly state: JobState; readonly stage: JobStage | null }): string {
  return state === 'queued' || stage === null ? 'waiting for its turn' : STAGES[stage];
}

export function qualityWords(quality: Quality): string {
  return quality === 'best' ? 'best quality' : 'fast';
}

/** What to do about a job that brought nothing; null where there is nothing to do. */
export function retryHint({ state, code, failure }: Pick<ListedJob, 'state' | 'code' | 'failure'>): Html | null {
  if (state !== 'failed' && state !== 'refused' && state !== 'cancelled') return null;
  const why = failure === null ? '' : `${failure.code.replaceAll('-', ' ')}: `;
  return html`${why}type <kbd>/retry ${code}</kbd> in the chat to have it done again`;
}
