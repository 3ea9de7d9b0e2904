import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seenMenus } from './seen-menus.ts';

test('entries of one menu stand together, in their place between the buttons, and two menus stay two', () => {
  const button = { label: 'Cancel', customId: 'cancel', url: null };
  const entry = (label: string, customId: string, menu = 'Stems') => ({ label, customId, url: null, menu });
  const [vocals, drums] = [entry('Only vocals', 'pick'), entry('Only drums', 'pick')];
  const [other, third] = [entry('flac', 'format'), entry('Em', 'format', 'Key')];
  assert.deepEqual(seenMenus([button, vocals, drums, other, third, button]), [
    button,
    { menu: 'Stems', entries: [vocals, drums] },
    { menu: 'Stems', entries: [other] },
    { menu: 'Key', entries: [third] },
    button,
  ]);
  assert.deepEqual(seenMenus([]), []);
});
