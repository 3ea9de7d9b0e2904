/** A song's analysis as a script asks for it: heard, corrected, found again; and what has no beat. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { ScriptedSheet } from '../bots/console/scripted.ts';
import type { AnalysisDocument } from '../workflows/contract/sheets.ts';
import { createPlace, makeSong, woodshed } from './stack.test-kit.ts';
import type { Place } from './stack.test-kit.ts';

let place: Place;
let song = '';

before(async () => {
  place = await createPlace();
  song = await makeSong(join(place.folder, 'song.flac'), { seconds: 20 });
});
after(async () => await place.remove());

async function analyze(
  path: string,
  out: string,
  ...options: readonly string[]
): Promise<ScriptedSheet<AnalysisDocument>> {
  const run = await woodshed(place, 'analyze', path, '--out', out, '--json', ...options);
  const { code, json } = await run.result();
  assert.deepEqual([code, json.status], [0, 'done'], run.stderr.join('\n'));
  return json as unknown as ScriptedSheet<AnalysisDocument>;
}

test('a song has a tempo, bars, a key and chords, as JSON and as files', async () => {
  const heard = await analyze(song, 'heard');
  assert.equal(heard.reused, false);
  assert.ok(Math.abs((heard.tempoBpm ?? 0) - 96) < 1, String(heard.tempoBpm));
  assert.equal(heard.timeSignature?.beatsPerBar, 4);
  assert.equal(`${heard.key?.tonic ?? ''} ${heard.key?.mode ?? ''}`, 'A minor');
  assert.ok(heard.downbeatsSeconds.every((at) => heard.beatsSeconds.includes(at)));
  let end = 0;
  for (const { startSeconds, endSeconds } of heard.chords) {
    assert.equal(startSeconds, end, 'chords tile the song');
    assert.ok(endSeconds > startSeconds);
    end = endSeconds;
  }
  assert.equal(end, heard.durationSeconds);
  const [picture = '', document = ''] = heard.files;
  assert.equal((await readFile(picture)).toString('latin1', 1, 4), 'PNG');
  assert.equal(
    (JSON.parse(await readFile(document, 'utf8')) as ScriptedSheet<AnalysisDocument>).tempoBpm,
    heard.tempoBpm,
  );
});

test('what a musician says is kept with the song, and what was heard under it is found again', async () => {
  const corrected = await analyze(song, 'corrected', '--metre', '3/4', '--key', 'Em');
  assert.deepEqual([corrected.reused, corrected.timeSignature?.beatsPerBar], [false, 3]);
  assert.equal(`${corrected.key?.tonic ?? ''} ${corrected.key?.mode ?? ''}`, 'E minor');
  const again = await analyze(song, 'again');
  assert.deepEqual([again.reused, again.facts], [true, corrected.facts]);
  assert.deepEqual(again.chords, corrected.chords);
});

test('silence is an answer: there is no beat', async () => {
  const silence = join(place.folder, 'silence.wav');
  const bytes = Buffer.alloc(44 + 8000 * 2 * 5);
  bytes.write('RIFF\0\0\0\0WAVEfmt ', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.writeUInt32LE(16, 16);
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 2],
    [34, 16],
  ] as const) {
    bytes.writeUInt16LE(value, at);
  }
  bytes.writeUInt32LE(8000, 24);
  bytes.writeUInt32LE(16_000, 28);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(bytes.length - 44, 40);
  await writeFile(silence, bytes);
  const heard = await analyze(silence, 'silence');
  assert.deepEqual([heard.tempoBpm, heard.timeSignature, heard.key, heard.loudnessLufs], [null, null, null, null]);
  assert.deepEqual(
    heard.chords.map(({ label }) => label),
    ['N'],
  );
});
