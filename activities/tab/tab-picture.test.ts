import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { test } from 'node:test';
import { PNG } from 'pngjs';
import { drawTab } from './draw-tab.ts';
import { makeTab } from './make-tab.ts';
import { heard, steadyRhythm, TUNINGS } from './random-songs.test-kit.ts';
import { tabPicture } from './tab-picture.ts';
import type { TabScore } from './tab-score.ts';

const GUITAR = { tuning: TUNINGS['standard'] as readonly number[], capo: 0, frets: 20 };

function song(title: string, pitches: readonly number[]): TabScore {
  const notes = pitches.map((pitch, index) => heard(index / 2, pitch));
  const chords = [{ startSeconds: 0, endSeconds: 1, label: 'A:min7', confidence: 1 }];
  return makeTab({ title, notes, rhythm: steadyRhythm(120, 4), instrument: GUITAR, level: 'full', chords }).score;
}

function darkPixels({ data }: PNG): number {
  let dark = 0;
  for (let index = 0; index < data.length; index += 4) if ((data[index] as number) < 100) dark++;
  return dark;
}

test('a drawing has the title, the chord and the frets as text', () => {
  const drawing = drawTab(song('Röck & <roll>', [76, 81, 74, 79]), { widthPixels: 800, firstBar: 1, bars: 8 }).svg;
  assert.match(drawing, /Röck &amp; &lt;roll&gt;/u);
  assert.match(drawing, />Am7</u);
  assert.equal(drawing.match(/dominant-baseline: middle'>\d+</gu)?.length, 4);
  assert.doesNotMatch(drawing, /[^-]font:/u);
});

test('a picture is as large as asked, and its letters and numbers are really drawn', () => {
  const full = PNG.sync.read(
    tabPicture(song('A', [76, 81, 74, 79]), { widthPixels: 800, firstBar: 1, bars: 8, scale: 2 }).png,
  );
  const untitled = PNG.sync.read(
    tabPicture(song('', [76, 81, 74, 79]), { widthPixels: 800, firstBar: 1, bars: 8, scale: 2 }).png,
  );
  assert.equal(full.width, 1600);
  assert.ok(darkPixels(full) > darkPixels(untitled) + 100, 'the title');
  // Without either font others stand in, with a thousand dark pixels more.
  assert.ok(Math.abs(darkPixels(untitled) - 11_400) < 400, `${darkPixels(untitled)} dark pixels`);
});

test('a picture of some bars is of those alone', () => {
  const long = song('', [76, 81, 74, 79, 77, 72, 74, 76]);
  const first = drawTab(long, { widthPixels: 800, firstBar: 1, bars: 1 }).svg;
  assert.equal(first.match(/dominant-baseline: middle'>\d+</gu)?.length, 4);
});

test('a page ends with the last line of music that fits', () => {
  const long = song(
    '',
    Array.from({ length: 160 }, (_, index) => 60 + (index % 12)),
  );
  const whole = drawTab(long, { widthPixels: 800, firstBar: 1, bars: 20 }).svg;
  const page = drawTab(long, { widthPixels: 800, heightPixels: 500, firstBar: 1, bars: 20 }).svg;
  const [all, first] = [whole, page].map((svg) => Number(/height="(\d+)"/u.exec(svg)?.[1])) as [number, number];
  assert.ok(all > 900 && first > 350 && first <= 500, `${first} of ${all} pixels`);
});

test('bars before the first note take one sign, and a long title is drawn whole', () => {
  const notes = [heard(200, 60)];
  const rhythm = steadyRhythm(120, 101);
  const title = 'W'.repeat(80);
  const { score } = makeTab({ title, notes, rhythm, instrument: GUITAR, level: 'full' });
  const drawing = drawTab(score, { widthPixels: 700, heightPixels: 400, firstBar: 1, bars: 101 }).svg;
  assert.equal(drawing.match(/dominant-baseline: middle'>\d+</gu)?.length, 1);
  const size = Number(new RegExp(`font-size:([\\d.]+)px[^>]*>${title}<`, 'u').exec(drawing)?.[1]);
  assert.ok(size > 8 && size < 18, `${size} px`);
});

test('bars of rest are counted in one sign in a song that drifts, and every chord in them is named', () => {
  const steady = steadyRhythm(120, 24);
  const rhythm = { ...steady, beatsSeconds: steady.beatsSeconds.map((at, beat) => at + 0.01 * Math.sin(beat)) };
  const drifting = { ...rhythm, downbeatsSeconds: rhythm.beatsSeconds.filter((_, beat) => beat % 4 === 0) };
  const notes = [heard(0, 60), heard(40, 60)];
  const draw = (labels: readonly string[]): string => {
    const chords = labels.map((label, index) => ({
      startSeconds: index * 8,
      endSeconds: index * 8 + 8,
      label,
      confidence: 1,
    }));
    const made = makeTab({ title: '', notes, rhythm: drifting, instrument: GUITAR, level: 'full', chords });
    return drawTab(made.score, { widthPixels: 800, firstBar: 1, bars: 24 }).svg;
  };
  const namesIn = (drawing: string): string[] =>
    [...drawing.matchAll(/>([A-G]m?)<\/text>/gu)].map(([, name = '']) => name);
  const heightOf = (drawing: string): number => Number(/height="(\d+)"/u.exec(drawing)?.[1]);
  const [plain, changing] = [draw([]), draw(['C:maj', 'A:min', 'F:maj', 'G:maj', 'D:min', 'C:maj'])];
  assert.ok(heightOf(plain) < 300, `${heightOf(plain)} pixels of a bar, 19 bars of rest, and a bar`);
  assert.deepEqual(namesIn(changing), ['C', 'Am', 'F', 'G', 'Dm', 'C']);
});

const CJK_FONTS = globSync('/usr/share/fonts/**/{*CJK*,DroidSansFallback*,*gothic*,wqy*}.{ttf,otf,ttc}');

test(
  'letters that no font of ours has are written with the machine’s',
  {
    skip:
      CJK_FONTS.length === 0 && 'this machine has no Chinese, Japanese and Korean letters (Debian: fonts-wqy-microhei)',
  },
  () => {
    const [a, b] = ['夜に駆ける', '残酷な天使'].map(
      (title) => tabPicture(song(title, [76]), { widthPixels: 800, firstBar: 1, bars: 1, scale: 1 }).png,
    ) as [Buffer, Buffer];
    assert.ok(!a.equals(b), 'both are rows of boxes');
  },
);

test('a wide title is no wider than the page', () => {
  const title = '夜'.repeat(60);
  const drawing = drawTab(song(title, [76]), { widthPixels: 800, firstBar: 1, bars: 1 }).svg;
  const size = Number(new RegExp(`font-size:([\\d.]+)px[^>]*>${title}<`, 'u').exec(drawing)?.[1]);
  assert.ok(size * 60 <= 801, `${size} px`);
});
