import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { EgressError } from './egress-error.ts';
import { parseTarget } from './egress-policy.ts';
import type { EgressPolicy } from './egress-policy.ts';
import { guardedFetch } from './guarded-fetch.ts';
import { HOSTILE_LINKS, HOSTILE_NAMES } from './hostile-links.test-kit.ts';

interface Origin {
  readonly base: string;
  readonly policy: EgressPolicy;
  readonly paths: string[];
}

async function listen(t: TestContext, server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => void sockets.add(socket));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A server of the operator's own network that the policy allows by name. */
async function origin(t: TestContext, answer: RequestListener): Promise<Origin> {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url ?? '');
    answer(request, response);
  });
  const host = `127.0.0.1:${String(await listen(t, server))}`;
  return { base: `http://${host}`, policy: { allowPrivateHosts: [host] }, paths };
}

async function raw(t: TestContext, answer: (socket: Socket) => void): Promise<Omit<Origin, 'paths'>> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => socket.destroy());
    answer(socket);
  });
  const host = `127.0.0.1:${String(await listen(t, server))}`;
  return { base: `http://${host}`, policy: { allowPrivateHosts: [host] } };
}

const LIMITS = { maxBytes: 1_000_000, totalTimeoutMs: 20_000, idleTimeoutMs: 10_000 };

async function fetchAll(link: string, policy: EgressPolicy, limits: Partial<typeof LIMITS> = {}): Promise<Buffer> {
  return guardedFetch(link, policy, { ...LIMITS, ...limits }, async ({ body }) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of body) pieces.push(piece);
    return Buffer.concat(pieces);
  });
}

async function reasonOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof EgressError, String(error));
    return error.status === null ? error.reason : `${error.reason} ${String(error.status)}`;
  }
  return 'fetched';
}

describe('a link into the inside', () => {
  const policy: EgressPolicy = {
    allowPrivateHosts: [],
    resolve: async (hostname) => assert.fail(`${hostname} was looked up`),
  };
  for (const link of HOSTILE_LINKS) {
    test(`${JSON.stringify(link.slice(0, 60))} is refused by its text`, async () => {
      assert.match(await reasonOf(fetchAll(link, policy)), /^(?:invalid|blocked-)/u);
    });
  }
  test('covers more than 120 addresses', () => {
    assert.ok(new Set(HOSTILE_LINKS).size >= 120, String(HOSTILE_LINKS.length));
  });
});

for (const [name, addresses] of Object.entries(HOSTILE_NAMES)) {
  test(`U5 ${name} is as unreachable as a name that does not exist`, async () => {
    const policy: EgressPolicy = { allowPrivateHosts: [], resolve: async () => addresses };
    assert.equal(await reasonOf(fetchAll(`http://${name}/a.mp3`, policy)), 'unreachable');
  });
}

test('allows a private host by name and port only', async (t) => {
  const { base, policy, paths } = await origin(t, (_, response) => response.end('sound'));
  assert.equal((await fetchAll(`${base}/a`, policy)).toString(), 'sound');
  const port = Number(new URL(base).port);
  assert.equal(await reasonOf(fetchAll(`http://127.0.0.1:${String(port + 1)}/`, policy)), 'blocked-port');
  assert.equal(await reasonOf(fetchAll(`http://127.0.0.2:${String(port)}/`, policy)), 'blocked-port');
  assert.equal(await reasonOf(fetchAll('http://127.0.0.1/', policy)), 'blocked-address');
  assert.deepEqual(paths, ['/a']);
  assert.equal(parseTarget('http://nas.lan/a', { allowPrivateHosts: ['nas.lan'] }).allowedPrivate, true);
  assert.throws(() => parseTarget('http://nas.lan.evil.example:81/a', { allowPrivateHosts: ['nas.lan'] }), EgressError);
});

test('U6 a name that changes its address is not asked again between check and connection', async (t) => {
  let honeypot = 0;
  const server = createTcpServer((socket) => {
    honeypot += 1;
    socket.destroy();
  });
  await listen(t, server);
  let questions = 0;
  // TEST-NET-1 would be refused as well; what matters is that the second answer is never used.
  const resolve = async (): Promise<readonly string[]> => [(questions += 1) === 1 ? '127.0.0.1' : '93.184.215.14'];
  assert.equal(await reasonOf(fetchAll('http://rebind.example/', { allowPrivateHosts: [], resolve })), 'unreachable');
  assert.deepEqual([questions, honeypot], [1, 0]);
});

test('U7 follows three redirects, checks each and refuses the fourth', async (t) => {
  const { base, policy, paths } = await origin(t, (request, response) => {
    const left = Number(request.url?.slice(1));
    if (Number.isNaN(left) || left === 0) response.end('there');
    else response.writeHead(302, { location: `/${String(left - 1)}` }).end();
  });
  assert.equal((await fetchAll(`${base}/3`, policy)).toString(), 'there');
  assert.equal(await reasonOf(fetchAll(`${base}/20`, policy)), 'too-many-redirects');
  assert.deepEqual(paths, ['/3', '/2', '/1', '/0', '/20', '/19', '/18', '/17']);
});

