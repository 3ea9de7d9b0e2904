/** The tab's page stands before its scripts have run: which tab it is, its files, and the stems that are played beside it. */
import { html } from 'hono/html';
import { tuningName } from '../../workflows/contract/tunings.ts';
import { keysDialog, transportBar } from '../mixer/transport-bar.ts';
import type { KeyWords } from '../mixer/transport-bar.ts';
import { stemRow } from '../mixer/stem-row.ts';
import { timeline } from '../mixer/timeline.ts';
import type { Html, Pages } from '../look/page.ts';
import type { WebContext } from '../web.ts';
import { aboutTab, PART_NAMES } from './about-tab.ts';
import { filesOf } from './tab-look.ts';
import type { TabLook, TabView } from './tab-look.ts';

const CSP = { 'script-src': "'wasm-unsafe-eval'" };
const KEYS: readonly KeyWords[] = [
  [', .', 'a bar back, ahead'],
  ['A, B', 'the repeat begins with this bar, ends with it'],
];

export async function tabPage(context: WebContext, pages: Pages, look: TabLook): Promise<Response> {
  const { recording, tab } = look;
  const isWritten = filesOf(tab) !== null;
  return await pages.render(context, {
    title: `${recording.title} · ${PART_NAMES[tab.made.summary.part]} tab`,
    body: isWritten ? written(look, pages) : nothingWritten(look, pages),
    styles: ['mixer/mixer.css', 'tab/tab.css'],
    scripts: isWritten ? ['tab/main.ts'] : [],
    csp: CSP,
  });
}

function nothingWritten({ recording, tab }: TabLook, { href }: Pages): Html {
  return html`<section class="card narrow stack">
    <h1>${recording.title}</h1>
    <p>No notes were found for ${PART_NAMES[tab.made.summary.part].toLowerCase()} in this song, so there is no tab.</p>
    <p><a href="${href(`/library/songs/${recording.id}`)}">What else there is of it</a></p>
  </section>`;
}

function written(look: TabLook, pages: Pages): Html {
  const { recording, separation, base, tab } = look;
  const { made } = tab;
  const query = new URLSearchParams({ tab: tab.id, ...(separation === null ? {} : { separation: separation.id }) });
  const canPlay = separation !== null || recording.working !== null;
  return html`<section
    class="mixer tab-page"
    id="mixer"
    data-base="${base}"
    data-query="?${query.toString()}"
    data-state="${canPlay ? 'waiting' : 'silent'}"
    aria-label="Tab and player"
  >
    <div class="song">
      <div>
        <h1>${recording.title}</h1>
        <p class="faint">${aboutTab(made.summary)}</p>
      </div>
      <div class="row">
        ${otherTabs(look)}
        <a class="button" href="${pages.href(`/library/songs/${recording.id}`)}#sheets">Files</a>
      </div>
    </div>
    <progress id="progress" max="1" value="0" aria-label="Preparing the player" hidden></progress>
    <div class="sheet">
      <p class="faint tab-said" id="tab-said" role="status"></p>
      <div
        class="tab"
        id="tab"
        role="slider"
        tabindex="0"
        aria-label="Bar"
        aria-valuemin="1"
        aria-valuemax="${made.summary.bars}"
        aria-valuenow="1"
      >
        <div id="tab-marks" class="tab-marks"></div>
        <div id="tab-picture" class="tab-picture"></div>
      </div>
    </div>
    ${canPlay ? player(look) : html`<p class="card" id="said">The sound of this song is not kept any more. Send it to the chat again, and it can be played here.</p>`}
    <noscript><p class="card">The tab moves with JavaScript alone. Its files can be downloaded without.</p></noscript>
  </section>`;
}

function player({ separation, base }: TabLook): Html {
  const files = separation === null ? '' : `${base}/files/${separation.id}`;
  return html`${timeline()}
    <details class="stems-beside" ${separation === null ? 'hidden' : ''}>
      <summary>Stems</summary>
      <ol class="stems" id="stems">
        ${separation?.stems.map((stem, index) => stemRow(files, stem, index)) ?? ''}
      </ol>
    </details>
    ${transportBar(false, '')} ${keysDialog(KEYS)}`;
}

function otherTabs({ sheets, tab, base }: TabLook): Html {
  const tabs = sheets.filter((sheet): sheet is TabView => sheet.kind === 'tab');
  if (tabs.length < 2) return html``;
  return html`<nav class="takes" aria-label="Tabs of this song">
    ${tabs.map(
      ({ id, made: { summary } }) =>
        html`<a class="button" href="${base}/tab?tab=${id}" ${id === tab.id ? 'aria-current="page"' : ''}
          >${PART_NAMES[summary.part]} · ${summary.level} · ${tuningName(summary.instrument.tuning)}</a
        >`,
    )}
  </nav>`;
}
