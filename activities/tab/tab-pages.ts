/** All that is written of a tab. Takes seconds for a long song: runs in a thread of its own (`tab-thread.ts`). */
import type { SongAnalysis } from '../../workflows/contract/analysis.ts';
import type { HeardNote } from '../../workflows/contract/notes.ts';
import type { TabPlan } from '../../workflows/contract/sheets.ts';
import type { TabDocument, TabSummary } from '../../workflows/contract/tab.ts';
import { wavHeader } from '../media/float-wav.ts';
import { alphaTex, guitarPro } from './alphatab-files.ts';
import { asciiTab } from './ascii-tab.ts';
import { barSeconds } from './bar-seconds.ts';
import { busiestSpan } from './busiest-span.ts';
import { countable } from './free-time.ts';
import { makeTab } from './make-tab.ts';
import type { Tab } from './make-tab.ts';
import { midiFile } from './midi-file.ts';
import { musicXml } from './music-xml.ts';
import { tabPictures } from './tab-page.ts';
import { tabPreview } from './tab-preview.ts';
import type { TabScore } from './tab-score.ts';

const PREVIEW_SECONDS = 20;
const PREVIEW_RATE_HZ = 44_100;

export interface TabWork {
  readonly title: string;
  /** A `SongAnalysis` as JSON. */
  readonly analysis: Uint8Array;
  /** An array of `HeardNote` as JSON. */
  readonly heard: Uint8Array;
  readonly plan: Pick<TabPlan, 'part' | 'level' | 'instrument'>;
}

export interface TabPage {
  /** `tab.wav` is the preview, as mono 32-bit float. */
  readonly fileName: string;
  readonly bytes: Uint8Array;
}

export interface TabPages {
  readonly summary: Omit<TabSummary, 'alone'>;
  /** In the order in which they are handed over; `tab.json` alone where there is nothing to play. */
  readonly pages: readonly TabPage[];
}

/** @param onPage called after each page */
export function tabPages({ title, analysis, heard, plan }: TabWork, onPage: () => void): TabPages {
  const { rhythm, chords, key } = parse(analysis) as SongAnalysis;
  const notes = parse(heard) as readonly HeardNote[];
  const { part, level, instrument } = plan;
  const tab = makeTab({ title, notes, rhythm, chords, key, ...plan });
  const isEmpty = tab.tab.length === 0;
  const { dropped, ...ease } = tab.playability;
  const confidence = plainness(notes);
  const document: TabDocument = {
    title,
    ...plan,
    confidence,
    notes: notes.map(({ startSeconds, endSeconds, pitchMidi, amplitude }) => ({
      startSeconds,
      endSeconds,
      pitchMidi,
      amplitude,
    })),
    tab: tab.tab,
    barsSeconds: isEmpty ? [] : barSeconds(tab.score),
    firstBarNumber: tab.score.bars[0]?.number ?? 1,
    playability: tab.playability,
  };
  const writers: readonly (readonly [string, () => string | Uint8Array])[] = [
    ...(isEmpty ? [] : scoreWriters(tab)),
    ['tab.json', () => `${JSON.stringify(document, null, 2)}\n`],
  ];
  const pictures = isEmpty ? [] : tabPictures(tab.score, onPage);
  const documents = writers.map(([fileName, write]): TabPage => {
    const content = write();
    onPage();
    return { fileName, bytes: typeof content === 'string' ? new TextEncoder().encode(content) : content };
  });
  return {
    summary: {
      part,
      level,
      instrument,
      notes: tab.tab.length,
      confidence,
      bars: isEmpty ? 0 : tab.score.bars.length,
      tempoBpm: countable(rhythm)?.tempoBpm ?? null,
      playability: { ...ease, dropped: dropped.filter(({ why }) => why !== 'another part').length },
    },
    pages: [
      ...pictures.map((bytes, page) => ({ fileName: page === 0 ? 'tab.png' : `tab-${page + 1}.png`, bytes })),
      ...documents,
    ],
  };
}

function plainness(notes: readonly HeardNote[]): number {
  const amplitudes = notes.map(({ amplitude }) => amplitude).toSorted((a, b) => a - b);
  return amplitudes[amplitudes.length >> 1] ?? 0;
}

/** Our own words: they were put whole or not at all. */
function parse(json: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(json));
}

function scoreWriters({ score }: Tab): (readonly [string, () => string | Uint8Array])[] {
  return [
    ['tab.wav', () => previewWav(score)],
    ['tab.mid', () => midiFile(score, { bends: true })],
    ['tab.txt', () => asciiTab(score)],
    ['tab.musicxml', () => musicXml(score)],
    ['tab.alphatex', () => alphaTex(score)],
    ['tab.gp', () => guitarPro(score)],
  ];
}

function previewWav(score: TabScore): Uint8Array {
  const span = busiestSpan(score, PREVIEW_SECONDS) ?? { fromSeconds: 0, seconds: 0 };
  const sound = tabPreview(score, { ...span, rateHz: PREVIEW_RATE_HZ });
  const header = wavHeader({ rateHz: PREVIEW_RATE_HZ, channels: 1, samples: sound.length });
  return Buffer.concat([header, new Uint8Array(sound.buffer, sound.byteOffset, sound.byteLength)]);
}
