/** A stem of a page that plays it: its keys, its picture, its level. */
import { html } from 'hono/html';
import type { StemView } from '../../db/recording-view.ts';
import type { Html } from '../look/page.ts';

/** Hues of rows; more stems begin again. */
const HUES = 7;

/** @param files path below which stems can be downloaded */
export function stemRow(files: string, { name, isResidual }: StemView, index: number): Html {
  const label = labelOf(name, isResidual);
  const href = `${files}/${encodeURIComponent(`${name}.wav`)}`;
  return html`<li class="stem hue-${index % HUES}" data-stem="${name}">
    <div class="stem-name">
      <h2 title="${isResidual ? 'What no stem carries: with it, all together are the song' : label}">${label}</h2>
      <div class="stem-keys">
        <button type="button" class="mute" aria-pressed="false" aria-label="Mute ${label}">M</button>
        <button type="button" class="solo" aria-pressed="false" aria-label="Solo ${label}">S</button>
        <a class="take" href="${href}" download aria-label="Download ${label} as WAV">
          <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 4v11m-5-5 5 5 5-5M5 20h14" /></svg>
        </a>
      </div>
    </div>
    <div class="wave" aria-hidden="true">
      <canvas class="dim"></canvas><canvas class="lit"></canvas><i class="loop"></i><i class="head"></i>
    </div>
    <div class="level">
      <div class="meter" aria-hidden="true"><i></i></div>
      <input
        type="range"
        class="fader"
        min="0"
        max="200"
        value="150"
        aria-label="Level of ${label}"
        aria-valuetext="0.0 dB"
      />
      <output class="number">0.0</output>
    </div>
  </li>`;
}

function labelOf(name: string, isResidual: boolean): string {
  if (isResidual) return 'The rest';
  const words = name.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
