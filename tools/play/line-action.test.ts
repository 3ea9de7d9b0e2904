import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lineAction } from './line-action.ts';

const line = { by: 'ada', at: { chat: 'c', thread: null }, text: '', files: [], replyTo: null };
const file = { name: 'a.flac', bytes: new Uint8Array(1), mimeType: 'audio/flac' };

describe('a typed line', () => {
  it('is a message, or a command with options', () => {
    assert.equal(lineAction('discord', { ...line, text: 'a/b is no command' }).kind, 'message');
    const command = lineAction('discord', { ...line, text: '/jam band create want:bass  format:"mp3"' });
    assert.deepEqual(command, {
      kind: 'command',
      by: 'ada',
      at: line.at,
      verb: 'jam',
      options: { want: 'bass', format: 'mp3' },
      text: 'band create',
      file: null,
    });
    const typed = lineAction('slack', { ...line, text: '/jam split want:bass' });
    assert.deepEqual(typed.kind === 'command' && [typed.options, typed.text], [{}, 'split want:bass']);
  });

  it('takes no address for an option', () => {
    const command = lineAction('discord', { ...line, text: '/split song:https://example.org/a' });
    assert.deepEqual(command.kind === 'command' && command.options, { song: 'https://example.org/a' });
  });

  it('carries a file where the platform’s command can', () => {
    const text = '/split';
    const command = lineAction('discord', { ...line, text, files: [file] });
    assert.equal(command.kind === 'command' && command.file, file);
    assert.equal(lineAction('telegram', { ...line, text, files: [file] }).kind, 'message');
    assert.equal(lineAction('telegram', { ...line, text, replyTo: '5' }).kind, 'message');
    assert.equal(lineAction('telegram', { ...line, text: '/split@woodshed_bot x' }).kind, 'command');
    assert.throws(() => lineAction('slack', { ...line, text, files: [file] }), /carries no file/u);
    assert.throws(() => lineAction('discord', { ...line, text, replyTo: '5' }), /menu/u);
    assert.throws(() => lineAction('discord', { ...line, text, files: [file, file] }), /one file/u);
  });
});
