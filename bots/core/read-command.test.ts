import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ReadCommand } from './chat-command.ts';
import { COMMANDS, leafCommands } from './command-table.ts';
import { failureReply } from './failure-reply.ts';
import { readCommand, readCommandOptions } from './read-command.ts';
import { splitWords } from './split-words.ts';

const STRATEGIES = new Map([
  ['vocals', ['vocals', 'accompaniment']],
  ['band', ['vocals', 'drums', 'bass', 'other']],
]);
const NOTHING = { strategy: null, quality: null, format: null, pick: { kind: 'all' } } as const;

function typed(line: string): ReadCommand {
  return readCommand(splitWords(line), STRATEGIES);
}

test('reads a split with every option, however they are typed, and from a platform that took it apart', () => {
  const expected = {
    command: {
      kind: 'split',
      target: 'my song.mp3',
      options: { strategy: 'band', quality: 'best', format: 'wav', pick: { kind: 'want', stems: ['vocals', 'drums'] } },
      out: null,
    },
  };
  const options = { song: 'my song.mp3', strategy: 'band', quality: 'best', format: 'wav', want: 'vocals,drums' };
  assert.deepEqual(readCommandOptions(['split'], options, STRATEGIES), expected);
  for (const line of [
    'split "my song.mp3" --strategy band --quality best --format=wav --want vocals,drums',
    '/split "my song.mp3" strategy:band quality:best format:wav want:vocals,drums',
    '/jam split want: vocals,drums format:WAV "my song.mp3" quality: best strategy:Band',
    'SPLIT "my song.mp3" —strategy band –quality best format:wav want:"voice drum"',
  ]) {
    assert.deepEqual(typed(line), expected, line);
  }
});

test('what is not said is left open', () => {
  assert.deepEqual(typed('split'), { command: { kind: 'split', target: null, options: NOTHING, out: null } });
  assert.deepEqual(readCommandOptions(['split'], { want: null, song: undefined }, STRATEGIES), typed('split'));
  assert.deepEqual(typed('split https://example.org/a:b?x=1 --out stems'), {
    command: { kind: 'split', target: 'https://example.org/a:b?x=1', options: NOTHING, out: 'stems' },
  });
});

const TARGETS: readonly (readonly [line: string, target: string | null])[] = [
  ['split my song.mp3', 'my song.mp3'],
  ['split /home/ana/my own song.mp3 strategy:band', '/home/ana/my own song.mp3'],
  ['split song:my song.mp3 best', 'my song.mp3'],
  ['split want:vocals drums my.mp3', 'my.mp3'],
  ['split want:vocals, drums K7QF2M', 'K7QF2M'],
  ['analyze key:Em K7QF2M', 'K7QF2M'],
  ['analyze key: E minor https://example.org/a', 'https://example.org/a'],
  ['analyze key:E minor', null],
  ['tab bass', null],
  ['split https://example.org/a @ben', 'https://example.org/a'],
  ['tab <@U123> K7QF2M tuning:C2 G2 C3 G3 C4 E4 <@!456>', 'K7QF2M'],
  ['https://example.org/a strategy:band', 'https://example.org/a'],
];
for (const [line, target] of TARGETS) {
  test(`finds ${target ?? 'no song'} in "${line}"`, () => {
    const read = typed(line);
    assert.ok('command' in read && 'target' in read.command, JSON.stringify(read));
    assert.equal(read.command.target, target);
  });
}

for (const [line, words] of [
  ['split song.mp3 for the band', 'for the band'],
  ['split https://example.org/a.mp3 please', 'please'],
  ['split here it is: https://example.org/a.mp3', 'is:'],
  ['split this: K7QF2M', 'this:'],
  ['split take https://example.org/a.mp3', 'take'],
  ['split this song', 'song'],
  ['split a.mp3 b.mp3', 'b.mp3'],
  ['split a.mp3 exec:id', 'exec:id'],
  ['retry K7QF2M quickly', 'quickly'],
  ['jam settings language:de loud', 'loud'],
  [`split a.mp3 ${'x'.repeat(10_000)}`, `${'x'.repeat(79)}…`],
] as const) {
  test(`says that it does not understand ${words.slice(0, 20)} in "${line.slice(0, 40)}"`, () => {
    const read = typed(line);
    assert.ok('failure' in read, JSON.stringify(read));
    assert.equal(read.failure.code, 'option-invalid');
    assert.ok(failureReply(read.failure).includes(`“${words}”`), failureReply(read.failure));
  });
}

