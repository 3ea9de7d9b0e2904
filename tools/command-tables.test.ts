import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMANDS, leafCommands } from '../bots/core/command-table.ts';
import { isUpToDate, withTable } from './command-tables.ts';

test('README.md says what the code says', async () => {
  assert.ok(await isUpToDate(), 'run node tools/command-tables.ts');
});

test('the table has every command, and goes where it belongs', () => {
  const begin = '<!-- commands: written by tools/command-tables.ts -->';
  const text = withTable(`before\n${begin}\nstale lines\n<!-- /commands -->\nafter`);
  assert.ok(text.startsWith('before\n') && text.endsWith('\nafter') && !text.includes('stale lines'));
  assert.equal(withTable(text), text);
  for (const { path } of leafCommands(COMMANDS)) {
    assert.ok(text.includes(path.startsWith('jam') ? `\`/${path}` : `\`/jam ${path}`), path);
  }
  assert.throws(() => withTable('no markers'), RangeError);
});
