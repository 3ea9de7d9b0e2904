// Real yt-dlp runs against a server on loopback. Its generic extractor serves as the "site", which no real rule allows.
import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import type { RequestListener } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { findProgram } from '../../runtime/child.ts';
import { toolEnvironment } from '../../runtime/tool-environment.ts';
import { startFilteringProxy } from '../egress/filtering-proxy.ts';
import { soundWav } from '../media/audio-bytes.test-kit.ts';
import { refusalOf } from '../media/media.test-kit.ts';
import { createLinkBench, TEST_CACHE } from './link-bench.test-kit.ts';
import type { LinkBench } from './link-bench.test-kit.ts';
import type { SiteRule } from './site-rules.ts';
import { ensureYtDlpWheel, YtDlpMissingError } from './yt-dlp-wheel.ts';
import { runYtDlp } from './yt-dlp.ts';

const SONG = soundWav(1);

/** Null, with the test skipped, where there is no Python or no package registry. */
async function downloader(t: TestContext): Promise<{ pythonPath: string; wheelPath: string } | null> {
  const pythonPath = findProgram('python3');
  if (pythonPath === null) {
    t.skip('needs Python 3');
    return null;
  }
  try {
    const wheelPath = await ensureYtDlpWheel({ cacheDir: TEST_CACHE, pythonPath, toolEnvironment: toolEnvironment() });
    return { pythonPath, wheelPath };
  } catch (error) {
    if (!(error instanceof YtDlpMissingError)) throw error;
    t.skip(error.message);
    return null;
  }
}

function localSite(extractors: readonly string[], hosts?: readonly string[]): (host: string) => readonly SiteRule[] {
  return (host) => [
    {
      id: 'local',
      name: 'the local site',
      domains: [host],
      download: { extractors, hosts: hosts ?? [host], songUrl: (link) => link.href },
    },
  ];
}

const serve: RequestListener = (request, response) => {
  if (request.url === '/song.wav') response.setHeader('content-type', 'audio/wav').end(SONG);
  else response.writeHead(404).end();
};

async function siteBench(
  t: TestContext,
  extractors: readonly string[],
  answer: RequestListener = serve,
): Promise<LinkBench> {
  return createLinkBench(t, answer, { sites: ['local'] }, localSite(extractors));
}

test('downloads one song of a site through the proxy', async (t) => {
  if ((await downloader(t)) === null) return;
  const bench = await siteBench(t, ['generic']);
  const stored = await bench.fetchLink(`${bench.base}/song.wav`);
  assert.equal(stored.bytes, SONG.length);
  assert.equal(stored.title, 'song');
  assert.deepEqual(await bench.leftovers(), ['sources/job']);
});

test('runs no other extractor than the site has, the generic one least of all', async (t) => {
  if ((await downloader(t)) === null) return;
  const bench = await siteBench(t, ['youtube', 'soundcloud', 'Bandcamp']);
  const { code } = await refusalOf(() => bench.fetchLink(`${bench.base}/song.wav`));
  assert.equal(code, 'link-not-audio');
  assert.deepEqual(bench.requests, []);
  assert.deepEqual(await bench.leftovers(), []);
});

test('U18 a redirect of the site to a private address is not followed', async (t) => {
  if ((await downloader(t)) === null) return;
  let trap = '';
  const bench = await siteBench(
    t,
    ['generic'],
    (_request, response) => void response.writeHead(302, { location: trap }).end(),
  );
  trap = `${bench.honeypot.base}/a.wav`;
  assert.equal((await refusalOf(() => bench.fetchLink(`${bench.base}/song.wav`))).code, 'site-unavailable');
  assert.equal(bench.honeypot.connections(), 0);
  assert.ok(bench.requests.length > 0, 'the site itself was asked');
  assert.deepEqual(await bench.leftovers(), []);
});

test('refuses a song that is missing, or larger than the limit', async (t) => {
  if ((await downloader(t)) === null) return;
  const bench = await siteBench(t, ['generic'], (request, response) => {
    if (request.url === '/big.wav')
      response
        .writeHead(200, { 'content-type': 'audio/wav', 'content-length': 9_000_000 })
        .end(Buffer.concat([SONG, Buffer.alloc(9_000_000 - SONG.length)]));
    else response.writeHead(404).end();
  });
  assert.equal((await refusalOf(() => bench.fetchLink(`${bench.base}/gone.wav`))).code, 'site-unavailable');
  assert.deepEqual(await refusalOf(() => bench.fetchLink(`${bench.base}/big.wav`)), {
    code: 'too-large',
    facts: { limitMegabytes: 5 },
  });
  assert.deepEqual(await bench.leftovers(), []);
});

test('U14, U15 never hands an option or a pseudo address to yt-dlp', async (t) => {
  const found = await downloader(t);
  if (found === null) return;
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-yt-dlp-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const bench = await siteBench(t, ['generic']);
  await using proxy = await startFilteringProxy({
    policy: bench.policy,
    allowHost: () => true,
    maxBytes: 1_000_000,
  });
  const run = {
    ...found,
    folder,
    proxyUrl: proxy.url,
    extractors: ['generic'],
    maxBytes: 5_000_000,
    maxSeconds: 60,
    signal: new AbortController().signal,
  };
  for (const songUrl of [
    '--version',
    '-o x',
    '--exec=id',
    '--config-locations=/etc',
    'file:///etc/passwd',
    'ytsearch100:x',
    ':ytfav',
    'ytdl://x',
  ]) {
    await assert.rejects(runYtDlp({ ...run, songUrl }), RangeError);
  }
  // Past that check it is still an address and not an option, since it comes after `--`.
  const { path, complaint } = await runYtDlp({ ...run, songUrl: 'http://127.0.0.1:1/--exec=id' });
  assert.equal(path, null);
  assert.match(complaint, /403|Forbidden|refused/iu);
});

test('the proxy turns away strangers and hosts that the run has no business with', async (t) => {
  const bench = await siteBench(t, []);
  await using proxy = await startFilteringProxy({
    policy: bench.policy,
    allowHost: (hostname) => hostname === 'good.example',
    maxBytes: 1000,
  });
  const statusOf = async (link: string, credential: string): Promise<number | undefined> => {
    const headers = { 'proxy-authorization': `Basic ${Buffer.from(credential).toString('base64')}` };
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest({ host: '127.0.0.1', port: new URL(proxy.url).port, path: link, headers });
      outgoing.on('response', (response) => void response.resume().on('end', () => resolve(response.statusCode)));
      outgoing.on('error', reject);
      outgoing.end();
    });
  };
  const { username, password } = new URL(proxy.url);
  assert.equal(await statusOf(`${bench.base}/song.wav`, 'woodshed:guess'), 407);
  assert.equal(await statusOf(`${bench.base}/song.wav`, `${username}:${password}`), 403);
  assert.equal(await statusOf('https://good.example/', `${username}:${password}`), 403);
  assert.deepEqual(proxy.refused, ['blocked-host', 'blocked-scheme']);
  assert.deepEqual(bench.requests, []);
});
