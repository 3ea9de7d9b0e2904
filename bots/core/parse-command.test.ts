import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseCommand } from './parse-command.ts';

const DEFAULTS = { strategy: 'vocals', quality: 'fast', format: 'flac' } as const;
const KNOWN = ['vocals', 'band'];

function parse(verb: string, ...words: string[]): ReturnType<typeof parseCommand> {
  return parseCommand(verb, words, DEFAULTS, KNOWN);
}

test('reads a split with every option', () => {
  assert.deepEqual(
    parse('split', 'my song.mp3', '--strategy', 'band', '--quality', 'best', '--format=wav', '--out', 'stems'),
    {
      command: {
        kind: 'split',
        target: 'my song.mp3',
        options: { strategy: 'band', quality: 'best', format: 'wav' },
        out: 'stems',
      },
    },
  );
});

test('fills in the usual settings', () => {
  assert.deepEqual(parse('split', 'a.wav'), {
    command: { kind: 'split', target: 'a.wav', options: DEFAULTS, out: null },
  });
});

test('reads the other verbs', () => {
  assert.deepEqual(parse('jobs'), { command: { kind: 'jobs' } });
  assert.deepEqual(parse('cancel', 'k7qf2m'), { command: { kind: 'cancel', code: 'K7QF2M' } });
  assert.deepEqual(parse('cancel'), { command: { kind: 'cancel', code: null } });
  assert.deepEqual(parse('help'), { command: { kind: 'help' } });
});

const REFUSED: readonly (readonly [string, readonly string[], string])[] = [
  ['an unknown strategy', ['a.wav', '--strategy', 'everything'], 'unknown-strategy'],
  ['a strategy that is a path', ['a.wav', '--strategy', '../../x'], 'unknown-strategy'],
  ['a strategy named like a prototype', ['a.wav', '--strategy', 'constructor'], 'unknown-strategy'],
  ['an unknown quality', ['a.wav', '--quality', 'superb'], 'option-invalid'],
  ['an unknown format', ['a.wav', '--format', 'exe'], 'option-invalid'],
  ['an unknown option', ['a.wav', '--exec', 'id'], 'option-invalid'],
  ['an option without its value', ['a.wav', '--format'], 'option-invalid'],
  ['a folder name of 10 kB', ['a.wav', '--out', 'x'.repeat(10_000)], 'option-invalid'],
];
for (const [what, words, code] of REFUSED) {
  test(`refuses ${what}`, () => {
    const parsed = parse('split', ...words);
    assert.equal('failure' in parsed && parsed.failure.code, code);
  });
}

test('never throws, whatever is typed', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string()), (verb, words) => {
      const parsed = parseCommand(verb, words, DEFAULTS, KNOWN);
      return 'failure' in parsed || 'command' in parsed;
    }),
    { numRuns: 1000 },
  );
});
