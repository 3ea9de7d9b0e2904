import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { create } from 'tar';
import { createLogger } from '../log.ts';
import { FfmpegUnavailableError, findFfmpeg, installedFfmpeg } from './ffmpeg.ts';
import { installMediaPackage, MediaPackageError } from './media-packages.ts';
import type { MediaPackage } from './media-packages.ts';

const log = createLogger({ name: 'test', level: 'silent', destination: 'stderr' });
const realPath = process.env.PATH;
let root = '';
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'woodshed-ffmpeg-'))));
afterEach(() => {
  process.env.PATH = realPath;
  rmSync(root, { recursive: true, force: true });
});

function script(path: string, lines: readonly string[]): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, ['#!/bin/sh', ...lines].join('\n'));
  chmodSync(path, 0o755);
}

/** Programs that say a version, as real ones do. */
function fakePair(folder: string, version: string): void {
  for (const program of ['ffmpeg', 'ffprobe']) {
    script(join(folder, program), [
      `echo "${program} version ${version} Copyright"`,
      'echo "  configuration: --enable-gpl"',
    ]);
  }
}

/** An npm that brings one archive of ours, and the hash that it has. */
async function fakeNpm(contents: Readonly<Record<string, string>>): Promise<string> {
  const source = join(root, 'source');
  for (const [name, text] of Object.entries(contents)) {
    mkdirSync(dirname(join(source, name)), { recursive: true });
    writeFileSync(join(source, name), text);
  }
  const archive = join(root, 'archive.tgz');
  await create({ file: archive, cwd: source, gzip: true }, readdirSync(source));
  const bin = join(root, 'npm-bin');
  script(join(bin, 'npm'), ['while [ "$1" != --pack-destination ]; do shift; done', `cp ${archive} "$2/package.tgz"`]);
  process.env.PATH = `${bin}:${realPath ?? ''}`;
  return `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
}

function npmPackage(hash: string): MediaPackage {
  return { registry: 'npm', name: '@a/b', version: '1.0.0', hash, member: /^package\/ffprobe$/u, megabytes: 1 };
}

test('takes the pair on the PATH and says what it is', async () => {
  fakePair(join(root, 'bin'), '6.1.1-3');
  const found = await findFfmpeg({ cacheDir: root, log, progress: () => undefined, searchPath: join(root, 'bin') });
  assert.equal(found.ffmpegPath, join(root, 'bin', 'ffmpeg'));
  assert.equal(found.ffprobePath, join(root, 'bin', 'ffprobe'));
  assert.deepEqual([found.ffmpeg.version, found.ffmpeg.source, found.ffmpeg.isOld], ['6.1.1-3', 'the PATH', false]);
  assert.equal(found.hasSoxr, false);
});

test('knows builds with old parsers', async () => {
  for (const [version, isOld] of [
    ['4.4.2', true],
    ['n7.1', false],
    ['N-66595-gc2b38619c0-static', true],
    ['N-118000-g1234567', false],
    ['git-2024-01-01', false],
  ] as const) {
    fakePair(join(root, 'bin'), version);
    assert.equal((await installedFfmpeg(root, join(root, 'bin')))?.ffprobe.isOld, isOld, version);
  }
});

test('a program that does not run counts as absent', async () => {
  script(join(root, 'bin', 'ffmpeg'), ['exit 127']);
  script(join(root, 'bin', 'ffprobe'), ['echo "something else"']);
  assert.equal(await installedFfmpeg(root, join(root, 'bin')), null);
});

test('a package is unpacked whole, executable, and leaves nothing beside it', async () => {
  const hash = await fakeNpm({ 'package/ffprobe': 'the program', 'package/README.md': 'x' });
  const path = join(root, 'cache', 'b', 'ffprobe');
  await installMediaPackage(npmPackage(hash), path);
  assert.equal(readFileSync(path, 'utf8'), 'the program');
  assert.deepEqual(readdirSync(dirname(path)), ['ffprobe']);
});

test('an archive with another hash is not unpacked', async () => {
  const hash = await fakeNpm({ 'package/ffprobe': 'the program' });
  await fakeNpm({ 'package/ffprobe': 'another program' });
  const path = join(root, 'cache', 'ffprobe');
  await assert.rejects(installMediaPackage(npmPackage(hash), path), /the archive that came has the hash sha512-/u);
  assert.equal(existsSync(path), false);
  assert.deepEqual(readdirSync(dirname(path)), []);
});

test('an archive without the program, and a client that fails, are said', async () => {
  const hash = await fakeNpm({ 'package/README.md': 'x' });
  const path = join(root, 'cache', 'ffprobe');
  await assert.rejects(installMediaPackage(npmPackage(hash), path), /does not hold the program/u);
  script(join(root, 'npm-bin', 'npm'), ['echo "npm error 404 Not Found" >&2', 'exit 1']);
  await assert.rejects(installMediaPackage(npmPackage(hash), path), (error: unknown) => {
    assert.ok(error instanceof MediaPackageError);
    assert.match(error.message, /404 Not Found/u);
    return true;
  });
});

test('where no source has it, each says why', async () => {
  process.env.PATH = '/nonexistent';
  const options = { cacheDir: root, log, progress: () => undefined, searchPath: '/nonexistent' };
  await assert.rejects(findFfmpeg(options), (error: unknown) => {
    assert.ok(error instanceof FfmpegUnavailableError);
    assert.match(error.message, /imageio-ffmpeg: python3 is not installed\n.*npm is not installed/su);
    return true;
  });
});
