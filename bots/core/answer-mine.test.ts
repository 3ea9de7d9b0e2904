import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { NO_TAB_PREFERENCES } from '../../workflows/contract/tab.ts';
import { NAMED_TUNINGS } from '../../workflows/contract/tunings.ts';
import { answerCommand } from './answer-command.ts';
import type { Answer } from './answer.ts';
import { createAnswerDesk } from './answer-desk.test-kit.ts';
import type { AnswerDesk } from './answer-desk.test-kit.ts';
import { readCommand } from './read-command.ts';
import { splitWords } from './split-words.ts';

let desk: AnswerDesk;
beforeEach(() => {
  desk = createAnswerDesk();
});

async function say(line: string): Promise<Answer> {
  const read = readCommand(splitWords(line), desk.deps.strategies);
  assert.ok('command' in read, JSON.stringify(read));
  return await answerCommand(desk.incoming(read.command), desk.deps);
}

test('what a member usually plays on is kept, piece by piece, and told to them alone', async () => {
  const said = await say('jam mine tuning:dadgad capo:2');
  assert.deepEqual(said.lines, [
    'Saved.',
    'What you usually play on:',
    'level:full (as everybody)',
    'tuning:DADGAD',
    'capo:2',
    'frets:24 (as everybody)',
  ]);
  assert.equal(said.onlyForAsker, true);
  await say('jam mine level:easy frets:22');
  assert.deepEqual(desk.tabs.member, { level: 'easy', tuning: NAMED_TUNINGS.dadgad, capo: 2, frets: 22 });
  assert.deepEqual((await say('jam mine')).lines[0], 'What you usually play on:');
});

test('a band has its own, which holds for members who said nothing', async () => {
  const all = await say('jam settings tuning:drop-d level:intermediate');
  assert.deepEqual(all.lines.slice(-4), [
    'level:intermediate',
    'tuning:drop-d',
    'capo:0 (as everybody)',
    'frets:24 (as everybody)',
  ]);
  assert.equal(all.onlyForAsker, false);
  await say('jam mine tuning:"C2 G2 C3 G3 C4 E4"');
  assert.deepEqual((await say('jam mine')).lines.slice(1, 3), [
    'level:intermediate (as the band)',
    'tuning:C2 G2 C3 G3 C4 E4',
  ]);
  assert.equal((await say('jam settings')).lines.includes('tuning:drop-d'), true);
});

test('a guitar’s capo does not go to the bass that is said next, nor to its tabs', async () => {
  await say('jam mine tuning:dadgad capo:2 frets:19');
  const { lines } = await say('jam mine tuning:bass-standard');
  assert.deepEqual(lines.slice(3), ['tuning:bass-standard', 'capo:0 (as everybody)', 'frets:24 (as everybody)']);
});

test('a band’s other settings stay when its tabs change, and the other way round', async () => {
  await say('jam settings quality:best');
  await say('jam settings capo:3');
  await say('jam settings format:flac');
  assert.deepEqual([desk.band.settings.quality, desk.band.settings.format], ['best', 'flac']);
  assert.deepEqual(desk.tabs.band, { ...NO_TAB_PREFERENCES, capo: 3 });
});

test('what was said can be taken back', async () => {
  await say('jam mine tuning:dadgad capo:2 level:easy');
  await say('jam mine forget:yes level:full');
  assert.deepEqual(desk.tabs.member, { ...NO_TAB_PREFERENCES, level: 'full' });
});

test('what is no tuning is refused before anything is kept', () => {
  for (const line of ['jam mine tuning:xyz level:easy', 'jam settings tuning:xyz']) {
    const read = readCommand(splitWords(line), desk.deps.strategies);
    assert.ok('failure' in read && read.failure.code === 'unknown-tuning', line);
  }
});
