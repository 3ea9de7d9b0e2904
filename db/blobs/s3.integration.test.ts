import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer, request as forward } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import { openBlobStore } from './open-blob-store.ts';
import type { S3StoreConfig } from './open-blob-store.ts';
import { abortStaleUploads } from './s3-stale-uploads.ts';
import { collect, pieces, sha256 } from './blob-bytes.test-kit.ts';
import { testBlobStore } from './store.test-kit.ts';
import { findS3Server, startTestS3Server } from './test-s3-server.ts';
import type { TestS3Server } from './test-s3-server.ts';

const binary = await findS3Server();
const skip = binary === null ? 'no S3 server: neither a cached versitygw nor Go to build it' : false;

describe('on a real S3 server', { skip }, () => {
  let server: TestS3Server;
  let config: S3StoreConfig;
  let client: S3Client;
  let scratchDir: string;
  let store: BlobStore;

  before(async () => {
    scratchDir = await mkdtemp(join(tmpdir(), 'woodshed-s3-scratch-'));
    server = await startTestS3Server(binary ?? '');
    const { endpoint, accessKeyId, secretAccessKey } = server;
    config = { endpoint, accessKeyId, secretAccessKey, region: 'us-east-1', bucket: 'woodshed-test', scratchDir };
    client = new S3Client({
      endpoint,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey },
    });
    store = await openBlobStore({ kind: 's3', ...config });
  });

  after(async () => {
    client.destroy();
    await server.stop();
    await rm(scratchDir, { recursive: true });
  });

  async function unfinishedUploads(): Promise<string[]> {
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: config.bucket }));
    return Uploads.map(({ Key }) => Key ?? '');
  }

  testBlobStore(async () => {
    return {
      store: await openBlobStore({ kind: 's3', ...config }),
      config: { kind: 's3', ...config },
      leftovers: async () => {
        const files = await readdir(scratchDir);
        // Uploads of a killed writer are younger than what the store aborts by itself.
        await abortStaleUploads(client, config.bucket, 0);
        return [...files, ...(await unfinishedUploads())];
      },
    };
  });

  test('opens a bucket that is there, and one that is not, at once and again', async () => {
    const fresh = { kind: 's3', ...config, bucket: 'woodshed-fresh' } as const;
    await Promise.all([openBlobStore(fresh), openBlobStore(fresh)]);
    const again = await openBlobStore(fresh);
    assert.equal(await again.head('a'), null);
  });

  test('says what to check when a bucket cannot be opened', async () => {
    const open = async (change: Partial<S3StoreConfig>): Promise<unknown> =>
      await openBlobStore({ kind: 's3', ...config, ...change });
    await assert.rejects(open({ bucket: 'b' }), /bucket b cannot be opened \(HTTP 400\)/);
    await assert.rejects(open({ secretAccessKey: 'wrong' }), /woodshed-test cannot be opened \(HTTP 403\).*keys/);
  });

  test('gives a URL that anyone may download from, under a safe name, for a while', async () => {
    await store.put('signed/vocals', pieces(Buffer.from('sung'), 4));
    const url = await store.presign('signed/vocals', { expiresSeconds: 60, downloadName: 'Größe "1"; \r\nx.wav' });
    const answer = await fetch(url ?? '');
    assert.equal(answer.status, 200);
    assert.equal(await answer.text(), 'sung');
    assert.equal(
      answer.headers.get('content-disposition'),
      `attachment; filename="Gr__e _1__ __x.wav"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%221%22%3B%20%0D%0Ax.wav`,
    );
    assert.equal(answer.headers.get('content-type'), 'application/octet-stream');
    const plain = await fetch((await store.presign('signed/vocals', { expiresSeconds: 60 })) ?? '');
    assert.equal(plain.headers.get('content-disposition'), 'attachment');
    await plain.body?.cancel();
    const other = new URL(url ?? '');
    other.pathname = other.pathname.replace('vocals', 'drums');
    assert.equal((await fetch(other)).status, 403);
  });

  test('a URL ends', async () => {
    await store.put('signed/short', pieces(Buffer.from('x'), 1));
    const url = (await store.presign('signed/short', { expiresSeconds: 1 })) ?? '';
    let status = 200;
    for (const deadline = Date.now() + 10_000; status === 200 && Date.now() < deadline; await sleep(200)) {
      const answer = await fetch(url);
      await answer.body?.cancel();
      ({ status } = answer);
    }
    assert.equal(status, 403);
  });

  test('signs with the address that browsers know', async () => {
    const elsewhere = await openBlobStore({ kind: 's3', ...config, publicEndpoint: 'https://files.example' });
    assert.match(
      (await elsewhere.presign('a', { expiresSeconds: 5 })) ?? '',
      /^https:\/\/files\.example\/woodshed-test\/a\?/,
    );
  });

  test('hashes an object that came without its hash', async () => {
    await client.send(new PutObjectCommand({ Bucket: config.bucket, Key: 'foreign', Body: 'by hand' }));
    assert.deepEqual(await store.head('foreign'), { key: 'foreign', bytes: 7, sha256: sha256(Buffer.from('by hand')) });
  });

  test('aborts uploads that nobody will finish, and only old ones', async () => {
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({ Bucket: config.bucket, Key: 'never-finished' }),
    );
    await client.send(
      new UploadPartCommand({ Bucket: config.bucket, Key: 'never-finished', UploadId, PartNumber: 1, Body: 'part' }),
    );
    assert.equal(await abortStaleUploads(client, config.bucket), 0);
    assert.deepEqual(await unfinishedUploads(), ['never-finished']);
    assert.equal(await abortStaleUploads(client, config.bucket, 0), 1);
    assert.deepEqual(await unfinishedUploads(), []);
  });

  test('neither loses nor changes a byte behind a server that fails, breaks off and answers twice', async () => {
    const faults = await startFaultyProxy(server.endpoint);
    const shaky = await openBlobStore({ kind: 's3', ...config, endpoint: faults.endpoint });
    const seen: string[] = [];
    for (let index = 0; index < 40; index += 1) {
      const bytes = randomBytes(index % 10 === 0 ? 9_000_000 : 200_000);
      const key = `shaky/${String(index)}`;
      const stored = await shaky.put(key, pieces(bytes, 1 << 16));
      assert.equal(stored.sha256, sha256(bytes));
      assert.equal(sha256(await collect(shaky.read(key))), stored.sha256);
      assert.deepEqual(await store.head(key), stored);
      seen.push(key);
    }
    assert.equal(seen.length, 40);
    const { errors, executedErrors, cuts } = faults.counts;
    assert.ok(errors > 0 && executedErrors > 0 && cuts > 0, JSON.stringify(faults.counts));
    await faults.stop();
  });
});

