import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PNG } from 'pngjs';
import { chartPages, MARGIN, MOST_PAGES, PAGE_HEIGHT, PAGE_WIDTH } from './chart-layout.ts';
import { chartPictures } from './chart-pictures.ts';
import type { Chart } from './chart.ts';
import { drawChart } from './draw-chart.ts';
import { makeChart } from './make-chart.ts';
import { knownSong, repeated } from './songs.test-kit.ts';
import type { KnownSong } from './songs.test-kit.ts';
import { textWidth } from '../pictures/text-width.ts';

const C = { tonic: 'C', mode: 'major' } as const;

function chartOf(song: Partial<KnownSong>, title = 'A song'): Chart {
  const analysis = knownSong({ key: C, bars: ['C:maj', 'F:maj', 'G:7', 'C:maj'], ...song });
  return makeChart({ title, analysis, options: { capo: null, transpose: 0, detail: 'detailed' } });
}

function drawn(chart: Chart): string {
  return chartPages(chart).map(drawChart).join('\n');
}

interface DrawnText {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly weight: 'normal' | 'bold';
}

function texts(svg: string): DrawnText[] {
  const found = svg.matchAll(
    /<text x="([\d.]+)" y="([\d.]+)" font-size="([\d.]+)" font-weight="(\w+)"[^>]*>([^<]*)</gu,
  );
  return [...found].map(([, x, y, size, weight, text]) => ({
    text: String(text).replaceAll('&amp;', '&').replaceAll('&lt;', '<').replaceAll('&gt;', '>'),
    x: Number(x),
    y: Number(y),
    size: Number(size),
    weight: weight === 'bold' ? 'bold' : 'normal',
  }));
}

/** The longest row of chords, of every length, that a song may have. */
const CROWDED: KnownSong['bars'] = [
  ['C:maj', 'B:dim', 'A:min', 'D:min7'],
  ['F#:min7', 'C#:min7', 'F#:hdim7', 'Bb:maj7'],
  ['F#:minmaj7/b3', 'C:maj'],
  'F#:minmaj7/b3',
  ['C:maj', 'F#:hdim7', 'F:maj'],
];

test('nothing is drawn over anything else, or outside of the page', () => {
  const bars = [...CROWDED, ...repeated(['C:maj', 'G:maj'], 2)];
  const sections = [0, 5].map((bar) => ({ bar, letter: 'A', name: 'verse' as const }));
  for (const song of [
    { bars, sections, tempoBpm: 60 },
    { bars, sections, tempoBpm: null },
  ]) {
    const all = texts(
      drawn(chartOf(song, 'A song of which the title is so long that nobody would ever want to read all of it')),
    );
    const boxes = all.map((each) => ({
      ...each,
      right: each.x + textWidth(each.text, each.weight) * each.size,
      top: each.y - 0.73 * each.size,
    }));
    assert.ok(boxes.length > 15);
    for (const box of boxes) {
      assert.ok(box.x >= MARGIN - 10 && box.right <= PAGE_WIDTH - 2, `${box.text} ends at ${box.right}`);
      const over = boxes.find(
        (other) =>
          other !== box && other.x < box.right && box.x < other.right && other.top < box.y && box.top < other.y,
      );
      assert.equal(over, undefined, `${box.text} and ${over?.text}`);
      assert.ok(box.size >= 12, `${box.text} is of ${box.size} pixels`);
    }
  }
});

test('a picture has title, key, sections, numerals, chords and repeats as text', () => {
  const sections = [{ bar: 0, letter: 'A', name: 'verse' as const }];
  const chart = chartOf({ bars: repeated(['C:maj', 'G:maj', 'A:min', 'F:maj'], 4), sections }, 'Röck & <roll>');
  const found = texts(drawn(chart)).map(({ text }) => text);
  assert.deepEqual(found, [
    'Röck & <roll>',
    'Key: C major',
    '120 BPM, 4/4',
    'Easiest with capo 5, play in G',
    'Verse',
    'C major: I V vi IV',
    '1',
    'C',
    'G',
    'Am',
    'F',
    '×4',
  ]);
});

test('letters are really drawn, as wide as they are said to be', async () => {
  const [picture] = await chartPictures(chartOf({}, 'WWWWWWWWWW'));
  const { width, height, data } = PNG.sync.read(picture as Buffer);
  assert.equal(width, 1.5 * PAGE_WIDTH);
  let right = 0;
  // Title, within its first 48 pixels.
  for (let y = 0; y < Math.min(height, 1.5 * (MARGIN + 40)); y++) {
    for (let x = 0; x < width; x++) if ((data[4 * (y * width + x)] as number) < 100) right = Math.max(right, x);
  }
  const expected = 1.5 * (MARGIN + textWidth('WWWWWWWWWW', 'bold') * 30);
  assert.ok(Math.abs(right - expected) < 6, `${right} instead of ${expected}`);
});

test('a long song has pages, and the last says where it goes on', async () => {
  const labels = ['E:min', 'C:maj', 'G:maj', 'D:maj', 'A:min', 'B:7', 'B:min'];
  // Powers of 11 modulo 1009 do not come again before the song ends.
  let power = 1;
  const bars = Array.from({ length: 700 }, () => labels[(power = (power * 11) % 1009) % 7] as string);
  const sections = Array.from({ length: 10 }, (_, part) => ({ bar: part * 70, letter: 'ABCDEFGHIJ'.charAt(part) }));
  const chart = chartOf({ bars, sections });
  const pages = chartPages(chart);
  assert.equal(pages.length, MOST_PAGES);
  const numbers = pages.map(({ items }) =>
    items.flatMap((item) => (item.kind === 'bars' ? item.line.bars.map(({ number }) => number) : [])),
  );
  assert.deepEqual(
    numbers.flat(),
    Array.from({ length: numbers.flat().length }, (_, bar) => bar + 1),
  );
  const next = (page: number): number => (numbers[page]?.at(-1) ?? 0) + 1;
  assert.deepEqual(
    pages.map(({ items }) => items.at(-1)).map((item) => (item?.kind === 'remark' ? item.text : null)),
    [0, 1, 2].map((page) => `Goes on with bar ${next(page)} ${page < 2 ? `on page ${page + 2}` : 'in chords.txt'}`),
  );
  for (const page of pages) {
    const height = Number(/height="(\d+)"/u.exec(drawChart(page))?.[1]);
    assert.ok(height > PAGE_HEIGHT / 2 && height <= PAGE_HEIGHT, `${height}`);
    assert.notEqual(page.items.at(-2)?.kind, 'heading');
  }
  const short = await chartPictures(chartOf({}));
  assert.equal(short.length, 1);
});
