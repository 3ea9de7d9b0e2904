import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBrowser, WITH_CHROMIUM } from '../../web-auth/browser.test-kit.ts';
import { servePlay } from './server.ts';
import { createShowRoom } from './show-room.test-kit.ts';
import { createStackState } from './stack-state.ts';

test(
  'a message’s menu is one menu on the page, and choosing an entry is what the person does',
  WITH_CHROMIUM,
  async (t) => {
    const room = await createShowRoom('discord');
    const server = await servePlay(room, createStackState(), 0);
    t.after(async () => await server.close());
    const browser = await openBrowser();
    t.after(async () => await browser.close());
    const page = await browser.newPage();
    await page.goto(server.url);
    const menu = page.getByRole('combobox', { name: 'Only or without a stem…' });
    await menu.waitFor();
    assert.deepEqual(await menu.locator('option').allTextContents(), [
      'Only or without a stem…',
      'Only vocals',
      'Without vocals',
      'Only accompaniment',
      'Without accompaniment',
    ]);
    assert.deepEqual(await page.locator('.buttons button').allTextContents(), ['Split again']);
    const card = room.emulator.conversation.messages('studio').find(({ buttons }) => buttons.length > 0);
    await menu.selectOption('Without accompaniment');
    for (const deadline = Date.now() + WITH_CHROMIUM.timeout / 2; room.actions.length === 0;) {
      assert.ok(Date.now() < deadline, 'nothing was done');
      await page.waitForTimeout(20);
    }
    assert.deepEqual(room.actions, [
      {
        kind: 'press',
        by: 'ada',
        at: { chat: 'studio', thread: null },
        messageId: card?.id,
        label: 'Without accompaniment',
      },
    ]);
  },
);