const OTHERS: readonly (readonly [line: string, expected: unknown])[] = [
  ['jobs', { kind: 'jobs' }],
  ['cancel k7qf2m', { kind: 'cancel', code: 'K7QF2M' }],
  ['cancel', { kind: 'cancel', code: null }],
  ['retry k7qf2m format:mp3', { kind: 'retry', code: 'K7QF2M', quality: null, format: 'mp3' }],
  ['help', { kind: 'help' }],
  ['start abc', { kind: 'help' }],
  ['', { kind: 'help' }],
  ['jam', { kind: 'help' }],
  ['jam band', { kind: 'help' }],
  ['jam jobs', { kind: 'jobs' }],
  ['jam band create The Sheds', { kind: 'band-create', name: 'The Sheds' }],
  ['jam band create Us @home', { kind: 'band-create', name: 'Us @home' }],
  ['jam band code', { kind: 'band-code' }],
  ['jam band join abcd2345', { kind: 'band-join', code: 'ABCD2345' }],
  ['jam band leave', { kind: 'band-leave' }],
  ['jam settings', { kind: 'settings', changes: {}, tab: {} }],
  ['jam settings inviteonly:YES', { kind: 'settings', changes: { inviteOnly: true }, tab: {} }],
  ['jam settings --inviteonly no', { kind: 'settings', changes: { inviteOnly: false }, tab: {} }],
  ['jam link', { kind: 'link', code: null }],
  ['/jam link abcd2345', { kind: 'link', code: 'ABCD2345' }],
  ['jam unlink', { kind: 'unlink' }],
  [
    'jam settings language:de strategy:band',
    { kind: 'settings', changes: { language: 'de', strategy: 'band' }, tab: {} },
  ],
  ['jam status', { kind: 'status' }],
  ['jobs please', { kind: 'jobs' }],
  ['retry best', { kind: 'retry', code: null, quality: 'best', format: null }],
];
for (const [line, expected] of OTHERS) {
  test(`reads "${line}"`, () => {
    assert.deepEqual(typed(line), { command: expected });
  });
}

test('reads every command of the table, typed and taken apart', () => {
  for (const { path, options } of leafCommands()) {
    const needed = options.filter(({ required }) => required).map(({ name }) => [name, 'ABCD2345'] as const);
    const words = needed.map(([name, value]) => `${name}:${value}`);
    const read = typed([path, ...words].join(' '));
    assert.ok('command' in read, path);
    assert.deepEqual(readCommandOptions(path.split(' '), Object.fromEntries(needed), STRATEGIES), read);
  }
});

const PICKS: readonly (readonly [words: string, pick: unknown])[] = [
  ['want:vocals', { kind: 'want', stems: ['vocals'] }],
  ['want:Voice,DRUM', { kind: 'want', stems: ['vocals', 'drums'] }],
  ['want:singer+drums+voice', { kind: 'want', stems: ['vocals', 'drums'] }],
  ['minus:Gesang', { kind: 'minus', stems: ['vocals'] }],
  ['minus:batería', { kind: 'minus', stems: ['drums'] }],
  ['minus:karaoke', { kind: 'minus', stems: ['accompaniment'] }],
  ['want:all', { kind: 'all' }],
  ['want: vocals, drums', { kind: 'want', stems: ['vocals', 'drums'] }],
  ['minus vocals drums best', { kind: 'minus', stems: ['vocals', 'drums'] }],
];
for (const [words, pick] of PICKS) {
  test(`understands ${words}`, () => {
    const read = typed(`split ${words}`);
    assert.ok('command' in read && read.command.kind === 'split', JSON.stringify(read));
    assert.deepEqual(read.command.options.pick, pick);
  });
}