for (const [name, location, reason] of [
  ['a private address', 'http://10.0.0.1/', 'blocked-address'],
  ['the metadata of a cloud', 'http://169.254.169.254/latest', 'blocked-address'],
  ['a file', 'file:///etc/passwd', 'blocked-scheme'],
  ['FTP', 'ftp://good.example/', 'blocked-scheme'],
  ['gopher', 'gopher://127.0.0.1:6379/_x', 'blocked-scheme'],
  ['a service port', 'http://good.example:6379/', 'blocked-port'],
  ['a name with a password', 'http://a:b@good.example/', 'blocked-userinfo'],
  ['a name that leads inside', 'http://private.example/', 'unreachable'],
  ['nothing', '', 'fetched'],
  ['nonsense', 'http://[', 'bad-response'],
] as const) {
  test(`U7 a redirect to ${name}: ${reason}`, async (t) => {
    const server = await origin(t, (request, response) => {
      if (request.url === '/start') response.writeHead(302, { location: location === '' ? '/end' : location });
      response.end();
    });
    const policy = { ...server.policy, resolve: async () => ['10.0.0.1'] };
    assert.equal(await reasonOf(fetchAll(`${server.base}/start`, policy)), reason);
  });
}

test('U11 refuses compressed bodies, which may grow a thousandfold', async (t) => {
  const bomb = gzipSync(Buffer.alloc(5_000_000));
  const { base, policy } = await origin(t, (request, response) => {
    assert.equal(request.headers['accept-encoding'], 'identity');
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
  });
  assert.equal(await reasonOf(fetchAll(base, policy)), 'bad-response');
});

test('U12 ends a body without end at the limit', async (t) => {
  const { base, policy } = await raw(t, (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    const pour = (): void => {
      while (socket.writable && socket.write(Buffer.alloc(65_536)));
    };
    socket.on('drain', pour);
    pour();
  });
  assert.equal(await reasonOf(fetchAll(base, policy)), 'too-large');
});

test('U12 refuses a length above the limit before the body', async (t) => {
  const { base, policy } = await raw(t, (socket) =>
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 5000000000\r\n\r\n'),
  );
  assert.equal(await reasonOf(fetchAll(base, policy)), 'too-large');
});

for (const [name, answer, reason] of [
  ['a body shorter than it says', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort', 'bad-response'],
  ['headers of megabytes', `HTTP/1.1 200 OK\r\nx: ${'a'.repeat(2_000_000)}\r\n\r\n`, 'bad-response'],
  ['100,000 headers', `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(100_000)}\r\n`, 'bad-response'],
  ['an answer that is none', 'SSH-2.0-OpenSSH_9\r\n', 'bad-response'],
  ['no answer', '', 'bad-response'],
  ['not found', 'HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n', 'status 404'],
  ['a redirect without an address', 'HTTP/1.1 302 Found\r\ncontent-length: 0\r\n\r\n', 'bad-response'],
] as const) {
  test(`U12 ${name}: ${reason}`, async (t) => {
    const { base, policy } = await raw(t, (socket) => void socket.once('data', () => socket.end(answer)));
    assert.equal(await reasonOf(fetchAll(base, policy)), reason);
  });
}

test('U12 ends a silent server by the idle time and a slow one by the total time', async (t) => {
  const silent = await raw(t, () => undefined);
  assert.equal(await reasonOf(fetchAll(silent.base, silent.policy, { idleTimeoutMs: 50 })), 'timeout');
  const slow = await raw(t, (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    const drip = setInterval(() => socket.write('a'), 20);
    socket.on('close', () => clearInterval(drip));
  });
  assert.equal(await reasonOf(fetchAll(slow.base, slow.policy, { totalTimeoutMs: 300 })), 'timeout');
});

test('says unreachable where nothing listens', async (t) => {
  const { base, policy } = await origin(t, (_, response) => response.end());
  const gone = createTcpServer();
  const port = await listen(t, gone);
  await new Promise<void>((resolve) => void gone.close(() => resolve()));
  const host = `127.0.0.1:${String(port)}`;
  assert.equal(await reasonOf(fetchAll(`http://${host}/`, { allowPrivateHosts: [host] })), 'unreachable');
  assert.equal((await fetchAll(base, policy)).length, 0, 'and goes on with the next');
});

test('passes on the reason of a cancelled fetch and what the reader throws', async (t) => {
  const { base, policy } = await origin(t, (_, response) => response.write('a'));
  const stop = new AbortController();
  const fetching = guardedFetch(base, policy, { ...LIMITS, signal: stop.signal }, async ({ body }) => {
    for await (const piece of body) if (piece.length > 0) stop.abort(new Error('cancelled by me'));
  });
  await assert.rejects(fetching, { message: 'cancelled by me' });
  const mine = new TypeError('mine');
  await assert.rejects(
    guardedFetch(base, policy, LIMITS, async () => Promise.reject(mine)),
    mine,
  );
});
