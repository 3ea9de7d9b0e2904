import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { SourceReference } from '../../workflows/contract/request.ts';
import { answerCommand } from './answer-command.ts';
import { bandJob, createAnswerDesk } from './answer-desk.test-kit.ts';
import type { AnswerDesk } from './answer-desk.test-kit.ts';
import { PLAIN_COMMANDS } from './chat-command.ts';

const CANCELLED = { state: 'cancelled', outcome: { state: 'cancelled' } } as const;

let desk: AnswerDesk;
beforeEach(() => {
  desk = createAnswerDesk();
});

function song(name: string): SourceReference {
  return { kind: 'attachment', reference: name, name, declaredBytes: 7 };
}

/** What is told to whoever presses the one offer of these songs. */
async function press(pressKey: string, sources = [song('a.mp3')]): Promise<string> {
  const pressed = { sources, eventKey: 'offer-chat-1-chords', pressKey };
  const { lines } = await answerCommand(desk.incoming(PLAIN_COMMANDS.chords, pressed), desk.deps);
  return lines[0] ?? '';
}

/** The workflows of the newest event open their jobs. */
function openJobs(...codes: string[]): void {
  const payload = desk.accepted.at(-1)?.payload;
  const requests = payload?.kind === 'job' ? [payload.request] : payload?.kind === 'jobs' ? payload.requests : [];
  const inboundEventId = `inbound-${String(desk.accepted.length - 1)}`;
  for (const [index, code] of codes.entries()) {
    const request = requests[index] ?? assert.fail('no such song');
    desk.jobs.unshift(bandJob({ id: code, code, stage: 'read', request: { ...request, inboundEventId } }));
  }
}

function end(code: string): void {
  const index = desk.jobs.findIndex((job) => job.code === code);
  desk.jobs.splice(index, 1, { ...(desk.jobs[index] ?? assert.fail(code)), ...CANCELLED });
}

test('a press while an earlier one is under way begins nothing, and says where that stands', async () => {
  assert.match(await press('one'), /^On it/u);
  assert.match(await press('two'), /already; the card comes/u);
  openJobs('FIRST1');
  assert.match(await press('three'), /already: the card of FIRST1/u);
  assert.equal(desk.accepted.length, 1);
});

test('once it is over a press begins it anew: once, however many press at once', async () => {
  await press('one');
  for (const [round, code] of ['FIRST1', 'SECOND', 'THIRD1'].entries()) {
    openJobs(code);
    end(code);
    const told = await Promise.all(['a', 'b', 'c'].map(async (each) => await press(`${each}${String(round)}`)));
    assert.equal(told.filter((line) => line.startsWith('On it')).length, 1);
    assert.equal(desk.accepted.length, round + 2);
  }
  assert.equal(new Set(desk.accepted.map(({ eventKey }) => eventKey)).size, 4);
});

test('a press that is told again begins nothing, though what it began is over', async () => {
  await press('one');
  openJobs('FIRST1');
  end('FIRST1');
  assert.match(await press('one'), /^On it/u);
  assert.equal(desk.accepted.length, 1);
  await press('two');
  openJobs('SECOND');
  end('SECOND');
  for (const again of ['one', 'two']) await press(again);
  assert.equal(desk.accepted.length, 2);
});

test('an offer of several songs is over with the last of them', async () => {
  const songs = [song('a.mp3'), song('b.mp3'), song('c.mp3')];
  await press('one', songs);
  openJobs('SONGA1', 'SONGB1');
  end('SONGA1');
  end('SONGB1');
  assert.match(await press('two', songs), /already; the card comes/u, 'one has no row yet');
  desk.jobs.length = 0;
  openJobs('SONGA1', 'SONGB1', 'SONGC1');
  end('SONGB1');
  assert.match(await press('three', songs), /the card of SONGA1, SONGC1/u);
  end('SONGA1');
  end('SONGC1');
  assert.match(await press('four', songs), /^On it: 3 songs/u);
  assert.equal(desk.accepted.length, 2);
});
