/** `GET /r/<recording>`: the mixer. It stands before its scripts have run: what it is about, its stems, and what can be taken away. */
import { html } from 'hono/html';
import type { SeparationView } from '../../db/recording-view.ts';
import type { RenderingView } from '../../db/renderings.repository.ts';
import type { Html } from '../look/page.ts';
import type { WebContext } from '../web.ts';
import { playerOf } from './player-pack.ts';
import type { Look, MixerRoom } from './recording-routes.ts';
import { stemRow } from './stem-row.ts';
import { timeline } from './timeline.ts';
import { exportDialog, keysDialog, transportBar } from './transport-bar.ts';

/** Of wasm, which the stretcher is. */
const CSP = { 'script-src': "'wasm-unsafe-eval'" };

export async function mixerPage(context: WebContext, room: MixerRoom, look: Look): Promise<Response> {
  const { recording, separation } = look;
  const player = await playerOf(room, look);
  const body = separation === null || player === null ? withoutStems(look) : mixer(look, separation, player);
  return await room.deps.pages.render(context, {
    title: recording.title,
    body,
    styles: ['mixer/mixer.css'],
    scripts: separation === null ? ['mixer/wait.ts'] : ['mixer/main.ts'],
    csp: CSP,
  });
}

function withoutStems({ recording, base }: Look): Html {
  const isRunning = recording.jobs.some(({ state }) => state === 'queued' || state === 'running');
  return html`<section
    class="card narrow stack"
    id="waiting"
    data-events="${base}/events"
    ${isRunning ? 'data-running' : ''}
  >
    <h1>${recording.title}</h1>
    ${
      isRunning
        ? html`<p id="said" role="status">The stems are being made. This page shows them when they are there.</p>
            <progress id="progress" max="1" aria-label="Progress"></progress>`
        : html`<p>The stems of this song are not kept any more. Send it to the chat again, and they are made anew.</p>`
    }
  </section>`;
}

function mixer(look: Look, separation: SeparationView, player: RenderingView): Html {
  const { recording, base, canEdit, memberId } = look;
  const query = `?separation=${separation.id}`;
  return html`<section
    class="mixer"
    id="mixer"
    data-base="${base}"
    data-query="${query}"
    data-state="${player.state}"
    aria-label="Mixer"
  >
    <div class="song">
      <div>
        <h1>${recording.title}</h1>
        <p class="faint">
          ${memberId === null ? '' : `${recording.bandName} · `}${lengthOf(recording.durationSeconds)}
        </p>
      </div>
      <div class="row">
        ${takes(look, separation)}
        <a class="button" href="${base}/zip/${separation.id}/wav" download aria-label="Download all stems as ZIP"
          >ZIP</a
        >
      </div>
    </div>
    <progress id="progress" max="1" value="${player.fraction}" aria-label="Preparing the player" hidden></progress>
    ${timeline()}
    <ol class="stems" id="stems">
      ${separation.stems.map((stem, index) => stemRow(`${base}/files/${separation.id}`, stem, index))}
    </ol>
    ${transportBar(canEdit, said(player))} ${canEdit ? exportDialog(base, query) : ''} ${keysDialog()}
    <noscript><p class="card">Playing needs JavaScript. Each stem can be downloaded without.</p></noscript>
  </section>`;
}

/** Other separations of the same song. */
function takes({ recording, base }: Look, shown: SeparationView): Html {
  if (recording.separations.length < 2) return html``;
  return html`<nav class="takes" aria-label="Versions of the stems">
    ${recording.separations.map(
      ({ id, strategy, quality }) =>
        html`<a class="button" href="${base}?separation=${id}" ${id === shown.id ? 'aria-current="page"' : ''}
          >${strategy} · ${quality}</a
        >`,
    )}
  </nav>`;
}

function said({ state }: RenderingView): string {
  switch (state) {
    case 'made':
      return '';
    case 'making':
      return 'Preparing the player …';
    case 'failed':
      return 'The player could not be prepared. Reload this page in a minute.';
  }
}

function lengthOf(seconds: number): string {
  const whole = Math.round(seconds);
  return `${String(Math.floor(whole / 60))}:${String(whole % 60).padStart(2, '0')}`;
}
