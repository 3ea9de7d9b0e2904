/** What is written down of a song, on its page: charts, words and tabs, with their files. */
import { html } from 'hono/html';
import type { SheetView } from '../../db/recording-sheets.repository.ts';
import { aboutTab } from '../tab/about-tab.ts';
import type { Html } from '../look/page.ts';
import { newestOfEach } from './newest-of-each.ts';
import { sheetFiles } from './sheet-downloads.ts';
import { clock, day, size } from './words.ts';

/** Nothing where there are none. @param base of the song's files: its player's address */
export function sheetsView(sheets: readonly SheetView[], base: string): Html {
  if (sheets.length === 0) return html``;
  return html`<section class="card stack" id="sheets" aria-labelledby="sheets-title">
    <h2 id="sheets-title">Written down</h2>
    ${newestOfEach(sheets).map((sheet) => sheetView(sheet, base))}
  </section>`;
}

function sheetView(sheet: SheetView, base: string): Html {
  const files = `${base}/sheets/${sheet.id}`;
  const picture = sheetFiles(sheet).find(({ fileName }) => fileName.endsWith('.png'));
  const title = titleOf(sheet);
  return html`<article class="sheet stack" aria-labelledby="sheet-${sheet.id}">
    <div class="row spread">
      <h3 id="sheet-${sheet.id}">${title}</h3>
      <span class="faint"
        >${day(sheet.madeAt)} ·
        ${sheet.keptUntil === null ? 'kept for good' : html`kept until ${day(sheet.keptUntil)}`}</span
      >
    </div>
    ${picture === undefined ? '' : html`<img src="${files}/${picture.fileName}" alt="${title}, as a picture" loading="lazy" />`}
    ${opening(sheet)}
    <p class="row downloads">
      ${sheet.kind === 'tab' ? html`<a class="button primary" href="${base}/tab?tab=${sheet.id}">Open the tab</a>` : ''}
      ${sheetFiles(sheet).map(
        ({ fileName, blob }) =>
          html`<a class="button" href="${files}/${encodeURIComponent(fileName)}" download
            >${fileName} <span class="faint number">${size(blob.bytes)}</span></a
          >`,
      )}
    </p>
  </article>`;
}

function titleOf(sheet: SheetView): string {
  switch (sheet.kind) {
    case 'analysis': {
      const { rhythm, key } = sheet.made.summary;
      return [
        'Analysis',
        ...(rhythm === null ? [] : [`${rhythm.tempoBpm.toFixed()} BPM`]),
        ...(rhythm === null ? [] : [`${rhythm.timeSignature.beatsPerBar}/${rhythm.timeSignature.beatUnit}`]),
        ...(key === null ? [] : [`${key.tonic} ${key.otherMode ?? key.mode}`]),
      ].join(' · ');
    }
    case 'chords': {
      const { key, capo, transpose, detail } = sheet.made.summary;
      return [
        'Chords',
        ...(key === null ? [] : [`${key.tonic} ${key.mode}`]),
        detail,
        ...(capo > 0 ? [`capo ${String(capo)}`] : []),
        ...(transpose === 0 ? [] : [`moved by ${String(transpose)}`]),
      ].join(' · ');
    }
    case 'lyrics':
      return `Words · ${sheet.made.summary.source === 'given' ? 'as they were given' : 'as they were heard'}`;
    case 'tab':
      return `Tab · ${aboutTab(sheet.made.summary)}`;
  }
}

function opening(sheet: SheetView): Html {
  if (sheet.kind !== 'lyrics') return html``;
  const lines = sheet.made.summary.opening;
  if (lines.length === 0) return html`<p>No words were heard.</p>`;
  return html`<ol class="plain words">
    ${lines.map(
      ({ startSeconds, text }) => html`<li><span class="faint number">${clock(startSeconds)}</span> ${text}</li>`,
    )}
  </ol>`;
}
