import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ChordSpan, SongAnalysis, SongRhythm } from '../../workflows/contract/analysis.ts';
import { makeChart } from '../chords/make-chart.ts';
import { asciiTab } from './ascii-tab.ts';
import { barSeconds } from './bar-seconds.ts';
import { drawTab } from './draw-tab.ts';
import { makeTab } from './make-tab.ts';
import { musicXml } from './music-xml.ts';
import { anyNotes, anyRhythm, heard, someChords, steadyRhythm, TUNINGS } from './random-songs.test-kit.ts';
import type { TabScore } from './tab-score.ts';

const GUITAR = { tuning: TUNINGS['standard'] as readonly number[], capo: 0, frets: 20 };

function chartStarts(rhythm: SongRhythm, chords: readonly ChordSpan[]): Map<number, number> {
  const analysis: SongAnalysis = {
    durationSeconds: 60,
    rhythm,
    key: null,
    chords,
    sections: [{ startSeconds: 0, endSeconds: 60, letter: 'A', name: null }],
    tuningCents: 0,
    loudnessLufs: -14,
    peakDbtp: -1,
    loudnessRangeLu: 4,
    genre: null,
    mood: null,
  };
  const { blocks } = makeChart({ title: '', analysis, options: { capo: null, transpose: 0, detail: 'simple' } });
  const all = blocks.flatMap(({ bars }) => bars);
  // A chart leaves out what is silent between the last beat that was heard and a chord behind it.
  const gap = all.findIndex(({ startSeconds }, index) => index > 0 && startSeconds !== all[index - 1]?.endSeconds);
  const bars = all.slice(0, gap === -1 ? all.length : gap);
  return new Map(bars.map(({ number, startSeconds }) => [number, startSeconds]));
}

test('a bar of a tab and the bar of the chart with its number are the same', () => {
  let compared = 0;
  fc.assert(
    fc.property(
      anyNotes(),
      anyRhythm(),
      fc.double({ min: 0, max: 4, noNaN: true }),
      fc.boolean(),
      (notes, rhythm, laterSeconds, hasChords) => {
        const spans = someChords().map((span) => ({
          ...span,
          startSeconds: span.startSeconds + laterSeconds,
          endSeconds: span.endSeconds + laterSeconds,
        }));
        const silence = { startSeconds: 0, endSeconds: laterSeconds, label: 'N', confidence: 1 };
        const chords = hasChords ? [silence, ...spans] : [];
        const later = notes.map((note) => ({
          ...note,
          startSeconds: note.startSeconds + laterSeconds / 2,
          endSeconds: note.endSeconds + laterSeconds / 2,
        }));
        const { score } = makeTab({ title: '', notes: later, rhythm, instrument: GUITAR, level: 'full', chords });
        const starts = barSeconds(score);
        const chart = chartStarts(rhythm, chords);
        for (const [index, { number, pickup }] of score.bars.entries()) {
          assert.equal(number, (score.bars[0]?.number as number) + index);
          const atSeconds = chart.get(number);
          if (atSeconds === undefined) continue;
          assert.equal(starts[index], atSeconds);
          if (pickup) assert.equal(number, 0);
          compared++;
        }
      },
    ),
    { numRuns: 200 },
  );
  assert.ok(compared > 200, `${compared} bars`);
});

/** Four bars of two seconds. */
function lateRhythm(startSeconds: number): SongRhythm {
  const rhythm = steadyRhythm(120, 4);
  return {
    ...rhythm,
    beatsSeconds: rhythm.beatsSeconds.map((beat) => beat + startSeconds),
    downbeatsSeconds: rhythm.downbeatsSeconds.map((beat) => beat + startSeconds),
  };
}

function numbersOf(score: TabScore): Readonly<Record<'text' | 'xml' | 'picture', readonly number[]>> {
  const { svg: picture } = drawTab(score, { widthPixels: 800, firstBar: 1, bars: 99 });
  return {
    text: [...asciiTab(score).matchAll(/^-?\d+/gmu)].map(Number),
    xml: [...musicXml(score).matchAll(/<measure number="(-?\d+)"/gu)].map(([, number]) => Number(number)),
    picture: [...picture.matchAll(/fill="#C80000">(-?\d+)/gu)].map(([, number]) => Number(number)),
  };
}

for (const [what, beatsFrom, notes, numbers] of [
  ['silence before the first beat is not counted', 2.3, [2.3, 6.3], [1, 2, 3]],
  ['a silent pickup is not written', 1.8, [1.8, 3.8], [1, 2]],
  ['a pickup is 0', 1.8, [0.8, 1.8, 3.8], [0, 1, 2]],
  ['what is played before the chart begins is 0 and less', 4, [0.1, 2.1, 4, 6], [-1, 0, 1, 2]],
] as const) {
  test(`bars have the chart's numbers in text, MusicXML and picture: ${what}`, () => {
    const { score } = makeTab({
      title: '',
      notes: notes.map((at) => heard(at, 50)),
      rhythm: lateRhythm(beatsFrom),
      instrument: GUITAR,
      level: 'full',
    });
    const { text, xml, picture } = numbersOf(score);
    assert.deepEqual(xml, numbers);
    assert.deepEqual(picture, numbers);
    assert.equal(text[0], numbers[0]);
    const first = score.bars.findIndex(({ number }) => number === 1);
    assert.ok(Math.abs((barSeconds(score)[first] as number) - beatsFrom) < 1e-9);
  });
}

test('without a beat, bars count from the first note', () => {
  const { score } = makeTab({
    title: '',
    notes: [heard(7.3, 60), heard(10, 62)],
    rhythm: null,
    instrument: GUITAR,
    level: 'full',
    chords: someChords(),
  });
  assert.deepEqual(numbersOf(score).xml, [1, 2]);
  assert.ok(Math.abs((barSeconds(score)[0] as number) - 7.3) < 1e-9);
});
