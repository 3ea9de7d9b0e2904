/** The rows: level, mute, solo, picture and meter of each stem. */
import { find, findAs, press } from './elements.ts';
import { decibels, FADER_UNITY, gainOfFader, meterFill } from './level-taper.ts';
import { readPeaks } from './player-data.ts';
import type { Player } from './player-data.ts';
import { drawWaveform } from './waveform.ts';

export interface StemRows {
  /** In the player's order, mute and solo resolved. */
  gains(): readonly number[];
  /** By stem. */
  gainsByName(): Readonly<Record<string, number>>;
  toggleMute(index: number): void;
  toggleSolo(index: number): void;
  showLevels(peaks: readonly number[]): void;
  draw(): void;
}

interface Row {
  readonly element: HTMLElement;
  readonly name: string;
  readonly label: string;
  readonly fader: HTMLInputElement;
  readonly output: HTMLElement;
  readonly mute: HTMLButtonElement;
  readonly solo: HTMLButtonElement;
  readonly meter: HTMLElement;
  readonly peaks: Int8Array;
  /** What the meter shows: it falls slower than the sound. */
  shown: number;
  isMuted: boolean;
  isSolo: boolean;
}

/** Of the meter's height, for each report. */
const FALL = 0.03;

export interface StemRowsOptions {
  readonly player: Player;
  readonly onChange: (gains: readonly number[]) => void;
  readonly say: (sentence: string) => void;
}

/** Rows of stems that the player has not, such as a residual that nobody hears, go away. */
export function createStemRows({ player, onChange, say }: StemRowsOptions): StemRows {
  const list = find('#stems');
  const elements = [...list.querySelectorAll<HTMLElement>('.stem')];
  const rows = player.stems.flatMap((stem) => {
    const element = elements.find(({ dataset }) => dataset['stem'] === stem.name);
    return element === undefined ? [] : [openRow(element, stem.name, readPeaks(stem))];
  });
  for (const element of elements) if (!rows.some((row) => row.element === element)) element.remove();

  function gainOf(row: Row): number {
    const isSoloed = rows.some(({ isSolo }) => isSolo);
    return (isSoloed ? row.isSolo : !row.isMuted) ? gainOfFader(row.fader.valueAsNumber) : 0;
  }

  function changed(): void {
    for (const row of rows) {
      press(row.mute, row.isMuted);
      press(row.solo, row.isSolo);
      row.element.classList.toggle('silent', gainOf(row) === 0);
      const shown = decibels(gainOfFader(row.fader.valueAsNumber));
      row.output.textContent = shown;
      row.fader.setAttribute('aria-valuetext', `${shown} dB`);
    }
    onChange(rows.map(gainOf));
  }

  function toggle(index: number, key: 'isMuted' | 'isSolo'): void {
    const row = rows[index];
    if (row === undefined) return;
    row[key] = !row[key];
    changed();
    const words = { isMuted: ['muted', 'not muted any more'], isSolo: ['solo', 'not solo any more'] } as const;
    say(`${row.label}: ${words[key][row[key] ? 0 : 1]}`);
  }

  for (const [index, row] of rows.entries()) {
    row.fader.disabled = false;
    row.fader.addEventListener('input', changed);
    row.fader.addEventListener('dblclick', () => {
      row.fader.value = String(FADER_UNITY);
      changed();
    });
    row.mute.addEventListener('click', () => toggle(index, 'isMuted'));
    row.solo.addEventListener('click', () => toggle(index, 'isSolo'));
  }

  return {
    gains: () => rows.map(gainOf),
    gainsByName: () => Object.fromEntries(rows.map((row) => [row.name, gainOf(row)])),
    toggleMute: (index) => toggle(index, 'isMuted'),
    toggleSolo: (index) => toggle(index, 'isSolo'),
    showLevels(levels) {
      for (const [index, row] of rows.entries()) {
        row.shown = Math.max(meterFill(levels[index] ?? 0), row.shown - FALL);
        row.meter.style.setProperty('--fill', row.shown.toFixed(3));
      }
    },
    draw() {
      for (const { element, peaks } of rows) drawWaveform(element, peaks);
    },
  };
}

function openRow(element: HTMLElement, name: string, peaks: Int8Array): Row {
  return {
    element,
    name,
    peaks,
    label: find('h2', element).textContent ?? name,
    fader: findAs(HTMLInputElement, '.fader', element),
    output: find('output', element),
    mute: findAs(HTMLButtonElement, '.mute', element),
    solo: findAs(HTMLButtonElement, '.solo', element),
    meter: find('.meter', element),
    shown: 0,
    isMuted: false,
    isSolo: false,
  };
}
