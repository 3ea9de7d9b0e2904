import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { test } from 'node:test';
import type { FailureCode } from '../../workflows/contract/failure.ts';
import { HOSTILE_LINKS } from '../egress/hostile-links.test-kit.ts';
import { soundWav, withId3 } from '../media/audio-bytes.test-kit.ts';
import { refusalOf } from '../media/media.test-kit.ts';
import { responseTitle } from './direct-link.ts';
import { createLinkBench } from './link-bench.test-kit.ts';
import { findSite, SITE_RULES } from './site-rules.ts';

const SONG = soundWav(1);

const serveSong: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-length': SONG.length }).end(SONG);
};

test('fetches a song from a direct link, byte for byte, with progress and a title', async (t) => {
  const bench = await createLinkBench(t, serveSong);
  const stored = await bench.fetchLink(`${bench.base}/band/My%20Song%E2%80%AE.wav?token=1#x`);
  assert.deepEqual(stored, {
    key: 'sources/job',
    bytes: SONG.length,
    sha256: createHash('sha256').update(SONG).digest('hex'),
    title: 'My Song',
  });
  assert.deepEqual(bench.lines, ['Fetching the link']);
  assert.equal(bench.fractions.at(-1), 1);
  assert.deepEqual(await bench.leftovers(), ['sources/job']);
  assert.deepEqual(await bench.fetchLink(`${bench.base}/band/My%20Song.wav`), { ...stored, title: 'My Song' }, 'again');
});

test('lets audio behind a large tag through, for the probe to look at', async (t) => {
  const bytes = withId3(SONG, 200_000);
  const bench = await createLinkBench(t, (_request, response) => void response.end(bytes));
  assert.equal((await bench.fetchLink(`${bench.base}/a.wav`)).bytes, bytes.length);
});

test('refuses every link into the inside and connects nowhere', async (t) => {
  const bench = await createLinkBench(t, serveSong);
  const codes = new Set<string>();
  for (const link of [...HOSTILE_LINKS, `${bench.honeypot.base}/a.mp3`]) {
    const { code } = await refusalOf(() => bench.fetchLink(link));
    codes.add(code);
  }
  assert.deepEqual([...codes].sort(), ['link-blocked', 'link-invalid']);
  assert.deepEqual(bench.requests, []);
  assert.equal(bench.honeypot.connections(), 0);
  assert.deepEqual(await bench.leftovers(), []);
  assert.equal((await bench.fetchLink(`${bench.base}/a.wav`)).bytes, SONG.length, 'the next link works');
});

const big = Buffer.concat([SONG, Buffer.alloc(6_000_000)]);

const ANSWERS: readonly (readonly [id: string, name: string, code: FailureCode, answer: RequestListener])[] = [
  [
    'U7',
    'a redirect inside',
    'link-blocked',
    (_, response) => void response.writeHead(302, { location: 'http://192.168.0.1/' }).end(),
  ],
  [
    'U7',
    'redirects without end',
    'link-refused',
    (_, response) => void response.writeHead(302, { location: '/again' }).end(),
  ],
  [
    'U7',
    'a redirect to a name that leads nowhere',
    'link-unreachable',
    (_, response) => void response.writeHead(302, { location: 'http://inner.example/' }).end(),
  ],
  [
    'U7',
    'a meta refresh',
    'link-not-audio',
    (_, response) => void response.end('<html><meta http-equiv="refresh" content="0;url=http://10.0.0.1/">'),
  ],
  [
    'U12',
    'more than the limit, said before',
    'too-large',
    (_, response) => void response.writeHead(200, { 'content-length': 6_000_000 }).end(big),
  ],
  ['U12', 'more than the limit, not said', 'too-large', (_, response) => void response.end(big)],
  [
    'U13',
    'a web page that says it is audio',
    'link-not-audio',
    (_, response) => void response.writeHead(200, { 'content-type': 'audio/mpeg' }).end('<!doctype html><html>'),
  ],
  [
    'F3',
    'a playlist',
    'link-not-audio',
    (_, response) =>
      void response.writeHead(200, { 'content-type': 'audio/mpeg' }).end('#EXTM3U\nhttp://10.0.0.1/a.mp3\n'),
  ],
  [
    'F7',
    'a program',
    'link-not-audio',
    (_, response) => void response.end(Buffer.from('\x7FELF\x02\x01\x01', 'latin1')),
  ],
  ['', 'nothing', 'empty-file', (_, response) => void response.end()],
  [
    '',
    'a protected song',
    'protected-audio',
    (_, response) => void response.end(Buffer.from('\0\0\0\x1cftypM4P \0\0\0\0', 'latin1')),
  ],
  ['', 'not found', 'link-refused', (_, response) => void response.writeHead(404).end('<html>')],
  ['', 'gone behind a login', 'link-refused', (_, response) => void response.writeHead(403).end()],
];

for (const [id, name, code, answer] of ANSWERS) {
  test(`${id} a link that answers with ${name}: ${code}`, async (t) => {
    const bench = await createLinkBench(t, answer);
    assert.equal((await refusalOf(() => bench.fetchLink(`${bench.base}/song.mp3`))).code, code);
    assert.deepEqual(await bench.leftovers(), []);
    assert.equal(bench.honeypot.connections(), 0);
  });
}

