/** A web server of model files on this machine, whose manners a test sets, and a store that knows them. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import pino from 'pino';
import type { Logger } from 'pino';
import type { ModelEntry, ModelSource } from './manifest/model-manifest.ts';
import { createModelStore } from './model-store.ts';
import type { ModelStore, ModelStoreOptions } from './model-store.ts';
import { createOnnxGraph } from './onnx/onnx-graph.ts';

export const GRAPH_FILE = 'double.onnx';
const VALUES = 4096;

/** y = x * weights, of 4096 values. */
export function doublingGraph(size: number = VALUES): Uint8Array {
  const graph = createOnnxGraph('double');
  graph.input('x', [1, size]);
  graph.node('Mul', ['x', graph.constant('weights', [size], new Float32Array(size).fill(2))], ['y']);
  graph.output('y', [1, size]);
  return graph.toBytes();
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function doublingEntry(sources: readonly ModelSource[], bytes: Uint8Array = doublingGraph()): ModelEntry {
  const shape = [1, VALUES];
  return {
    id: 'double',
    task: 'separation',
    files: [{ name: GRAPH_FILE, bytes: bytes.length, sha256: sha256(bytes) }],
    sources,
    compile: null,
    io: [{ inputs: [{ name: 'x', shape }], outputs: [{ name: 'y', shape }] }],
    licence: { code: 'MIT', weights: 'MIT', commercial: 'yes', evidence: 'made here' },
    verified: 'publisher',
  };
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Serves the bytes, whole or from the asked-for byte on. */
export function serve(bytes: Uint8Array): Answer {
  return (request, response) => {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.setHeader('etag', `"${sha256(bytes).slice(0, 8)}"`);
    response.setHeader('content-length', bytes.length - start);
    if (start > 0) {
      response.setHeader('content-range', `bytes ${start}-${bytes.length - 1}/${bytes.length}`);
      response.statusCode = 206;
    }
    response.end(bytes.subarray(start));
  };
}

export interface ModelServer {
  /** The source of the doubling graph at this path. */
  source(path: string): ModelSource;
  url(path: string): string;
  /** `<method> <path> <range or ->` of every request so far. */
  readonly requests: string[];
}

export async function startModelServer(
  t: TestContext,
  answers: Readonly<Record<string, Answer>>,
): Promise<ModelServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url} ${request.headers.range ?? '-'}`);
    const answer = answers[request.url ?? ''];
    if (answer === undefined) {
      response.statusCode = 404;
      response.end();
    } else answer(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const url = (path: string): string => `http://127.0.0.1:${port}${path}`;
  return { requests, url, source: (path) => ({ kind: 'urls', files: { [GRAPH_FILE]: url(path) } }) };
}

export async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-models-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export function storeOf(
  entry: ModelEntry,
  cacheDir: string,
  options: Partial<ModelStoreOptions> = {},
): ModelStore & { readonly logged: string[] } {
  const logged: string[] = [];
  const log: Logger = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) });
  const models = new Map([[entry.id, entry]]);
  return { ...createModelStore({ cacheDir, log, allowNonCommercial: false, models, ...options }), logged };
}
