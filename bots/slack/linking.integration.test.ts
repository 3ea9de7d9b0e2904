/** Accounts: everybody gets a page of their own, that nobody else sees. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLinking } from '../../db/linking.repository.ts';
import type { SeenMessage } from '../../tools/emulators/core/conversation.ts';
import { ADA, BAND, BEN, REHEARSAL } from '../../tools/emulators/slack/options.ts';
import type { PersonSeed } from '../../tools/emulators/slack/options.ts';
import { tokenOf } from '../core/accounts.test-kit.ts';
import { letEverybodyLink, postWaitingCard } from '../core/waiting-card.test-kit.ts';
import { withSlackBot } from './inbound.test-kit.ts';
import type { SlackBench } from './inbound.test-kit.ts';
import { createSlackPort } from './outbound.ts';

const LIMIT = { timeout: 240_000 };
const HERE = { chat: REHEARSAL.id, thread: null };
const LABEL = 'Link account';

interface LinkBench extends SlackBench {
  /** Of Ada, in the channel. @returns the card's message */
  card(): Promise<string>;
  /** Resolves with whose page the next answer for this person opens. */
  owner(by: PersonSeed): Promise<string | undefined>;
}

async function withLinking(use: (bench: LinkBench) => Promise<void>): Promise<void> {
  await withSlackBot({}, async (bench) => {
    const { slack, database, deps } = bench;
    letEverybodyLink(deps, database);
    const { clientOf } = await bench.connect();
    const port = createSlackPort({ clientOf, fileIds: false, ownHost: null });
    const looked = new Set<string>();
    const page = (message: SeenMessage): string | undefined =>
      message.buttons.find(({ label, url }) => label === LABEL && url !== null)?.url ?? undefined;
    await use({
      ...bench,
      async card() {
        const address = { platform: 'slack', botId: BAND.id, chatId: REHEARSAL.id, threadId: null } as const;
        const requester = { platform: 'slack', userId: ADA.id, displayName: ADA.name } as const;
        return (await postWaitingCard(deps, database, port, { address, requester })).messageId;
      },
      async owner(by) {
        const find = (): string | undefined =>
          slack.conversation.events
            .flatMap((event) => (event.kind === 'posted' ? [event.message] : []))
            .filter(({ onlyFor, chat }) => onlyFor === by.id || chat === slack.directChat(by.id))
            .map(page)
            .find((url) => url !== undefined && !looked.has(url));
        await bench.until(() => find() !== undefined);
        const url = find();
        looked.add(url ?? '');
        return (await createLinking(database).look(tokenOf(url)))?.userId;
      },
    });
    // What the channel reads opens nobody's page.
    for (const event of slack.conversation.events) {
      if (event.kind === 'posted' && event.message.onlyFor === null && !event.message.chat.startsWith('D')) {
        assert.doesNotMatch(JSON.stringify(event), /\/link\//u);
      }
    }
    assert.deepEqual([bench.errors, slack.specReport().violations], [[], []]);
  });
}

test('the card’s button gives whoever presses their own page, for their eyes alone', LIMIT, async () => {
  await withLinking(async ({ slack, card, owner }) => {
    const messageId = await card();
    for (const by of [BEN, ADA]) {
      const pressed = await slack.act({ kind: 'press', by: by.id, at: HERE, messageId, label: LABEL });
      assert.notEqual(await pressed.acknowledgedMs, null);
      assert.equal(await owner(by), by.id);
    }
  });
});

test('the command hands it over, and so does the answer to a song, by command or by mention', LIMIT, async () => {
  await withLinking(async ({ slack, owner, requests }) => {
    const typed = { kind: 'command', by: BEN.id, at: HERE, verb: 'jam', options: {}, file: null } as const;
    await slack.act({ ...typed, text: 'link' });
    assert.equal(await owner(BEN), BEN.id);
    await slack.act({ ...typed, text: 'split https://example.org/a.mp3' });
    assert.equal(await owner(BEN), BEN.id);
    const said = { kind: 'message', at: HERE, files: [], replyTo: null } as const;
    await slack.act({ ...said, by: ADA.id, text: `<@${slack.bot().userId}> https://example.org/b.mp3` });
    assert.equal(await owner(ADA), ADA.id);
    assert.equal((await requests()).length, 2);
  });
});

test('whoever is linked gets no page, and may take it back', LIMIT, async () => {
  await withLinking(async ({ slack, database, owner, sql, until }) => {
    const typed = { kind: 'command', by: ADA.id, at: HERE, verb: 'jam', options: {}, file: null } as const;
    const linking = createLinking(database);
    const { token } = await linking.makeToken({ platform: 'slack', userId: ADA.id, displayName: ADA.name });
    const [member] = await sql<{ id: string }>("insert into member (display_name) values ('Ada') returning id");
    assert.equal(await linking.redeem(token, member?.id ?? ''), 'linked');
    const told = (pattern: RegExp): boolean =>
      slack.conversation.events.some((event) => event.kind === 'posted' && pattern.test(event.message.text));
    await slack.act({ ...typed, text: 'link' });
    await until(() => told(/linked already/u));
    await slack.act({ ...typed, text: 'unlink' });
    await until(() => told(/not linked any more/u));
    await slack.act({ ...typed, text: 'link' });
    assert.equal(await owner(ADA), ADA.id);
  });
});
