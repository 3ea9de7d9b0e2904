/** What the library looks like: bands, what runs, songs. */
import { html } from 'hono/html';
import type { LibraryBand, ListedJob, ListedRecording } from '../../db/band-library.repository.ts';
import type { Html, Pages } from '../look/page.ts';
import { clock, day, retryHint, size, stageWords, stateWord } from './words.ts';

export interface LibraryLook {
  readonly bands: readonly LibraryBand[];
  readonly band: LibraryBand;
  readonly recordings: readonly ListedRecording[];
  /** Of the next page; null on the last. */
  readonly next: string | null;
  readonly search: string;
  readonly isFirstPage: boolean;
  /** Unfinished, newest first. */
  readonly running: readonly ListedJob[];
}

export function libraryPath(bandId: string, query: Readonly<Record<string, string>> = {}): string {
  const filled = Object.entries(query).filter(([, value]) => value !== '');
  return `/library?${new URLSearchParams({ band: bandId, ...Object.fromEntries(filled) }).toString()}`;
}

export function libraryView(look: LibraryLook, { href }: Pages): Html {
  const { bands, band, search } = look;
  return html` <div class="library-head">
      <div>
        <h1>${band.name}</h1>
        <p class="faint">
          ${band.recordings === 1 ? '1 song' : `${band.recordings} songs`} ·
          <a href="${href(`/library/jobs?band=${band.id}`)}">All jobs</a>
        </p>
      </div>
      <form class="search" role="search" action="${href('/library')}" method="get">
        <input type="hidden" name="band" value="${band.id}" />
        <label class="unseen" for="q">Search titles</label>
        <input
          id="q"
          type="search"
          name="q"
          value="${search}"
          placeholder="Search titles"
          autocomplete="off"
          maxlength="200"
        />
        <button>Search</button>
      </form>
    </div>
    ${bands.length > 1 ? bandTabs(bands, band, href) : ''}
    <div id="results" ${look.running.length > 0 ? 'data-running' : ''}>
      ${look.running.length > 0 && look.isFirstPage && search === '' ? runningJobs(look.running, band, href) : ''}
      ${songs(look, href)}
    </div>`;
}

function bandTabs(bands: readonly LibraryBand[], band: LibraryBand, href: Pages['href']): Html {
  return html`<nav class="tabs" aria-label="Bands">
    ${bands.map(
      ({ id, name, recordings }) =>
        html`<a href="${href(libraryPath(id))}" ${id === band.id ? html`aria-current="page"` : ''}
          >${name} <span class="faint number">${recordings}</span></a
        >`,
    )}
  </nav>`;
}

function runningJobs(jobs: readonly ListedJob[], band: LibraryBand, href: Pages['href']): Html {
  return html`<section class="card running" aria-labelledby="running-title">
    <div class="row spread">
      <h2 id="running-title">Under way</h2>
      <a class="refresh" href="${href(libraryPath(band.id))}">Refresh</a>
    </div>
    <ul class="plain">
      ${jobs.map(
        (job) =>
          html`<li class="job">
            <span>${job.title ?? 'A link'} <span class="faint">· ${job.strategy} · for ${job.requestedBy}</span></span>
            ${progress(job)}
          </li>`,
      )}
    </ul>
  </section>`;
}

function progress(job: Pick<ListedJob, 'state' | 'stage' | 'fraction' | 'code'>): Html {
  const percent = Math.round(job.fraction * 100);
  const words = stageWords(job);
  return html`<span class="progress">
    <progress max="100" value="${job.state === 'queued' ? 0 : percent}" aria-label="${words}"></progress>
    <span class="faint">${words}${job.state === 'queued' ? '' : html` <span class="number">${percent} %</span>`}</span>
  </span>`;
}

function songs(look: LibraryLook, href: Pages['href']): Html {
  const { recordings, next, search, band, isFirstPage } = look;
  if (recordings.length === 0) return search === '' && isFirstPage ? noSongs() : nothingFound(look, href);
  return html`
    <p class="unseen" role="status">
      ${search === '' ? '' : `${recordings.length}${next === null ? '' : ' or more'} found`}
    </p>
    <ul class="songs plain" aria-label="Songs">
      ${recordings.map((recording) => song(recording, href))}
    </ul>
    <nav class="row pages" aria-label="More songs">
      ${isFirstPage ? '' : html`<a class="button" href="${href(libraryPath(band.id, { q: search }))}">Newest songs</a>`}
      ${
        next === null
          ? ''
          : html`<a class="button" rel="next" href="${href(libraryPath(band.id, { q: search, before: next }))}"
              >Older songs</a
            >`
      }
    </nav>
  `;
}

