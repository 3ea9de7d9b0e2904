import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { SourceReference } from '../../workflows/contract/request.ts';
import { ANA, BEN, HERE, bandJob, createAnswerDesk } from './answer-desk.test-kit.ts';
import type { AnswerDesk } from './answer-desk.test-kit.ts';
import { answerCommand } from './answer-command.ts';
import type { Answer } from './answer.ts';
import { PLAIN_SPLIT } from './chat-command.ts';
import type { ChatCommand, SplitOptions } from './chat-command.ts';

let desk: AnswerDesk;
beforeEach(() => {
  desk = createAnswerDesk();
});

function song(index = 1): SourceReference {
  return { kind: 'attachment', reference: `file-${String(index)}`, name: `${String(index)}.mp3`, declaredBytes: 1 };
}

function split(options: Partial<SplitOptions> = {}, target: string | null = null): ChatCommand {
  return { ...PLAIN_SPLIT, target, options: { ...PLAIN_SPLIT.options, ...options } };
}

async function answer(command: ChatCommand, changes: Parameters<AnswerDesk['incoming']>[1] = {}): Promise<Answer> {
  return await answerCommand(desk.incoming(command, changes), desk.deps);
}

test('a song becomes a job with the usual settings, and the answer is the asker’s alone', async () => {
  const given = await answer(split(), { sources: [song()], eventKey: 'key' });
  assert.deepEqual([given.kind, given.onlyForAsker, given.lines.length], ['accepted', true, 1]);
  const usual = { strategy: 'vocals', quality: 'fast', format: 'mp3', pick: { kind: 'all' } };
  assert.deepEqual(desk.accepted, [
    {
      platform: 'discord',
      botId: 'bot',
      eventKey: 'key',
      payload: {
        kind: 'job',
        request: { address: HERE, requester: ANA, command: { kind: 'split', source: song(), ...usual } },
      },
    },
  ]);
});

async function commandOf(options: Partial<SplitOptions>): Promise<unknown> {
  await answer(split(options), { sources: [song()] });
  const payload = desk.accepted.at(-1)?.payload;
  return payload?.kind === 'job' ? payload.request.command : payload;
}

test('the band’s settings come before everybody’s, and what was said before both', async () => {
  desk.band = {
    ...desk.band,
    settings: { ...desk.band.settings, strategy: 'band', quality: 'best', format: 'flac', language: 'de' },
  };
  const said = { kind: 'split', source: song(), strategy: 'band', quality: 'best', format: 'flac' } as const;
  assert.deepEqual(await commandOf({}), { ...said, pick: { kind: 'all' } });
  assert.deepEqual(await commandOf({ format: 'opus', strategy: 'vocals' }), {
    ...said,
    strategy: 'vocals',
    format: 'opus',
    pick: { kind: 'all' },
  });
  desk.band = { ...desk.band, settings: { ...desk.band.settings, strategy: 'of-last-year' } };
  assert.equal(((await commandOf({})) as { strategy: string }).strategy, 'vocals', 'a strategy that went is not used');
});

test('a pick chooses a strategy that has the stems; a named one that has not is refused with what it has', async () => {
  const drums = { kind: 'want', stems: ['vocals', 'drums'] } as const;
  assert.equal(((await commandOf({ pick: drums })) as { strategy: string }).strategy, 'band');
  const vocals = { kind: 'minus', stems: ['vocals'] } as const;
  assert.equal(((await commandOf({ pick: vocals })) as { strategy: string }).strategy, 'vocals');
  const accepted = desk.accepted.length;
  const named = await answer(split({ strategy: 'vocals', pick: drums }), { sources: [song()] });
  assert.ok(named.kind === 'refused' && named.failure.code === 'unknown-stem');
  assert.deepEqual(named.failure.facts, { known: 'vocals, accompaniment' });
  const nowhere = await answer(split({ pick: { kind: 'want', stems: ['mid', 'drums'] } }), { sources: [song()] });
  assert.ok(nowhere.kind === 'refused' && nowhere.failure.code === 'unknown-stem');
  assert.equal(desk.accepted.length, accepted);
});

test('up to ten songs of one event are that many jobs in their order; more are none', async () => {
  const songs = Array.from({ length: 10 }, (_, index) => song(index));
  const ten = await answer(split(), { sources: songs });
  assert.equal(ten.kind, 'accepted');
  assert.match(ten.lines[0] ?? '', /10 songs/u);
  const payload = desk.accepted[0]?.payload;
  assert.ok(payload?.kind === 'jobs');
  assert.deepEqual(
    payload.requests.map(({ command }) => command.source),
    songs,
  );
  const eleven = await answer(split(), { sources: [...songs, song(11)] });
  assert.ok(eleven.kind === 'refused' && eleven.failure.code === 'too-many-files');
  assert.equal(desk.accepted.length, 1);
});

