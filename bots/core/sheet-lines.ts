/** What a card says of a chord chart, of a song's words, and of a tab, in words. */
import type { SongFacts } from '../../workflows/contract/analysis.ts';
import type { ChartSummary } from '../../workflows/contract/chart.ts';
import type { Language } from '../../workflows/contract/job-view.ts';
import type { LyricsSummary } from '../../workflows/contract/lyrics.ts';
import { pitchClassOf } from '../../workflows/contract/scales.ts';
import type { ChordsResult, LyricsResult, SheetResult, TabResult } from '../../workflows/contract/sheets.ts';
import type { Instrument } from '../../workflows/contract/tab.ts';
import { isBassTuning } from '../../workflows/contract/tunings.ts';
import { keyName, trust } from './analysis-lines.ts';
import { formatClock } from './format-clock.ts';
import { tuningWords } from './tuning-words.ts';
import { wordsOf } from './words/words-of.ts';
import type { TabWords } from './words/sheet-words.ts';
import type { Words } from './words/words.ts';

/** More would hide the chart below them. */
const SECTIONS_SHOWN = 12;
/** A neck of which nobody says how long it is. */
const USUAL_FRETS = 24;

export function sheetLines(result: Exclude<SheetResult, { kind: 'analysis' }>, language: Language): string[] {
  const words = wordsOf(language);
  switch (result.kind) {
    case 'chords':
      return chartLines(result, words);
    case 'lyrics':
      return lyricsLines(result, language, words);
    case 'tab':
      return tabLines(result, words.sheets.tab);
  }
}

function chartLines({ summary, facts }: ChordsResult, words: Words): string[] {
  const { chords } = words.sheets;
  const { capo, easiestCapo, opening } = summary;
  if (opening.trim() === '') return [chords.noChords];
  return [
    chartKey(summary, isKeySaid(summary, facts), words),
    ...capoLine(summary, words),
    ...(easiestCapo !== null && easiestCapo !== capo ? [chords.easiest(easiestCapo)] : []),
    ...sectionLine(summary, words),
    ...modulationLine(summary, words),
    '',
    ...opening.split('\n').map((line) => line.trimEnd()),
    '',
  ];
}

/** False where a song begins in another key than the one that somebody said it is in. */
function isKeySaid({ key, transpose }: ChartSummary, facts: SongFacts): boolean {
  if (key === null || facts.key === undefined) return false;
  const said = pitchClassOf(facts.key.tonic) + transpose;
  return key.mode === facts.key.mode && (said - pitchClassOf(key.tonic)) % 12 === 0;
}

function chartKey({ key, transpose }: ChartSummary, isSaid: boolean, { analysis, sheets }: Words): string {
  if (key === null) return analysis.noKey;
  const { up, down } = sheets.chords;
  const moved = transpose === 0 ? [] : [transpose > 0 ? up(transpose) : down(-transpose)];
  return `${[analysis.key(keyName(key, analysis)), ...moved].join(', ')} ${trust(key, isSaid, analysis)}`;
}

function capoLine({ capo, playedIn }: ChartSummary, { analysis, sheets }: Words): string[] {
  if (capo === 0) return [];
  const { chords } = sheets;
  const shapes = playedIn === null ? [] : [chords.shapesIn(keyName(playedIn, analysis))];
  return [[chords.capo(capo), ...shapes].join(', ')];
}

/** Their scales and numerals stand in the chart below. */
function sectionLine({ sections }: ChartSummary, { analysis }: Words): string[] {
  if (sections.length < 2) return [];
  const parts = sections.map(({ title, startSeconds }) => `${formatClock(startSeconds)} ${title}`);
  return [analysis.form(parts.slice(0, SECTIONS_SHOWN).join(' · '))];
}

function modulationLine({ modulations }: ChartSummary, { analysis, sheets }: Words): string[] {
  if (modulations.length === 0) return [];
  const keys = modulations.map(
    ({ atSeconds, tonic, mode }) => `${formatClock(atSeconds)} ${keyName({ tonic, mode }, analysis)}`,
  );
  return [sheets.chords.modulations(keys.join(', '))];
}

function lyricsLines({ summary }: LyricsResult, language: Language, { analysis, sheets }: Words): string[] {
  const { lyrics } = sheets;
  if (summary.words === 0) return [lyrics.nobodySings];
  const { source, words, confidence } = summary;
  const count = source === 'given' ? lyrics.given(words) : lyrics.heard(words);
  const sureness = confidence === null ? '' : ` ${trust({ confidence }, false, analysis)}`;
  const sung = summary.language === null ? [] : [lyrics.language(languageName(summary.language, language))];
  return [...sung, `${count}${sureness}`, '', ...openingLines(summary), ''];
}

function languageName(sung: string, language: Language): string {
  return new Intl.DisplayNames([language], { type: 'language', fallback: 'code' }).of(sung) ?? sung;
}

function openingLines({ opening }: LyricsSummary): string[] {
  return opening.map(({ startSeconds, text }) => `${formatClock(startSeconds)} ${text}`);
}

/** Of notes that are less plain than this, many were never played. */
const PLAIN_NOTES = 0.4;

function tabLines({ summary }: TabResult, words: TabWords): string[] {
  const { notes, confidence, bars, tempoBpm, playability, alone } = summary;
  if (notes === 0) return [words.noNotes];
  const { largestStretchFrets, shiftsPerBar, dropped } = playability;
  return [
    words.instrument(`${instrumentWords(summary.instrument, words)} (${words.levels[summary.level]})`),
    words.length(bars, notes),
    ...(confidence < PLAIN_NOTES ? [words.faint] : []),
    words.hand(largestStretchFrets, shiftsPerBar.toFixed(1)),
    ...(dropped > 0 ? [words.dropped(dropped)] : []),
    ...(tempoBpm === null ? [words.freeTime] : []),
    ...(alone ? [words.alone] : []),
  ];
}

/** `guitar, DADGAD, capo 2`: the usual is not said. */
export function instrumentWords({ tuning, capo, frets }: Instrument, words: TabWords): string {
  return [
    isBassTuning(tuning) ? words.bass : words.guitar,
    // `bass, drop-d`: whose tuning it is was said.
    tuningWords(tuning).replace(/^bass-/u, ''),
    ...(capo > 0 ? [words.capo(capo)] : []),
    ...(frets === USUAL_FRETS ? [] : [words.frets(frets)]),
  ].join(', ');
}
