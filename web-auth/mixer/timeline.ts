/** Where in the song it is, what is repeated, and its sections: over the stems of the mixer and under a tab alike. */
import { html } from 'hono/html';
import type { Html } from '../look/page.ts';

export function timeline(): Html {
  return html`<div class="timeline">
    <div class="ruler" id="ruler" role="slider" tabindex="0" aria-label="Position" aria-valuemin="0" aria-valuenow="0">
      <canvas></canvas><i class="loop"></i><i class="head"></i>
    </div>
    <div class="sections" id="sections" role="group" aria-label="Sections" hidden></div>
  </div>`;
}
