/** What a card says of a chart, and what other programs read of it. */
import type { ChartSummary, ChordsDocument } from '../../workflows/contract/chart.ts';
import { hasChords } from './chart.ts';
import type { Chart } from './chart.ts';
import { chartOpening } from './write-chart-text.ts';

/** What fits on a card, and into a workflow's history. */
const MOST_SECTIONS = 24;
const MOST_MODULATIONS = 12;
const OPENING_LINES = 8;
const OPENING_CHARACTERS = 800;

export function summariseChart(chart: Chart): ChartSummary {
  const { sections, modulations, ...rest } = described(chart);
  return {
    ...rest,
    sections: sections.slice(0, MOST_SECTIONS),
    modulations: modulations.slice(0, MOST_MODULATIONS),
    opening: hasChords(chart) ? wholeLines(chartOpening(chart, OPENING_LINES)) : '',
  };
}

export function chordsDocument(chart: Chart): ChordsDocument {
  return {
    title: chart.title,
    ...described(chart),
    tempoBpm: chart.tempoBpm,
    chords: chart.chords.map(({ startSeconds, endSeconds, label, name, numeral, confidence }) => ({
      startSeconds,
      endSeconds,
      label,
      name,
      numeral,
      confidence,
    })),
  };
}

function described(chart: Chart): Omit<ChartSummary, 'opening'> {
  const { key, playedIn, capo, transpose, detail, easiestCapo, blocks, keyChanges } = chart;
  return {
    key,
    playedIn,
    capo,
    transpose,
    detail,
    easiestCapo,
    sections: blocks.map(({ title, startSeconds, scale, numerals }) => ({ title, startSeconds, scale, numerals })),
    modulations: keyChanges.map(({ atSeconds, key: { tonic, mode } }) => ({ atSeconds, tonic, mode })),
  };
}

function wholeLines(text: string): string {
  if (text.length <= OPENING_CHARACTERS) return text;
  return text.slice(0, Math.max(0, text.lastIndexOf('\n', OPENING_CHARACTERS)));
}
