/** One song: what can be taken home, who may look, what was done, and how to get rid of it. */
import { html } from 'hono/html';
import type { SheetView } from '../../db/recording-sheets.repository.ts';
import type { SharedLink } from '../../db/recording-shares.repository.ts';
import type { RecordingView, SeparationView } from '../../db/recording-view.ts';
import type { StemFormat } from '../../workflows/contract/request.ts';
import type { Html, Pages } from '../look/page.ts';
import { keptFormats } from './kept-files.ts';
import { jobList, libraryPath, renameForm } from './library-view.ts';
import { sheetsView } from './sheet-views.ts';
import { clock, day, qualityWords, size } from './words.ts';

export interface SongLook {
  readonly recording: RecordingView;
  readonly sheets: readonly SheetView[];
  readonly shares: readonly SharedLink[];
  /** Whole address of a link that has just been made: it is told this once. */
  readonly newLink: string | null;
}

export function songView({ recording, sheets, shares, newLink }: SongLook, { href }: Pages): Html {
  const { id, title, bandId, bandName, durationSeconds, bytes, createdAt, separations, jobs } = recording;
  return html`
    <p><a href="${href(libraryPath(bandId))}">← ${bandName}</a></p>
    <div class="song-head">
      <div>
        <h1>${title}</h1>
        <p class="faint">
          <span class="number">${clock(durationSeconds)}</span> · ${day(createdAt)} ·
          <span class="number">${size(bytes)}</span>
        </p>
      </div>
      <a class="button primary" href="${href(`/r/${id}`)}">Open in the mixer</a>
    </div>
    <div class="stack sections">
      ${separations.length === 0 ? notKept() : separations.map((separation) => separationView(separation, `${href('/r')}/${id}`))}
      ${sheetsView(sheets, `${href('/r')}/${id}`)}
      <section class="card stack" id="sharing" aria-labelledby="sharing-title">
        <h2 id="sharing-title">Sharing</h2>
        ${newLink === null ? '' : madeLink(newLink)}
        <p class="faint">
          Whoever has a link sees this one song, plays it and takes its stems home; nothing else of the library.
        </p>
        ${shares.length === 0 ? '' : shareList(shares, href)} ${shareForm(id, href)}
      </section>
      ${
        jobs.length === 0
          ? ''
          : html`<section class="card stack">
              <h2>Jobs</h2>
              ${jobList(jobs, href)}
            </section>`
      }
      <section class="card stack" aria-labelledby="keep-title">
        <h2 id="keep-title">This song</h2>
        ${renameForm(recording, 'song', href)}
        <p><a class="button danger" href="${href(`/library/songs/${id}/delete`)}">Delete …</a></p>
      </section>
    </div>
  `;
}

function notKept(): Html {
  return html`<section class="card">
    <p>Its stems are not kept any more. Send the song again in the chat, and they are made anew.</p>
  </section>`;
}

function separationView(separation: SeparationView, base: string): Html {
  const { id, strategy, quality, keptUntil, stems } = separation;
  const formats = keptFormats(separation);
  const file = (name: string, format: StemFormat): string => encodeURIComponent(`${name}.${format}`);
  return html`<section class="card stack" aria-labelledby="separation-${id}">
    <div class="row spread">
      <h2 id="separation-${id}">${strategy} <span class="faint">· ${qualityWords(quality)}</span></h2>
      <span class="faint">${keptUntil === null ? 'kept for good' : html`kept until ${day(keptUntil)}`}</span>
    </div>
    <p class="row downloads">
      <span>All stems as ZIP:</span>
      ${formats
        .filter(({ isWhole }) => isWhole)
        .map(
          ({ format, files }) =>
            html`<a class="button" href="${base}/zip/${id}/${format}" download
              >${format.toUpperCase()} <span class="faint number">${size(totalOf(files))}</span></a
            >`,
        )}
    </p>
    <ul class="plain stems">
      ${stems.map(
        ({ name, loudnessLufs }) =>
          html`<li class="stem">
            <img
              src="${base}/waveforms/${id}/${encodeURIComponent(name)}.png"
              alt=""
              width="1200"
              height="160"
              loading="lazy"
            />
            <span class="stem-name">${name}</span>
            <span class="faint number"
              >${loudnessLufs === null ? 'silent' : `${loudnessLufs.toFixed(1).replace('-', '−')} LUFS`}</span
            >
            <span class="row downloads">
              ${formats
                .filter(({ format, files }) => files.some(({ fileName }) => fileName === `${name}.${format}`))
                .map(
                  ({ format }) =>
                    html`<a
                      class="button"
                      href="${base}/files/${id}/${file(name, format)}"
                      download
                      aria-label="${name} as ${format.toUpperCase()}"
                      >${format.toUpperCase()}</a
                    >`,
                )}
            </span>
          </li>`,
      )}
    </ul>
  </section>`;
}

function totalOf(files: readonly { readonly blob: { readonly bytes: number } }[]): number {
  return files.reduce((sum, { blob }) => sum + blob.bytes, 0);
}

function madeLink(link: string): Html {
  return html`<div class="made stack" role="status">
    <label for="made-link"><strong>Here is the link.</strong> It is shown this once: copy it now.</label>
    <span class="row nowrap">
      <input id="made-link" class="number" type="text" value="${link}" readonly data-select />
      <button type="button" data-copy="made-link" hidden>Copy</button>
    </span>
  </div>`;
}

function shareList(shares: readonly SharedLink[], href: Pages['href']): Html {
  return html`<ul class="plain shares">
    ${shares.map(
      ({ id, madeBy, createdAt, endsAt, showsTitle }) =>
        html`<li class="row spread">
          <span>
            Made by ${madeBy ?? 'somebody who is gone'}
            <span class="faint"
              >· ${day(createdAt)} ·
              ${endsAt === null ? 'no end' : html`until ${day(endsAt)}`}${showsTitle ? ' · previews show the title' : ''}</span
            >
          </span>
          <form method="post" action="${href(`/library/shares/${id}/revoke`)}">
            <button class="danger">Revoke</button>
          </form>
        </li>`,
    )}
  </ul>`;
}

function shareForm(id: string, href: Pages['href']): Html {
  return html`<form class="row share" method="post" action="${href(`/library/songs/${id}/shares`)}">
    <label for="days">Ends</label>
    <select id="days" name="days">
      <option value="7">in a week</option>
      <option value="30" selected>in a month</option>
      <option value="365">in a year</option>
      <option value="">never by itself</option>
    </select>
    <label class="check"><input type="checkbox" name="title" value="yes" /> Previews may show the title</label>
    <button class="primary">Make a link</button>
  </form>`;
}

export function deleteView(recording: RecordingView, isBusy: boolean, { href }: Pages): Html {
  const { id, title, bytes, separations } = recording;
  return html`<section class="card narrow stack">
    <h1>Delete “${title}”?</h1>
    ${
      isBusy
        ? html`<p class="bad" role="alert">
            A job works on this song. Wait until it is done, or cancel it in the chat.
          </p>`
        : html`<p>
            Its ${separations.length === 1 ? 'stems go' : `${separations.length} sets of stems go`}, shared links end,
            and
            <span class="number">${size(bytes)}</span> are free again. What stands in the chat stays there.
          </p>`
    }
    <div class="row">
      <form method="post" action="${href(`/library/songs/${id}/delete`)}">
        <button class="danger">Delete for good</button>
      </form>
      <a class="button" href="${href(`/library/songs/${id}`)}">Keep it</a>
    </div>
  </section>`;
}
