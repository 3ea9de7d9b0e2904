// Runs by itself inside a network namespace of its own, where every address is ours: a server listens on all of them, and counts who
// was reached. Prints one line of JSON for honeypot.test.ts.
import { createServer, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { runChild } from '../../runtime/child.ts';
import { EgressError } from './egress-error.ts';
import type { EgressPolicy } from './egress-policy.ts';
import { startFilteringProxy } from './filtering-proxy.ts';
import { guardedFetch } from './guarded-fetch.ts';
import { HOSTILE_LINKS, HOSTILE_NAMES } from './hostile-links.test-kit.ts';

export interface HoneypotReport {
  /** Addresses that must never be reached, and were. */
  readonly reached: readonly string[];
  /** What came back over a public address, to show that the set-up works at all. */
  readonly publicBody: string;
  readonly publicByProxy: string;
  readonly rebound: readonly string[];
  readonly attempts: number;
  readonly unexpected: readonly string[];
}

const PUBLIC = '93.184.215.14';
const INNER = [
  '10.0.0.1/8',
  '169.254.169.254/16',
  '172.16.0.1/12',
  '192.168.1.1/16',
  '100.64.0.1/10',
  '168.63.129.16/32',
  'fd00::1/8',
];
const OUTER = [`${PUBLIC}/24`, '2606:2800:21f::1/48'];

async function addAddresses(ip: string): Promise<void> {
  const run = async (...args: readonly string[]): Promise<void> => {
    const { code, stderr } = await runChild(ip, args, { cwd: '/' });
    if (code !== 0) throw new Error(stderr);
  };
  await run('link', 'set', 'lo', 'up');
  for (const address of [...INNER, ...OUTER]) await run('addr', 'add', address, 'dev', 'lo');
}

const reached: string[] = [];

async function listenEverywhere(): Promise<void> {
  for (const port of [80, 443, 6379]) {
    const server = createServer((incoming, response) => {
      const to = new URL(incoming.url ?? '/', 'http://x').searchParams.get('to');
      if (to === null) response.end('sound');
      else response.writeHead(302, { location: to }).end();
    });
    server.on('connection', (socket) => {
      const address = (socket.localAddress ?? '').replace(/^::ffff:(?=\d)/u, '');
      if (address !== PUBLIC && !proxyPorts.has(socket.localPort ?? 0)) reached.push(`${address} ${String(port)}`);
    });
    server.unref();
    await new Promise<void>((resolve) => void server.listen(port, '::', resolve));
  }
}

const proxyPorts = new Set<number>();
const LIMITS = { maxBytes: 1000, totalTimeoutMs: 5000, idleTimeoutMs: 5000 };
const unexpected: string[] = [];
let attempts = 0;

async function fetchText(link: string, policy: EgressPolicy): Promise<string> {
  attempts += 1;
  try {
    return await guardedFetch(link, policy, LIMITS, async ({ body }) => {
      const pieces: Uint8Array[] = [];
      for await (const piece of body) pieces.push(piece);
      return Buffer.concat(pieces).toString();
    });
  } catch (error) {
    if (!(error instanceof EgressError)) unexpected.push(`${link}: ${String(error)}`);
    return error instanceof EgressError ? error.reason : 'broken';
  }
}

/** The status that the proxy gives to a plain request, and to a tunnel. */
async function throughProxy(link: string, policy: EgressPolicy): Promise<{ plain: string; tunnel: string }> {
  attempts += 2;
  await using proxy = await startFilteringProxy({ policy, allowHost: () => true, maxBytes: 100_000 });
  const { port, username, password } = new URL(proxy.url);
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  proxyPorts.add(Number(port));
  const plain = await new Promise<string>((resolve) => {
    try {
      const outgoing = request({
        host: '127.0.0.1',
        port,
        path: link,
        headers: { 'proxy-authorization': authorization },
        agent: false,
      });
      outgoing.on('response', (response: IncomingMessage) => {
        let text = '';
        response.on('data', (piece: Buffer) => (text += piece.toString()));
        response.on('end', () => resolve(response.statusCode === 200 ? text : String(response.statusCode)));
      });
      outgoing.on('error', (error) => resolve(error.message));
      outgoing.end();
    } catch (error) {
      resolve(String(error)); // Node itself refuses such a path
    }
  });
  const authority = /^https?:\/\/(?<host>[^/\\?#]*)/u.exec(link)?.groups?.['host'] ?? link;
  const tunnel = await new Promise<string>((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: Number(port) });
    const line = `CONNECT ${authority.includes(':') && !authority.endsWith(']') ? authority : `${authority}:443`} HTTP/1.1`;
    socket.on('error', (error) => resolve(error.message));
    socket.on('data', (piece) => {
      socket.destroy();
      resolve(piece.toString().slice(9, 12));
    });
    socket.on('close', () => resolve('closed'));
    socket.write(`${line}\r\nhost: x\r\nproxy-authorization: ${authorization}\r\n\r\n`);
  });
  return { plain, tunnel };
}

async function main(ip: string): Promise<HoneypotReport> {
  await addAddresses(ip);
  await listenEverywhere();
  const policy: EgressPolicy = {
    allowPrivateHosts: [],
    resolve: async (hostname) => HOSTILE_NAMES[hostname] ?? (hostname === 'good.example' ? [PUBLIC] : []),
  };
  const publicBody = await fetchText('http://good.example/a.mp3', policy);
  const publicByProxy = (await throughProxy('http://good.example/a.mp3', policy)).plain;
  const names = Object.keys(HOSTILE_NAMES).map((name) => `http://${name}/a.mp3`);
  for (const link of [...HOSTILE_LINKS, ...names]) {
    const answers = [await fetchText(link, policy)];
    if (/^[\x21-\x7e]+$/u.test(link)) {
      const redirect = await fetchText(`http://good.example/?to=${encodeURIComponent(link)}`, policy);
      // A redirect without a host of its own stays with the public server.
      if (!URL.canParse(link, 'http://good.example/') || !authorityIsGood(new URL(link, 'http://good.example/').href)) {
        answers.push(redirect);
      }
      const { plain, tunnel } = await throughProxy(link, policy);
      answers.push(plain);
      // A tunnel names no scheme and path, so a good host behind a bad one may be reached.
      if (!authorityIsGood(link)) answers.push(tunnel);
    }
    if (answers.some((answer) => answer === '200' || (answer === 'sound' && !authorityIsGood(link))))
      unexpected.push(`${link}: ${answers.join()}`);
  }
  const rebound = [];
  for (let round = 0; round < 20; round += 1) {
    let question = 0;
    const resolve = async (): Promise<readonly string[]> => [(question += 1) % 2 === 1 ? PUBLIC : '127.0.0.1'];
    rebound.push(
      await fetchText('http://rebind.example/?to=http://rebind.example/', { allowPrivateHosts: [], resolve }),
    );
  }
  return { reached, publicBody, publicByProxy, rebound, attempts, unexpected };
}

function authorityIsGood(link: string): boolean {
  return link.includes('good.example');
}

const [, script, ip] = process.argv;
if (script === import.meta.filename && ip !== undefined) process.stdout.write(`${JSON.stringify(await main(ip))}\n`);
