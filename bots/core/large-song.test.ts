import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { SourceReference } from '../../workflows/contract/request.ts';
import { createAnswerDesk } from './answer-desk.test-kit.ts';
import type { AnswerDesk } from './answer-desk.test-kit.ts';
import { answerCommand } from './answer-command.ts';
import type { Answer } from './answer.ts';
import { PLAIN_SPLIT } from './chat-command.ts';
import { refuseLargeSong } from './large-song.ts';

const LIMITS = { largestBytes: 500_000_000, fromChatBytes: 20_971_520 };

let desk: AnswerDesk;
beforeEach(() => {
  desk = createAnswerDesk();
});

function song(name: string, declaredBytes: number | null): SourceReference {
  return { kind: 'attachment', reference: name, name, declaredBytes };
}

async function split(...sources: readonly SourceReference[]): Promise<Answer> {
  return await answerCommand(desk.incoming(PLAIN_SPLIT, { sources }), { ...desk.deps, songLimits: LIMITS });
}

function songsTaken(): readonly string[] {
  return desk.accepted
    .flatMap(({ payload }) =>
      payload.kind === 'job' ? [payload.request] : payload.kind === 'jobs' ? payload.requests : [],
    )
    .map(({ command: { source } }) => (source.kind === 'attachment' ? source.name : ''));
}

test('what is too large for the chat is refused at once with both ways out, and nothing is written down', async () => {
  const answer = await split(song('concert.wav', 20_971_521));
  assert.ok(answer.kind === 'refused');
  assert.deepEqual(answer.failure, { code: 'too-large', facts: { limitMegabytes: 20 } });
  assert.deepEqual(answer.lines, [
    'From this chat I get files of up to 20 MB, and concert.wav is larger; send a direct link to it, or a smaller file.',
  ]);
  assert.deepEqual(desk.accepted, []);
});

test('what is too large altogether is told no link: it would not be taken either', async () => {
  const answer = await split(song('concert.wav', 500_000_001));
  assert.deepEqual(answer.lines, ['That file is too large (the limit is 500 MB); send a smaller or compressed one.']);
  assert.deepEqual(desk.accepted, []);
});

test('what fits, or whose size nobody said, is taken; and what comes by a link or from an earlier job', async () => {
  for (const source of [song('a.mp3', 20_971_520), song('b.mp3', null)])
    assert.equal((await split(source)).kind, 'accepted');
  assert.deepEqual(songsTaken(), ['a.mp3', 'b.mp3']);
  for (const source of [
    { kind: 'link', url: 'https://example.org/concert.wav' },
    { kind: 'earlier', jobId: 'before', name: 'concert.wav' },
  ] as const) {
    assert.equal(refuseLargeSong(source, LIMITS, 'en'), null);
  }
  const whatever = { ...LIMITS, fromChatBytes: null };
  assert.equal(refuseLargeSong(song('concert.wav', 400_000_000), whatever, 'en'), null);
});

test('of several songs those that fit are taken, and it is said which are not', async () => {
  const answer = await split(song('a.mp3', 1), song('x.wav', 30_000_000), song('b.mp3', 1), song('y.wav', 600_000_000));
  assert.deepEqual(songsTaken(), ['a.mp3', 'b.mp3']);
  assert.equal(answer.kind, 'text', 'an accepted command is not spoken of everywhere');
  assert.match(answer.lines[0] ?? '', /2 songs/u);
  assert.match(answer.lines[1] ?? '', /x\.wav/u);
  assert.match(answer.lines[2] ?? '', /500 MB/u);
});

test('several that are all too large say so once each', async () => {
  const answer = await split(song('x.wav', 600_000_000), song('y.wav', 600_000_000));
  assert.deepEqual([answer.kind, answer.lines.length], ['refused', 1]);
});

test('a page that takes it is offered where there are pages and it is not too large for everything', async () => {
  const large = song('concert.wav', 30_000_000);
  const offered = await split(large);
  assert.equal(offered.ownPage?.kind, 'upload');
  assert.match(offered.ownPage.url, /\/u\/event-/u);
  assert.deepEqual(desk.accepted, []);
  assert.equal((await split(song('festival.wav', 600_000_000))).ownPage, undefined);
  desk.hasPages = false;
  assert.equal((await split(large)).ownPage, undefined);
});