interface FaultyProxy {
  readonly endpoint: string;
  readonly counts: { errors: number; executedErrors: number; cuts: number };
  stop(): Promise<void>;
}

/** In turn: a 500 without doing it, a 500 after doing it, a body cut short, and two that go well. */
async function startFaultyProxy(upstream: string): Promise<FaultyProxy> {
  const counts = { errors: 0, executedErrors: 0, cuts: 0 };
  let turn = 0;
  const { hostname, port } = new URL(upstream);

  function relay(request: IncomingMessage, answer: (response: IncomingMessage) => void): void {
    const { host: _host, ...headers } = request.headers;
    // The signature covers the host that the client asked for.
    const onward = forward(
      {
        hostname,
        port,
        method: request.method,
        path: request.url,
        headers: { ...headers, host: request.headers.host },
      },
      answer,
    );
    onward.on('error', () => request.destroy());
    request.pipe(onward);
  }

  function fail(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    request.on('end', () => {
      response.writeHead(500, { 'content-type': 'application/xml' });
      response.end('<Error><Code>InternalError</Code><Message>x</Message></Error>');
    });
  }

  const proxy = createServer((request, response) => {
    turn += 1;
    const fault = turn % 7;
    if (fault === 0) {
      counts.errors += 1;
      fail(request, response);
      return;
    }
    relay(request, (answered) => {
      if (fault === 2 && request.method !== 'HEAD') {
        counts.executedErrors += 1;
        answered.resume();
        response.writeHead(500, { 'content-type': 'application/xml' });
        response.end('<Error><Code>InternalError</Code><Message>done, but</Message></Error>');
        return;
      }
      response.writeHead(answered.statusCode ?? 500, answered.headers);
      const length = Number(answered.headers['content-length'] ?? 0);
      if (fault === 4 && request.method === 'GET' && length > 100_000) {
        counts.cuts += 1;
        let left = Math.floor(length / 2);
        answered.on('data', (piece: Buffer) => {
          if (left <= 0) return;
          response.write(piece.subarray(0, left), () => {
            if (left <= 0) response.destroy();
          });
          left -= piece.length;
        });
        return;
      }
      answered.pipe(response);
    });
  });
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve);
  });
  return {
    endpoint: `http://127.0.0.1:${String((proxy.address() as AddressInfo).port)}`,
    counts,
    async stop() {
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}