const REFUSED: readonly (readonly [what: string, line: string, code: string])[] = [
  ['an unknown verb', 'stems x', 'option-invalid'],
  ['a verb named like a prototype', 'constructor', 'option-invalid'],
  ['an unknown strategy', 'split a.wav strategy:everything', 'unknown-strategy'],
  ['a strategy that is a path', 'split a.wav --strategy ../../x', 'unknown-strategy'],
  ['a strategy named like a prototype', 'split a.wav --strategy constructor', 'unknown-strategy'],
  ['an unknown quality', 'split a.wav quality:superb', 'option-invalid'],
  ['a number for a word', 'split a.wav quality:1e309', 'option-invalid'],
  ['an unknown format', 'split a.wav --format exe', 'option-invalid'],
  ['an unknown option', 'split a.wav --exec id', 'option-invalid'],
  ['an unknown option of a chat', 'split a.wav exec:id', 'option-invalid'],
  ['an option without its value', 'split a.wav --format', 'option-invalid'],
  ['an option for a value', 'split a.wav --format --quality', 'option-invalid'],
  ['a folder name of 10 kB', `split a.wav --out ${'x'.repeat(10_000)}`, 'option-invalid'],
  ['10 kB of stems', `split a.wav want:${'x'.repeat(10_000)}`, 'unknown-stem'],
  ['an unknown stem', 'split want:zither', 'unknown-stem'],
  ['no stem at all', 'split want:,,,', 'unknown-stem'],
  ['both what is wanted and what is not', 'split want:vocals minus:drums', 'option-invalid'],
  ['a code that is none', "cancel ';drop", 'option-invalid'],
  ['a code of 10 kB', `cancel ${'A'.repeat(10_000)}`, 'option-invalid'],
  ['joining without a code', 'jam band join', 'option-invalid'],
  ['a language that nobody here speaks', 'jam settings language:tlh', 'option-invalid'],
];
for (const [what, line, code] of REFUSED) {
  test(`refuses ${what} in one plain sentence`, () => {
    const read = typed(line);
    assert.ok('failure' in read, JSON.stringify(read));
    assert.equal(read.failure.code, code);
    assert.ok(failureReply(read.failure).length < 400);
  });
}

for (const value of [-1, NaN, Infinity, 2 ** 53 + 2, true, [], {}, 'x'.repeat(10_000), '']) {
  test(`refuses ${(JSON.stringify(value) ?? '').slice(0, 20)} (${typeof value}) from a platform that should have asked better`, () => {
    for (const name of ['quality', 'format', 'strategy', 'want'] as const) {
      const read = readCommandOptions(['split'], { [name]: value }, STRATEGIES);
      assert.ok('failure' in read, name);
    }
    assert.ok('failure' in readCommandOptions(['split'], { exec: value }, STRATEGIES));
    assert.ok('failure' in readCommandOptions(['jam', 'band', 'join'], { code: value }, STRATEGIES));
  });
}

test('refuses paths that are no command', () => {
  for (const path of [['constructor'], ['split', 'x'], ['jam', 'band', 'create', 'x'], []]) {
    const read = readCommandOptions(path, {}, STRATEGIES);
    assert.ok('failure' in read || read.command.kind === 'help', path.join(' '));
  }
});

test('what is read can be written into a database, wherever it is cut and whatever stands in it', () => {
  const link = 'https://example.org/';
  for (const text of [
    ...[0, 1].map((more) => `${link}${'x'.repeat(4096 - link.length - 1 - more)}😀😀`),
    `${link}\ud83d.mp3`,
    `${link}a\0b`,
  ]) {
    for (const read of [
      readCommand(['split', text], STRATEGIES),
      readCommandOptions(['split'], { song: text }, STRATEGIES),
      readCommand(['lyrics', link, `words:${text}`], STRATEGIES),
    ]) {
      assert.ok('command' in read && 'target' in read.command, JSON.stringify(read));
      const { target } = read.command;
      assert.ok(target?.startsWith(link) === true && target.length <= 4096);
      const json = JSON.stringify(read.command);
      assert.doesNotMatch(json, /\\ud[89a-f]|\\u0000/iu);
      assert.ok(!target.includes('\ufffd') || text.includes('\ud83d.'), 'a whole character is left out whole');
    }
  }
});

test('never throws, whatever is typed', () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom(
      ...COMMANDS.map(({ name }) => name),
      'band',
      '--',
      ':',
      'want:',
      '--want=',
      '__proto__:x',
      'toString:1',
    ),
  );
  fc.assert(
    fc.property(fc.array(word), (words) => {
      const read = readCommand(words, STRATEGIES);
      return 'failure' in read || 'command' in read;
    }),
    { numRuns: 3000 },
  );
});
