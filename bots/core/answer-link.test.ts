import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { Requester, SourceReference } from '../../workflows/contract/request.ts';
import { actionId } from './action-ids.ts';
import { answerCommand, pressAction } from './answer-command.ts';
import { ANA, BEN, HERE, bandJob, createAnswerDesk } from './answer-desk.test-kit.ts';
import type { AnswerDesk } from './answer-desk.test-kit.ts';
import { toldInPrivate, toldToAll } from './answer.ts';
import type { Answer } from './answer.ts';
import { PLAIN_SPLIT } from './chat-command.ts';
import type { ChatCommand } from './chat-command.ts';
import { readCommand } from './read-command.ts';

const SONG: SourceReference = { kind: 'attachment', reference: 'file', name: 'a.mp3', declaredBytes: 1 };

let desk: AnswerDesk;
beforeEach(() => {
  desk = createAnswerDesk();
});

async function answer(command: ChatCommand, requester: Requester = ANA): Promise<Answer> {
  const sources = command.kind === 'split' ? [SONG] : [];
  return await answerCommand(desk.incoming(command, { requester, sources }), desk.deps);
}

async function typed(words: string): Promise<Answer> {
  const read = readCommand(words.split(' '), desk.deps.strategies);
  assert.ok('command' in read, words);
  return await answer(read.command);
}

function pageOf(given: Answer): string | undefined {
  return given.ownPage?.url;
}

test('everybody gets a page of their own, whoever’s song it is, and it is not among what others read', async () => {
  desk.jobs.push(bandJob({ code: 'WAITS1', stage: 'encode', awaitsLink: { stage: 'result', endsAt: null } }));
  desk.unlinked.add(ANA.userId).add(BEN.userId);
  const press = async (requester: Requester): Promise<Answer> =>
    await pressAction({ actionId: actionId('WAITS1', 'link'), address: HERE, requester }, desk.deps);
  for (const given of [await press(BEN), await answer({ kind: 'link', code: null }, BEN)]) {
    assert.equal(pageOf(given), 'https://woodshed.example.org/link/of-ben');
    assert.ok(given.onlyForAsker);
    assert.deepEqual(
      toldInPrivate(given).links.map(({ url }) => url),
      [pageOf(given)],
    );
    assert.ok(!toldToAll(given, 'elsewhere').join().includes('https://'));
  }
  assert.equal(pageOf(await press(ANA)), 'https://woodshed.example.org/link/of-ana');
  assert.equal(desk.accepted.length, 0, 'a page is no work');
});

test('in the console it opens the pages, linked or not', async () => {
  const here: Requester = { ...ANA, platform: 'console' };
  const given = await answer({ kind: 'link', code: null }, here);
  assert.equal(pageOf(given), 'https://woodshed.example.org/link/of-ana');
  assert.match(toldInPrivate(given).lines[0] ?? '', /on this machine/u);
});

test('whoever is linked already is told so, and may take it back', async () => {
  const linked = await typed('jam link');
  assert.equal(pageOf(linked), undefined);
  assert.match(linked.lines[0] ?? '', /already.*\/jam unlink/u);
  assert.match((await typed('/jam unlink')).lines[0] ?? '', /not linked any more.*\/jam link/u);
  assert.match((await typed('/jam unlink')).lines[0] ?? '', /No account/u);
});

test('a code that the browser shows is typed here, and is right, wrong, or worth nothing any more', async () => {
  desk.unlinked.add(ANA.userId);
  assert.match((await typed('/jam link nonsense')).lines[0] ?? '', /not the code/u);
  assert.match((await typed('/jam link spentone')).lines[0] ?? '', /too many.*\/jam link/u);
  assert.match((await typed('/jam link rightone')).lines[0] ?? '', /^Done/u);
  assert.ok(!desk.unlinked.has(ANA.userId));
});

test('who has to link gets the page with the word that the song was taken; nobody else does', async () => {
  desk.unlinked.add(ANA.userId);
  const [hers, his] = [await answer(PLAIN_SPLIT, ANA), await answer(PLAIN_SPLIT, BEN)];
  assert.deepEqual([hers.kind, his.kind], ['accepted', 'accepted']);
  assert.equal(pageOf(hers), 'https://woodshed.example.org/link/of-ana');
  assert.equal(toldInPrivate(hers).lines.length, 2);
  assert.equal(pageOf(his), undefined);
  assert.equal(desk.accepted.length, 2);

  desk.jobs.push(bandJob({ code: 'FAILED', state: 'cancelled', outcome: { state: 'cancelled' } }));
  assert.equal(pageOf(await answer({ kind: 'retry', code: 'FAILED', quality: null, format: null })), pageOf(hers));
});

test('nothing is computed for whoever cannot link', async () => {
  desk.unlinked.add(ANA.userId);
  const accounts = { ...desk.deps.accounts, linkPage: async () => null };
  const given = await answerCommand(desk.incoming(PLAIN_SPLIT, { sources: [SONG] }), { ...desk.deps, accounts });
  assert.match(given.lines[0] ?? '', /ask as yourself/u);
  assert.equal(desk.accepted.length, 0);
});

test('what is told of a song that is too large is told beside the page', async () => {
  desk.unlinked.add(ANA.userId);
  const large: SourceReference = { ...SONG, name: 'large.wav', declaredBytes: 600_000_000 };
  const given = await answerCommand(desk.incoming(PLAIN_SPLIT, { sources: [SONG, large] }), desk.deps);
  assert.equal(toldInPrivate(given).lines.length, 3);
  assert.equal(toldToAll(given, 'elsewhere').at(-1), 'elsewhere');
  assert.ok(toldToAll(given, 'elsewhere').some((line) => line.includes('500 MB')));
});

test('for whom a band vouches is said by whoever is vouched for', async () => {
  desk.unlinked.add(ANA.userId);
  const open = { kind: 'settings', changes: { inviteOnly: true }, tab: {} } as const;
  assert.equal(pageOf(await answer(open, ANA)), 'https://woodshed.example.org/link/of-ana');
  assert.equal(desk.band.settings.inviteOnly, false);
  assert.match((await answer(open, BEN)).lines.join(' '), /inviteonly:yes/u);
  assert.equal(desk.band.settings.inviteOnly, true);
  assert.ok(
    (await answer({ kind: 'settings', changes: { format: 'flac' }, tab: {} }, ANA)).lines.includes('inviteonly:yes'),
  );
});

test('a list says of whose account a result waits, and of one that is computed how far it is', async () => {
  const endsAt = null;
  desk.jobs.push(
    bandJob({ code: 'WAITS1', stage: 'encode', fraction: 1, awaitsLink: { stage: 'late', endsAt } }),
    bandJob({ code: 'WORKS1', stage: 'separate', fraction: 0.4, awaitsLink: { stage: 'work', endsAt } }),
  );
  const { lines } = await answer({ kind: 'jobs' });
  assert.match(lines[0] ?? '', /WAITS1.*once Ana has linked/u);
  assert.match(lines[1] ?? '', /WORKS1.*Separate 40 %/u);
});