test('the same event again is the same jobs', async () => {
  const one = await answer(split(), { sources: [song()], eventKey: 'again' });
  const other = await answer(split(), { sources: [song()], eventKey: 'again' });
  assert.deepEqual(one, other);
  assert.equal(desk.accepted.length, 1);
});

test('a link, or the code of an earlier job of the band, is a song; nothing is a friendly question', async () => {
  desk.jobs.push(bandJob({ code: 'AAAAAA', title: 'Old one' }), bandJob({ id: 'x', code: 'BBBBBB', bandId: 'others' }));
  await answer(split({}, 'https://example.org/a.mp3'));
  await answer(split({}, 'aaaaaa'));
  const sources = desk.accepted.map(({ payload }) => payload.kind === 'job' && payload.request.command.source);
  assert.deepEqual(sources, [
    { kind: 'link', url: 'https://example.org/a.mp3' },
    { kind: 'earlier', jobId: desk.jobs[0]?.id, name: 'Old one' },
  ]);
  for (const target of [null, 'BBBBBB', 'hello']) {
    const asked = await answer(split({}, target));
    assert.ok(asked.kind === 'text' && asked.onlyForAsker);
    assert.match(asked.lines[0] ?? '', /\/split/u);
  }
});

test('lists the band’s jobs alone, with a button for each that runs', async () => {
  desk.jobs.push(
    bandJob({ code: 'RUNS11', stage: 'separate', fraction: 0.4 }),
    bandJob({ code: 'ENDED1', state: 'cancelled', outcome: { state: 'cancelled' } }),
    bandJob({ code: 'THEIRS', bandId: 'others' }),
  );
  const { lines, buttons } = await answer({ kind: 'jobs' });
  assert.equal(lines.length, 2);
  assert.match(lines[0] ?? '', /RUNS11 · running · song\.mp3 · vocals, fast · Separate 40 %/u);
  assert.deepEqual(
    buttons.map(({ id }) => id),
    ['v1:RUNS11:cancel'],
  );
});

test('whoever asked, and the band’s owner, may stop a job; nobody else, who is told who may', async () => {
  desk.jobs.push(bandJob({ code: 'RUNS11', stage: 'separate' }));
  const byBen = await answer({ kind: 'cancel', code: 'RUNS11' }, { requester: BEN });
  assert.match(byBen.lines[0] ?? '', /Only Ana/u);
  assert.equal(desk.accepted.length, 0);
  assert.match((await answer({ kind: 'cancel', code: null })).lines[0] ?? '', /Stopping RUNS11/u);
  desk.ownerId = BEN.userId;
  await answer({ kind: 'cancel', code: 'RUNS11' }, { requester: BEN });
  assert.deepEqual(
    desk.accepted.map(({ payload }) => payload),
    Array.from({ length: 2 }, () => ({ kind: 'cancel', jobId: desk.jobs[0]?.id })),
  );
});

