import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { SourceReference } from '../../workflows/contract/request.ts';
import type { IncomingCommand } from '../core/answer.ts';
import { readLine } from './inbound.ts';
import type { ConsoleRoom } from './inbound.ts';

let cwd: string;
let room: ConsoleRoom;

before(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'woodshed-inbound-'));
  room = {
    cwd,
    resultsFolder: join(cwd, 'results'),
    strategies: new Map([
      ['vocals', ['vocals', 'accompaniment']],
      ['band', ['vocals', 'drums']],
    ]),
  };
  await mkdir(join(cwd, 'folder'));
  await writeFile(join(cwd, 'My Song.mp3'), 'la la');
  await writeFile(join(cwd, "it's.wav"), 'la');
});
after(async () => {
  await rm(cwd, { recursive: true });
});

async function refused(line: string): Promise<string> {
  const read = await readLine(line, room);
  assert.ok(typeof read === 'string', JSON.stringify(read));
  return read;
}

async function accepted(line: string): Promise<IncomingCommand & { readonly source: SourceReference | null }> {
  const read = await readLine(line, room);
  assert.ok(read !== null && typeof read !== 'string', JSON.stringify(read));
  return { ...read, source: read.sources[0] ?? null };
}

const DROPPED: readonly (readonly [what: string, line: () => string, file: string])[] = [
  ['in quotes', () => `'${cwd}/My Song.mp3'`, 'My Song.mp3'],
  ['with escapes', () => `${cwd}/My\\ Song.mp3 `, 'My Song.mp3'],
  ['as it is, blanks and all', () => `${cwd}/My Song.mp3`, 'My Song.mp3'],
  ['as it is, with an apostrophe', () => `${cwd}/it's.wav`, "it's.wav"],
  ['by its name alone', () => '"My Song.mp3"', 'My Song.mp3'],
  ['by a way from here', () => "./folder/../it\\'s.wav", "it's.wav"],
];
for (const [what, line, file] of DROPPED) {
  test(`a path dropped ${what} is a song`, async () => {
    const { command, source, address } = await accepted(line());
    assert.equal(command.kind, 'split');
    assert.ok(source?.kind === 'attachment');
    assert.equal(source.reference, join(cwd, file));
    assert.ok((source.declaredBytes ?? 0) > 0);
    assert.ok(address.threadId?.startsWith(room.resultsFolder));
  });
}

test('a dropped song takes options', async () => {
  const { command, address } = await accepted(`'${cwd}/My Song.mp3' --strategy band --out stems`);
  assert.ok(command.kind === 'split');
  assert.equal(command.options.strategy, 'band');
  assert.equal(address.threadId, join(cwd, 'stems'));
});

test('a link is a song, of any kind: the egress guard decides, not the prompt', async () => {
  for (const url of ['https://example.org/a.mp3?x=1', 'HTTP://example.org/a', 'file:///etc/passwd', 'gopher://a']) {
    assert.deepEqual((await accepted(url)).source, { kind: 'link', url });
  }
});

test('a song that is not there becomes a job that says so', async () => {
  const { source } = await accepted('/split nothing.mp3');
  assert.deepEqual(source, {
    kind: 'attachment',
    reference: join(cwd, 'nothing.mp3'),
    name: 'nothing.mp3',
    declaredBytes: null,
  });
});

test('words of a song come out of a file', async () => {
  await writeFile(join(cwd, 'words.txt'), 'One line\r\nEt voilà\n');
  const { command, source } = await accepted('/lyrics "My Song.mp3" --words words.txt');
  assert.equal(source?.kind, 'attachment');
  assert.ok(command.kind === 'lyrics');
  assert.equal(command.given, 'One line\nEt voilà');
  await writeFile(join(cwd, 'novel.txt'), 'la '.repeat(100_000));
  assert.match(await refused('/lyrics "My Song.mp3" --words novel.txt'), /more text than a song has/u);
  for (const path of ['nothing.txt', 'folder']) {
    assert.match(await refused(`/lyrics "My Song.mp3" --words ${path}`), /cannot find that file/u);
  }
});

test('the same line twice is two events', async () => {
  const line = '"My Song.mp3"';
  const [one, two] = [await accepted(line), await accepted(line)];
  assert.notEqual(one.eventKey, two.eventKey);
  assert.notEqual(one.address.threadId, two.address.threadId);
});

const ANSWERED: readonly (readonly [line: string, answer: RegExp])[] = [
  ['/stems x', /\/split, \/analyze, \/chords, \/lyrics, \/tab, \/jobs, \/cancel, \/retry, \/help, \/jam/u],
  ['/SPLIT', /\/split/u],
  ['hello there', /Drop a song here/u],
  ['/home/nobody/no song.mp3', /cannot find that file/u],
  ['./missing.wav', /cannot find that file/u],
  ['folder', /Drop a song here/u],
  ['/split "My Song.mp3" --strategy everything', /vocals, band/u],
];
for (const [line, answer] of ANSWERED) {
  test(`answers ${line}`, async () => {
    const read = await readLine(line, room);
    assert.ok(typeof read === 'string', JSON.stringify(read));
    assert.match(read, answer);
  });
}

test('says nothing to nothing', async () => {
  assert.equal(await readLine('   ', room), null);
});

test('hostile names stay in the results folder and out of the titles', async () => {
  const names = [
    '../../../etc/passwd',
    '..',
    'a\u001b[2J\u202e.mp3',
    'x'.repeat(10_000),
    '\u0000',
    '曲'.repeat(200),
    `x${'𝒜'.repeat(70)}`,
  ];
  for (const name of names) {
    const { source, address } = await accepted(`/split '${name}'`);
    assert.ok(source?.kind === 'attachment');
    assert.doesNotMatch(source.name, /[\p{Cc}\p{Cf}]/u);
    assert.ok([...source.name].length <= 80);
    const folder = address.threadId ?? '';
    assert.ok(folder.startsWith(`${room.resultsFolder}/`) && folder.isWellFormed(), folder);
    assert.ok(!folder.slice(room.resultsFolder.length + 1).includes('/') && !folder.includes('..'), folder);
    await mkdir(folder, { recursive: true });
  }
});

test('a job done again has a folder of its own', async () => {
  const { command, address } = await accepted('/retry k7qf2m');
  assert.deepEqual(command, { kind: 'retry', code: 'K7QF2M', quality: null, format: null });
  assert.ok(address.threadId?.startsWith(`${room.resultsFolder}/`));
});

test('a pick, settings and the band are typed here as everywhere', async () => {
  const { command } = await accepted('"My Song.mp3" --want vocals,drum');
  assert.ok(command.kind === 'split');
  assert.deepEqual(command.options.pick, { kind: 'want', stems: ['vocals', 'drums'] });
  assert.equal((await accepted('/jam settings language:de')).command.kind, 'settings');
  assert.equal((await accepted('/jam band code')).address.threadId, null);
});
