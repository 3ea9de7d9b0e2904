import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { childProtections, findProgram, runChild } from '../child.ts';
import { decodeAudio } from './decode.ts';
import { inputArguments, MediaToolError } from './ffmpeg.ts';
import type { Demuxer, MediaTools } from './ffmpeg.ts';

function findTools(): MediaTools {
  const [ffmpegPath, ffprobePath] = [findProgram('ffmpeg'), findProgram('ffprobe')];
  if (ffmpegPath === null || ffprobePath === null) throw new Error('these tests need ffmpeg and ffprobe');
  return { ffmpegPath, ffprobePath };
}

const tools = findTools();

async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-ffmpeg-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function makeTone(cwd: string, name: string, seconds = '1'): Promise<string> {
  const path = join(cwd, name);
  const source = ['-f', 'lavfi', '-i', 'sine=440:r=8000', '-t', seconds];
  const { code, stderr } = await runChild(
    tools.ffmpegPath,
    ['-v', 'error', '-y', ...source, '-f', 'wav', `file:${path}`],
    { cwd },
  );
  assert.equal(code, 0, stderr);
  return path;
}

/** Samples that come through the door, and how it ended. */
async function decode(path: string, demuxer: Demuxer, maxSeconds = 60): Promise<{ samples: number; error: unknown }> {
  let samples = 0;
  const take = async (block: Float32Array): Promise<void> => {
    samples += block.length;
  };
  const run = { cwd: dirname(path), timeoutMs: 20_000, cpuSeconds: 10, streamIndex: 0, maxSeconds, take };
  try {
    await decodeAudio(tools, { path, demuxer, skipBytes: 0 }, run);
    return { samples, error: null };
  } catch (error) {
    return { samples, error };
  }
}

const PLAYLISTS: readonly (readonly [name: string, text: (secret: string, port: number) => string])[] = [
  [
    'an HLS playlist with an absolute path',
    (secret) => `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n${secret}\n#EXT-X-ENDLIST\n`,
  ],
  [
    'an HLS playlist with a web address',
    (_, port) =>
      `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:${String(port)}/a.wav\n#EXT-X-ENDLIST\n`,
  ],
  ['an ffconcat list', () => "ffconcat version 1.0\nfile 'secret.wav'\n"],
];

for (const [name, text] of PLAYLISTS) {
  test(`does not follow ${name}`, async (t) => {
    const folder = await temporaryFolder(t);
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    t.after(() => server.close());
    const secret = await makeTone(folder, 'secret.wav');
    const path = join(folder, 'song.mp3');
    await writeFile(path, text(secret, (server.address() as AddressInfo).port));

    for (const demuxer of ['mp3', 'wav', 'flac', 'mov', 'matroska', 'ogg'] as const) {
      const { samples, error } = await decode(path, demuxer);
      assert.ok(error instanceof MediaToolError, demuxer);
      assert.equal(samples, 0, demuxer);
    }
    assert.equal(connections, 0);

    // The control: alone, every ffmpeg follows this one, so the assertions above can fail. The others depend on its version.
    if (!name.includes('ffconcat')) return;
    const bare = await runChild(tools.ffmpegPath, ['-v', 'error', '-i', path, '-f', 'f32le', 'pipe:1'], {
      cwd: folder,
    });
    assert.ok(bare.stdout.length > 0, bare.stderr);
  });
}

test('opens files by path alone, whatever they are called', async (t) => {
  const folder = await temporaryFolder(t);
  const names = [
    '-i.wav',
    '--exec',
    'concat:a|b.wav',
    'pipe:0',
    'subfile,,start,0,end,9,,:a',
    'async:a',
    'http:',
    '$(id).wav',
    '`id`;x',
    'a\nb',
    '%d.wav',
    '🎸‮.wav',
    'CON',
    '.htaccess',
  ];
  for (const name of names) {
    const path = await makeTone(folder, name, '0.1');
    assert.deepEqual(await decode(path, 'wav'), { samples: 800, error: null }, JSON.stringify(name));
  }
  assert.deepEqual((await readdir(folder)).sort(), [...names].sort());
  assert.throws(() => inputArguments({ path: '-i.wav', demuxer: 'wav', skipBytes: 0 }), TypeError);
});

test('ends at the cap of seconds, at the limit of processor time and on abort', async (t) => {
  const folder = await temporaryFolder(t);
  const path = await makeTone(folder, 'long.wav', '600');
  assert.deepEqual(await decode(path, 'wav', 2), { samples: 16_000, error: null });

  const stop = new AbortController();
  const take = async (): Promise<void> => stop.abort(new Error('enough'));
  const run = { cwd: folder, timeoutMs: 20_000, cpuSeconds: 10, streamIndex: 0, maxSeconds: 600, signal: stop.signal };
  await assert.rejects(decodeAudio(tools, { path, demuxer: 'wav', skipBytes: 0 }, { ...run, take }), {
    message: 'enough',
  });

  const consumer = async (): Promise<never> => {
    throw new RangeError('too much');
  };
  const other = { ...run, signal: new AbortController().signal, take: consumer };
  await assert.rejects(decodeAudio(tools, { path, demuxer: 'wav', skipBytes: 0 }, other), { message: 'too much' });
});

test('complains without the paths of this machine', async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'private'));
  const path = join(folder, 'private', 'song.flac');
  await writeFile(path, 'fLaC and nothing else');
  const { error } = await decode(path, 'flac');
  assert.ok(error instanceof MediaToolError);
  assert.notEqual(error.complaint, '');
  assert.ok(!error.message.includes('private'), error.message);
});

test('runs without network where this machine can take it away', async (t) => {
  if (!childProtections().networkIsolation) {
    t.skip('this machine gives no network namespaces');
    return;
  }
  const folder = await temporaryFolder(t);
  const { stdout } = await runChild('/bin/cat', ['/proc/net/dev'], { cwd: folder, network: 'none' });
  assert.deepEqual(
    stdout
      .toString()
      .match(/^\s*\w+(?=:)/gmu)
      ?.map((name) => name.trim()),
    ['lo'],
  );
});