test('tries a server in trouble again, and refuses it at the third', async (t) => {
  const bench = await createLinkBench(t, (_, response) => void response.writeHead(503).end());
  await assert.rejects(bench.fetchLink(bench.base), { name: 'EgressError', message: 'status 503' });
  assert.deepEqual(await refusalOf(() => bench.fetchLink(bench.base, { attempt: 3 })), {
    code: 'link-refused',
    facts: { status: 503 },
  });
});

test('says the same of a private name, a missing name and a dead server', async (t) => {
  const bench = await createLinkBench(t, serveSong);
  const dead = new URL(bench.honeypot.base);
  const failures = [];
  for (const link of ['http://private.example/', 'http://missing.example/']) {
    failures.push(await refusalOf(() => bench.fetchLink(link)));
  }
  assert.deepEqual(failures, [
    { code: 'link-unreachable', facts: {} },
    { code: 'link-unreachable', facts: {} },
  ]);
  assert.notEqual(dead.port, '');
});

test('answers for sites by their registrable domain, and says which site is off', async (t) => {
  const bench = await createLinkBench(t, serveSong);
  for (const [link, site] of [
    ['https://www.youtube.com/watch?v=dQw4w9WgXcQ', 'YouTube'],
    ['https://music.youtube.com/watch?v=dQw4w9WgXcQ', 'YouTube'],
    ['https://youtu.be/dQw4w9WgXcQ?t=1', 'YouTube'],
    ['https://soundcloud.com/a/b', 'SoundCloud'],
    ['https://someone.bandcamp.com/track/a', 'Bandcamp'],
    ['https://open.spotify.com/track/1', 'Spotify'],
  ] as const) {
    assert.deepEqual(await refusalOf(() => bench.fetchLink(link)), { code: 'site-off', facts: { site } });
  }
  assert.deepEqual(bench.requests, []);
});

test('U9 is not taken in by names that look like a site', () => {
  for (const hostname of [
    'youtube.com.evil.example',
    'evil-youtube.com',
    'youtubе.com',
    'xn--youtub-2of.com',
    'notyoutu.be',
    'co.uk',
  ]) {
    assert.equal(findSite(hostname, SITE_RULES), null, hostname);
  }
  assert.equal(findSite('m.youtube.com', SITE_RULES)?.id, 'youtube');
});

test('rebuilds a song address from its parts, or knows that it names no song', () => {
  const songUrl = (link: string): string | null | undefined => {
    const url = new URL(link);
    return findSite(url.hostname, SITE_RULES)?.download?.songUrl(url);
  };
  const song = 'https://www.youtube.com/watch?v=dQw4w9WgXcQ';
  for (const [link, expected] of [
    ['https://m.youtube.com/watch?list=PL1&v=dQw4w9WgXcQ&t=5', song],
    ['http://youtu.be/dQw4w9WgXcQ?si=x', song],
    ['https://www.youtube.com/shorts/dQw4w9WgXcQ', song],
    ['https://www.youtube.com/playlist?list=PL1', null],
    ['https://www.youtube.com/@band', null],
    ['https://www.youtube.com/watch?v=--version', null],
    ['https://www.youtube.com/watch?v=dQw4w9WgXcQ%0a--exec', null],
    ['https://www.youtube.com/redirect?q=http://127.0.0.1/', null],
    ['https://m.soundcloud.com/band/song?in=a', 'https://soundcloud.com/band/song'],
    ['https://soundcloud.com/band/song/s-AbC123', 'https://soundcloud.com/band/song/s-AbC123'],
    ['https://soundcloud.com/band/sets/album', null],
    ['https://soundcloud.com/band', null],
    ['https://on.soundcloud.com/x/y', null],
    ['https://the-band.bandcamp.com/track/one-song?from=x', 'https://the-band.bandcamp.com/track/one-song'],
    ['https://the-band.bandcamp.com/album/all', null],
  ] as const) {
    assert.equal(songUrl(link), expected, link);
  }
});

test('U13 takes a title from the answer or the address, and never a path', () => {
  const titleOf = (disposition: string | null, link = 'http://host.example/a/b%20c.mp3'): string =>
    responseTitle({ header: () => disposition, url: new URL(link) });
  for (const [disposition, title] of [
    ['attachment; filename="../../etc/passwd.mp3"', 'passwd'],
    ['attachment; filename=song.mp3', 'song'],
    ["attachment; filename=x.mp3; filename*=UTF-8''%C5%BDlut%C3%BD.mp3", 'Žlutý'],
    [`attachment; filename="${'a'.repeat(500)}"`, `${'a'.repeat(79)}…`],
    ['inline', 'b c'],
    [null, 'b c'],
  ] as const) {
    assert.equal(titleOf(disposition), title);
  }
  assert.equal(titleOf(null, 'http://host.example/'), 'host.example');
  assert.equal(titleOf(null, 'http://host.example/%E0%A4%A'), '%E0%A4%A');
});

test('fetches no links at all where the operator has switched that off', async (t) => {
  const bench = await createLinkBench(t, serveSong, { direct: false });
  assert.equal((await refusalOf(() => bench.fetchLink(`${bench.base}/a.wav`))).code, 'site-off');
  assert.deepEqual(bench.requests, []);
});
