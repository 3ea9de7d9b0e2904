/** The bar that stays in view: play, where it is, what is repeated, how fast and how high; and what opens above it. */
import { html } from 'hono/html';
import { STEM_FORMATS } from '../../workflows/contract/request.ts';
import type { StemFormat } from '../../workflows/contract/request.ts';
import type { Html } from '../look/page.ts';

const FORMATS: Readonly<Record<StemFormat, string>> = {
  flac: 'FLAC, 24 bits',
  wav: 'WAV, 32-bit float',
  mp3: 'MP3, 320 kbit/s',
  opus: 'Opus, 192 kbit/s',
};

/** A key, and what it does. */
export type KeyWords = readonly [key: string, what: string];

const KEYS: readonly KeyWords[] = [
  ['Space', 'play, pause'],
  ['← →', '5 seconds back, ahead; with Shift 1 second'],
  ['Home', 'to the start'],
  ['1 … 9', 'mute a stem'],
  ['Shift 1 … 9', 'solo a stem'],
  ['A, B', 'the repeat begins here, ends here'],
  ['L', 'repeat on, off'],
  ['+, −', 'faster, slower'],
  ['T, Shift T', 'a semitone up, down'],
  ['C', 'click on the beats'],
  ['?', 'this list'],
];

export function transportBar(canEdit: boolean, sentence: string): Html {
  return html`<div class="transport" role="group" aria-label="Transport">
    <p class="said" id="said" role="status">${sentence}</p>
    <div class="bar-main">
      <button type="button" class="icon" id="to-start" aria-label="To the start">
        <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6 5v14M19 6v12l-9-6z" /></svg>
      </button>
      <button type="button" class="primary icon" id="play" aria-label="Play" aria-pressed="false">
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path class="when-still" d="M8 5v14l11-7z" />
          <path class="when-playing" d="M8 5v14M16 5v14" />
        </svg>
      </button>
      <p class="time number">
        <span id="now">0:00.0</span> <span class="faint">/ <span id="length">0:00</span></span>
      </p>
      <div class="meter master" aria-hidden="true"><i id="master-left"></i><i id="master-right"></i></div>
    </div>
    <div class="bar-group" role="group" aria-label="Repeat">
      <button type="button" id="loop-a" aria-label="The repeat begins here">A</button>
      <button type="button" id="loop-b" aria-label="The repeat ends here">B</button>
      <button type="button" class="icon" id="loop" aria-pressed="false" aria-label="Repeat from A to B">
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M4 12V9a3 3 0 0 1 3-3h12m-3-3 3 3-3 3M20 12v3a3 3 0 0 1-3 3H5m3 3-3-3 3-3" />
        </svg>
      </button>
    </div>
    <div class="bar-group">
      <button type="button" class="icon" id="click" aria-pressed="false" aria-label="Click on the beats">
        <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M9.5 3h5L18 21H6zM7 16h10M12 12l6-7" /></svg>
      </button>
      <input
        type="range"
        class="fader"
        id="click-level"
        min="0"
        max="200"
        value="150"
        aria-label="Level of the click"
        hidden
      />
    </div>
    ${stepper('speed', 'Speed', 'Slower', 'Faster', '100 %')} ${stepper('pitch', 'Key', 'Lower', 'Higher', '±0')}
    <div class="bar-group bar-end">
      ${canEdit ? html`<button type="button" id="export">Export</button>` : ''}
      <button type="button" class="icon" id="keys" aria-label="Keys">?</button>
    </div>
  </div>`;
}

function stepper(id: string, label: string, less: string, more: string, value: string): Html {
  return html`<div class="bar-group stepper" role="group" aria-label="${label}">
    <span class="faint">${label}</span>
    <button type="button" class="icon" id="${id}-less" aria-label="${less}">−</button>
    <output class="number" id="${id}">${value}</output>
    <button type="button" class="icon" id="${id}-more" aria-label="${more}">+</button>
  </div>`;
}

export function exportDialog(base: string, query: string): Html {
  return html`<dialog id="export-dialog" aria-labelledby="export-title">
    <form method="dialog" class="stack" data-export="${base}/export${query}">
      <h2 id="export-title">Export this mix</h2>
      <p>One file with the levels as they are set now, at the song’s own speed and key.</p>
      <p class="row">
        <label for="format">Format</label>
        <select id="format">
          ${STEM_FORMATS.toSorted((a, b) => (a === 'flac' ? -1 : b === 'flac' ? 1 : 0)).map(
            (format) => html`<option value="${format}">${FORMATS[format]}</option>`,
          )}
        </select>
      </p>
      <progress id="export-progress" max="1" value="0" aria-label="Export" hidden></progress>
      <p id="export-said" role="status"></p>
      <p class="row">
        <button type="button" class="primary" id="export-make">Make the file</button>
        <a class="button primary" id="export-take" hidden>Download</a>
        <button type="submit">Close</button>
      </p>
    </form>
  </dialog>`;
}

/** @param more what keys do on one page alone */
export function keysDialog(more: readonly KeyWords[] = []): Html {
  return html`<dialog id="keys-dialog" aria-labelledby="keys-title">
    <form method="dialog" class="stack">
      <h2 id="keys-title">Keys</h2>
      <dl class="keys">
        ${[...more, ...KEYS].map(
          ([key, what]) =>
            html`<dt><kbd>${key}</kbd></dt>
              <dd>${what}</dd>`,
        )}
      </dl>
      <button type="submit">Close</button>
    </form>
  </dialog>`;
}