function song(recording: ListedRecording, href: Pages['href']): Html {
  const { id, title, durationSeconds, strategies, createdAt, bytes, keptUntil, running } = recording;
  const isKept = strategies.length > 0;
  const kept = !isKept
    ? html`<span class="bad">its stems are not kept any more; send the song again</span>`
    : keptUntil === null
      ? 'kept for good'
      : html`kept until ${day(keptUntil)}`;
  return html`<li class="song" id="song-${id}">
    <div class="song-text">
      <a class="song-title" href="${href(`/r/${id}`)}">${title}</a>
      <p class="facts faint">
        <span class="number">${clock(durationSeconds)}</span>
        ${strategies.map((strategy) => html`<span class="chip">${strategy}</span>`)}
        <span>${day(createdAt)}</span> <span class="number">${size(bytes)}</span> <span>${kept}</span>
      </p>
      ${running.map(progress)}
    </div>
    <details class="more">
      <summary><span aria-hidden="true">⋯</span><span class="unseen">More about ${title}</span></summary>
      <div class="menu card stack">
        ${renameForm(recording, 'library', href)}
        <a class="button" href="${href(`/library/songs/${id}`)}">Downloads and sharing</a>
        <a class="button danger" href="${href(`/library/songs/${id}/delete`)}">Delete …</a>
      </div>
    </details>
  </li>`;
}

/** @param from where to go on afterwards */
export function renameForm(
  { id, title }: Pick<ListedRecording, 'id' | 'title'>,
  from: 'library' | 'song',
  href: Pages['href'],
): Html {
  return html`<form class="rename" method="post" action="${href(`/library/songs/${id}/rename`)}">
    <input type="hidden" name="from" value="${from}" />
    <label for="title-${id}">Title</label>
    <span class="row nowrap">
      <input id="title-${id}" type="text" name="title" value="${title}" maxlength="200" required autocomplete="off" />
      <button>Rename</button>
    </span>
  </form>`;
}

function noSongs(): Html {
  return html`<section class="card empty stack">
    <h2>No songs yet</h2>
    <p>Send one in your band’s chat:</p>
    <ul>
      <li>drop an audio file there, or</li>
      <li>type <kbd>/split</kbd> with a direct link to one.</li>
    </ul>
    <p class="faint">Its stems come back to the chat, and the song stands here by itself.</p>
  </section>`;
}

function nothingFound({ search, band }: LibraryLook, href: Pages['href']): Html {
  return html`<section class="card empty stack">
    <p role="status">${search === '' ? 'There are no older songs.' : html`No title has “${search}” in it.`}</p>
    <p><a class="button" href="${href(libraryPath(band.id))}">All songs</a></p>
  </section>`;
}

export function noBand(): Html {
  return html`<section class="card narrow stack">
    <h1>You are in no band yet</h1>
    <p>
      Send a song to Woodshed in your band’s chat, and follow the link that it answers with: then your chat and this
      account belong together.
    </p>
  </section>`;
}

export function jobsView(band: LibraryBand, jobs: readonly ListedJob[], { href }: Pages): Html {
  return html`
    <p><a href="${href(libraryPath(band.id))}">← ${band.name}</a></p>
    <h1>Jobs</h1>
    <div id="results" ${jobs.some(({ endedAt }) => endedAt === null) ? 'data-running' : ''}>
      ${jobs.length === 0 ? html`<p class="faint">No jobs yet.</p>` : jobList(jobs, href)}
    </div>
  `;
}

export function jobList(
  jobs: readonly (Omit<ListedJob, 'title' | 'recordingId'> & Partial<Pick<ListedJob, 'title' | 'recordingId'>>)[],
  href: Pages['href'],
): Html {
  return html`<ul class="plain jobs">
    ${jobs.map(({ title, recordingId, ...job }) => {
      const hint = retryHint(job);
      const name = title === undefined ? null : (title ?? 'A link');
      return html`<li class="job">
        <span>
          ${name === null ? '' : recordingId == null ? name : html`<a href="${href(`/r/${recordingId}`)}">${name}</a>`}
          <span class="faint">${job.strategy} · for ${job.requestedBy} · ${day(job.createdAt)} · ${job.code}</span>
        </span>
        ${
          job.endedAt === null
            ? progress(job)
            : html`<span class="${job.state === 'done' ? 'good' : 'bad'}">${stateWord(job.state)}</span>`
        }
        ${hint === null ? '' : html`<span class="faint">${hint}</span>`}
      </li>`;
    })}
  </ul>`;
}