test('without a code one’s own newest job is stopped; whoever has none is told whose runs', async () => {
  const { request } = bandJob();
  desk.jobs.push(
    bandJob({ id: 'of Ben', code: 'BENS11', stage: 'separate', request: { ...request, requester: BEN } }),
    bandJob({ id: 'new', code: 'ANAS22', stage: 'read' }),
    bandJob({ id: 'old', code: 'ANAS11', stage: 'separate' }),
  );
  assert.match((await answer({ kind: 'cancel', code: null })).lines[0] ?? '', /Stopping ANAS22/u);
  assert.deepEqual(
    desk.accepted.map(({ payload }) => payload),
    [{ kind: 'cancel', jobId: 'new' }],
  );
  const cleo = { ...ANA, userId: 'cleo', displayName: 'Cleo' };
  desk.ownerId = cleo.userId;
  const told = await answer({ kind: 'cancel', code: null }, { requester: cleo });
  assert.match(told.lines[0] ?? '', /Nothing of yours is running; BENS11 is Ben's\..*\/cancel BENS11/u);
  assert.equal(desk.accepted.length, 1, 'nobody else’s song is stopped by not saying which');
});

test('what cannot be stopped is said', async () => {
  desk.jobs.push(
    bandJob({ code: 'ENDED1', state: 'cancelled', outcome: { state: 'cancelled' } }),
    bandJob({ code: 'THEIRS', bandId: 'others' }),
  );
  assert.match((await answer({ kind: 'cancel', code: 'ENDED1' })).lines[0] ?? '', /over already/u);
  assert.match((await answer({ kind: 'cancel', code: 'THEIRS' })).lines[0] ?? '', /no job THEIRS/u);
  assert.match((await answer({ kind: 'cancel', code: null })).lines[0] ?? '', /Nothing is running/u);
  assert.equal(desk.accepted.length, 0);
});

test('does a job again with what it was given, or as it is asked to', async () => {
  const failed = { state: 'failed', outcome: { state: 'failed', failure: { code: 'internal', facts: {} } } } as const;
  desk.jobs.push(bandJob({ code: 'FAILED', title: 'Song', stage: 'separate', ...failed }));
  const again = await answer({ kind: 'retry', code: null, quality: null, format: 'opus' });
  assert.equal(again.kind, 'accepted');
  const payload = desk.accepted[0]?.payload;
  assert.ok(payload?.kind === 'job');
  assert.deepEqual(payload.request.command, {
    ...desk.jobs[0]?.request.command,
    format: 'opus',
    source: { kind: 'earlier', jobId: desk.jobs[0]?.id, name: 'Song' },
  });
});

test('what never arrived is asked for anew, where it can be had', async () => {
  const refused = {
    state: 'refused',
    stage: 'receive',
    outcome: { state: 'refused', failure: { code: 'file-missing', facts: {} } },
  } as const;
  desk.jobs.push(bandJob({ code: 'FAILED', ...refused }));
  const retry = { kind: 'retry', code: 'FAILED', quality: null, format: null } as const;
  await answer(retry);
  await answer(retry, { address: { ...HERE, platform: 'slack' } });
  const kinds = desk.accepted.map(({ payload }) => payload.kind === 'job' && payload.request.command.source.kind);
  assert.deepEqual(kinds, ['attachment', 'earlier'], 'another platform cannot open this one’s attachments');
});

test('nothing is done again that runs, is not there, or is another band’s', async () => {
  desk.jobs.push(bandJob({ code: 'RUNS11', stage: 'read' }), bandJob({ id: 'x', code: 'THEIRS', bandId: 'others' }));
  for (const code of ['RUNS11', 'THEIRS', 'NOBODY', null]) {
    assert.equal((await answer({ kind: 'retry', code, quality: null, format: null })).kind, 'text', String(code));
  }
  assert.equal(desk.accepted.length, 0);
});

test('too many commands a minute are answered with when the next is free, and do nothing', async () => {
  desk.freeInSeconds = 42;
  const limited = await answer(split(), { sources: [song()] });
  assert.equal(limited.kind, 'text');
  assert.match(limited.lines[0] ?? '', /42 s/u);
  assert.equal(desk.accepted.length, 0);
});

test('settings are shown, saved, and speak the new language at once', async () => {
  const shown = await answer({ kind: 'settings', changes: {}, tab: {} });
  assert.ok(shown.onlyForAsker && shown.lines.some((line) => line === 'strategy:vocals (as everybody)'));
  const saved = await answer({ kind: 'settings', changes: { language: 'de', strategy: 'band' }, tab: {} });
  assert.ok(!saved.onlyForAsker && saved.lines[0] === 'Gemerkt.' && saved.lines.includes('strategy:band'));
  assert.match((await answer({ kind: 'cancel', code: null })).lines[0] ?? '', /Es läuft nichts/u);
});

test('shares are told with what is left and when more is free', async () => {
  const { lines, onlyForAsker } = await answer({ kind: 'status' });
  assert.ok(onlyForAsker);
  assert.deepEqual(lines.slice(1), [
    '3 of 10 jobs an hour; more in 2 min 05 s',
    '599 of 600 minutes of music a day',
    '0 of 5000 MB a day; more in 2 h 05 min',
  ]);
});

test('a band is founded, joined and left before everybody; its code is for one person’s eyes', async () => {
  assert.ok(!(await answer({ kind: 'band-create', name: 'The Sheds' })).onlyForAsker);
  const code = await answer({ kind: 'band-code' });
  assert.ok(code.onlyForAsker);
  assert.match(code.lines.join(), /\/jam band join ABCD2345.*10 minutes/u);
  desk.joins = { kind: 'joined', band: { ...desk.band, name: 'The Barns', chats: 3 } };
  const joined = await answer({ kind: 'band-join', code: 'ABCD2345' });
  assert.ok(!joined.onlyForAsker && /The Barns.*3 chats/u.test(joined.lines[0] ?? ''));
  for (const kind of ['unknown', 'expired', 'used', 'already'] as const) {
    desk.joins = { kind };
    assert.ok((await answer({ kind: 'band-join', code: 'ABCD2345' })).onlyForAsker);
  }
  desk.joins = { kind: 'wait', freeInSeconds: 125 };
  const told = await answer({ kind: 'band-join', code: 'ABCD2345' });
  assert.ok(told.onlyForAsker && told.lines[0]?.includes('2 min') === true, told.lines[0]);
  assert.match((await answer({ kind: 'band-leave' })).lines[0] ?? '', /as Ana/u);
});

test('help names every command as it is typed here', async () => {
  const { lines } = await answer({ kind: 'help' });
  for (const part of ['/split', 'want:vocals,drums', '/jam band join', 'vocals|band|mid-side']) {
    assert.ok(
      lines.some((line) => line.includes(part)),
      part,
    );
  }
  assert.ok(!lines.some((line) => line.includes('out:')), 'folders are the console’s');
});
