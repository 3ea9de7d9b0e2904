import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PortBench } from './chat-port.test-kit.ts';
import { DONE, doneWith, exampleCard } from './port-example.test-kit.ts';

export function testCards({ room }: PortBench): void {
  async function texts(): Promise<readonly string[]> {
    return (await room().messages()).map(({ text }) => text);
  }

  test('posts a card and edits it in its place', async () => {
    const { port, address } = room();
    const { messageId } = await port.postCard(address, exampleCard({ version: 1 }), 'nonce');
    await port.editCard(address, messageId, exampleCard({ version: 2, stage: 'separate', fraction: 0.5 }), []);
    await port.editCard(address, messageId, exampleCard({ version: 3 }, DONE), []);
    const messages = await texts();
    assert.equal(messages.length, 1);
    assert.match(messages[0] ?? '', /vocals\s.*-18\.2 LUFS/u);
  });

  test('the same card again changes nothing', async () => {
    const { port, address } = room();
    const { messageId } = await port.postCard(address, exampleCard({ version: 1 }), 'nonce');
    await port.editCard(address, messageId, exampleCard({ version: 3 }, DONE), []);
    const messages = await texts();
    await port.editCard(address, messageId, exampleCard({ version: 3 }, DONE), []);
    assert.deepEqual(await texts(), messages);
  });

  test('cards of two jobs stand side by side', async () => {
    const { port, address } = room();
    const first = { id: '6f1c9a52-0d1c-4c8e-8f0c-0c9a4de1a0a1', code: 'AAAAAA', title: 'First song' };
    const second = { id: '6f1c9a52-0d1c-4c8e-8f0c-0c9a4de1a0a2', code: 'BBBBBB', title: 'Second song' };
    const one = await port.postCard(address, exampleCard(first), 'nonce-1');
    const two = await port.postCard(address, exampleCard(second), 'nonce-2');
    assert.notEqual(one.messageId, two.messageId);
    await port.editCard(address, one.messageId, exampleCard({ ...first, version: 2 }, DONE), []);
    const messages = await texts();
    assert.equal(messages.filter((text) => text.includes('First song')).length, 1);
    assert.equal(messages.filter((text) => text.includes('Second song')).length, 1);
  });

  test('the stems of a finished split stand in a menu as far as the platform has menus, and nowhere else', async () => {
    const { port, address, mostEntries } = room();
    const { messageId } = await port.postCard(address, exampleCard({ version: 1 }), 'nonce');
    for (const [version, many] of [
      [2, 2],
      [3, 60],
    ] as const) {
      const card = exampleCard({ version }, doneWith(many));
      const offered = card.choices.flatMap(({ options }) => options.map(({ label }) => label));
      assert.equal(offered.length, 2 * many);
      await port.editCard(address, messageId, card, []);
      // On the console what scrolled away stands there anew.
      const { text = '', entries = [] } = (await room().messages()).at(-1) ?? {};
      assert.deepEqual(entries, offered.slice(0, mostEntries));
      assert.match(text, /stem-1\s.*-18\.2 LUFS/u);
      assert.ok(!text.includes(card.choices[0]?.label ?? '') && !text.includes(offered[0] ?? ''), text);
    }
  });

  test('says how often it may edit, and no change of state is too small', () => {
    const { port, address } = room();
    for (const liveCards of [1, 20, 500]) {
      const interval = port.editIntervalMs(address, liveCards);
      assert.ok(Number.isFinite(interval) && interval > 0 && interval <= 10 * 60_000, String(interval));
      assert.ok(interval >= port.editIntervalMs(address, 1), 'more cards are not edited more often each');
    }
    const before = exampleCard({ stage: 'read', fraction: 0.9 });
    assert.ok(port.isWorthEditing(address, before, exampleCard({ version: 2, stage: 'separate', fraction: 0 })));
  });
}
