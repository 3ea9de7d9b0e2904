/** What a band plays from, as a script asks for it: chords, a tab and words of one song. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import type { ScriptedSheet } from '../bots/console/scripted.ts';
import type { ChordsDocument } from '../workflows/contract/chart.ts';
import type { LyricsDocument } from '../workflows/contract/lyrics.ts';
import type { SheetDocument } from '../workflows/contract/sheets.ts';
import type { TabDocument } from '../workflows/contract/tab.ts';
import { createPlace, makeSong, woodshed } from './stack.test-kit.ts';
import type { Place } from './stack.test-kit.ts';

const USUAL_CONFIG = join(import.meta.dirname, '..', 'woodshed.yaml');

let place: Place;
let song = '';

before(async () => {
  place = await createPlace(undefined, await readFile(USUAL_CONFIG, 'utf8'));
  song = await makeSong(join(place.folder, 'song.flac'), { seconds: 20 });
});
after(async () => await place.remove());

async function ask<Document extends SheetDocument>(
  verb: 'chords' | 'lyrics' | 'tab',
  ...options: readonly string[]
): Promise<ScriptedSheet<Document>> {
  const run = await woodshed(place, verb, song, '--out', join(place.folder, verb), '--json', ...options);
  const { code, json } = await run.result();
  assert.deepEqual([code, json.status], [0, 'done'], `${JSON.stringify(json)}\n${run.stderr.join('\n')}`);
  return json as unknown as ScriptedSheet<Document>;
}

function endings(files: readonly string[]): readonly string[] {
  return files.map((file) => basename(file).replace(/^.*\./u, '')).toSorted();
}

test('chords are written as they are gripped behind the capo, as picture, text, ChordPro and JSON', async () => {
  const chart = await ask<ChordsDocument>('chords', '--capo', '2', '--transpose', '-1');
  assert.equal(`${chart.key?.tonic ?? ''} ${chart.key?.mode ?? ''}`, 'G# minor');
  assert.equal(`${chart.playedIn?.tonic ?? ''} ${chart.playedIn?.mode ?? ''}`, 'F# minor');
  assert.deepEqual([chart.capo, chart.transpose, chart.detail], [2, -1, 'simple']);
  assert.deepEqual(endings(chart.files), ['cho', 'json', 'png', 'txt']);
  const chordPro = chart.files.find((file) => file.endsWith('.cho')) ?? '';
  assert.match(await readFile(chordPro, 'utf8'), /\[?F#m\]?/u);
});

test('a tab has the notes that were heard, and those that a hand plays, in the member’s tuning', async () => {
  const { notes, tab, playability, instrument, files } = await ask<TabDocument>(
    'tab',
    '--part=melody',
    '--tuning=dadgad',
    '--capo=2',
    '--level=easy',
    '--alone=yes',
  );
  assert.deepEqual(instrument, { tuning: [38, 45, 50, 55, 57, 62], capo: 2, frets: 24 });
  assert.ok(notes.length > 0 && tab.length > 0);
  assert.ok(notes.every(({ startSeconds, endSeconds, amplitude }) => startSeconds < endSeconds && amplitude > 0));
  for (const { pitchMidi, string, fret } of tab) {
    const open: number = instrument.tuning[instrument.tuning.length - string] ?? assert.fail('there is such a string');
    assert.equal(open + instrument.capo + fret, pitchMidi);
  }
  assert.equal(playability.impossibleBars, 0);
  assert.deepEqual(endings(files), ['alphatex', 'gp', 'json', 'mid', 'mp3', 'musicxml', 'png', 'txt']);
});

test('words that are given are sung at times of their own', async () => {
  const given = join(place.folder, 'words.txt');
  await writeFile(given, 'Down on the back porch\nwe play it slow\n');
  const { words, lines, source, files } = await ask<LyricsDocument>('lyrics', '--words', given);
  assert.equal(source, 'given');
  assert.equal(words.map(({ text }) => text).join(' '), 'Down on the back porch we play it slow');
  assert.equal(lines.length, 2);
  assert.ok(words.every(({ startSeconds, endSeconds }) => startSeconds <= endSeconds && endSeconds <= 20.1));
  assert.deepEqual(endings(files), ['json', 'lrc', 'srt', 'txt']);
});
