/**
 * Models that somebody tampered with. Where the hash would already tell, the others are given the hash of the tampered file, as if an
 * operator had been talked into pinning it: they must be refused for what they are, before onnxruntime sees them.
 */
import assert from 'node:assert/strict';
import { link, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import { PbfWriter } from 'pbf';
import { doublingEntry, doublingGraph, GRAPH_FILE, sha256, storeOf, temporaryFolder } from './model-server.test-kit.ts';

const GRAPH = doublingGraph();
const FLOAT = 1;
const INT64 = 7;
const EXTERNAL = 1;

type Write = (pbf: PbfWriter) => void;

function message(...writes: readonly Write[]): Uint8Array {
  const pbf = new PbfWriter();
  for (const write of writes) write(pbf);
  return pbf.finish();
}
const varint =
  (field: number, value: number): Write =>
  (pbf) =>
    pbf.writeVarintField(field, value);
const text =
  (field: number, value: string): Write =>
  (pbf) =>
    pbf.writeStringField(field, value);
const nested =
  (field: number, ...writes: readonly Write[]): Write =>
  (pbf) =>
    pbf.writeBytesField(field, message(...writes));

const node = (operator: string, inputs: readonly string[], output: string, ...more: readonly Write[]): Write =>
  nested(1, ...inputs.map((name) => text(1, name)), text(2, output), text(4, operator), ...more);
const value = (field: number, name: string): Write =>
  nested(
    field,
    text(1, name),
    nested(2, nested(1, varint(1, FLOAT), nested(2, nested(1, varint(1, 1)), nested(1, varint(1, 4096))))),
  );
const model = (graph: readonly Write[], ...more: readonly Write[]): Uint8Array =>
  message(
    varint(1, 8),
    nested(7, ...graph, text(2, 'tampered'), value(11, 'x'), value(12, 'y')),
    nested(8, text(1, ''), varint(2, 17)),
    ...more,
  );
const tensor = (name: string, dims: readonly number[], type: number, ...more: readonly Write[]): readonly Write[] => [
  ...dims.map((dim) => varint(1, dim)),
  varint(2, type),
  text(8, name),
  ...more,
];
const external = (location: string, ...more: readonly Write[]): Uint8Array =>
  model([
    node('Mul', ['x', 'w'], 'y'),
    nested(
      5,
      ...tensor(
        'w',
        [1, 4096],
        FLOAT,
        nested(13, text(1, 'location'), text(2, location)),
        ...more,
        varint(14, EXTERNAL),
      ),
    ),
  ]);
const entry = (key: string, said: string): Write => nested(13, text(1, key), text(2, said));
const shapeTensor = (...sizes: readonly bigint[]): Uint8Array => Buffer.from(BigInt64Array.from(sizes).buffer);

const flipped = Buffer.from(GRAPH);
flipped[flipped.length >> 1]! ^= 1;

interface Tampering {
  readonly bytes: Uint8Array;
  /** Of the reason in the log. */
  readonly reason: RegExp;
  /** The manifest's hash stays that of the good file. */
  readonly keepHash?: boolean;
  /** What the tamperer put beside it. */
  readonly beside?: (folder: string) => Promise<void>;
}

const OTHER_FILE = /keeps its numbers in another file/;

const TAMPERINGS: Readonly<Record<string, Tampering>> = {
  'a flipped bit': { bytes: flipped, reason: /SHA-256/, keepHash: true },
  'a file cut short': { bytes: GRAPH.subarray(0, GRAPH.length - 100), reason: /SHA-256/, keepHash: true },
  'another model in its place': { bytes: doublingGraph(64), reason: /SHA-256/, keepHash: true },
  'a file cut short, its hash pinned': { bytes: GRAPH.subarray(0, GRAPH.length - 100), reason: /over the end/ },
  'another model, its hash pinned': { bytes: doublingGraph(64), reason: /wanted is x \[1,4096\]/ },
  'external data above the folder': { bytes: external('../../secret'), reason: OTHER_FILE },
  'external data at an absolute path': { bytes: external('/etc/passwd'), reason: OTHER_FILE },
  'external data behind a symbolic link': {
    bytes: external('weights.bin'),
    reason: OTHER_FILE,
    beside: async (folder) => await symlink('/etc/passwd', join(folder, 'weights.bin')),
  },
  'external data behind a hard link': {
    bytes: external('weights.bin'),
    reason: OTHER_FILE,
    beside: async (folder) => {
      await writeFile(join(folder, 'victim'), 'secret');
      await link(join(folder, 'victim'), join(folder, 'weights.bin'));
    },
  },
  'external data of a terabyte of holes': {
    bytes: external('sparse', entry('length', '1099511627776')),
    reason: OTHER_FILE,
  },
  'external data at a negative offset': { bytes: external('weights.bin', entry('offset', '-8')), reason: OTHER_FILE },
  'external data said by the location alone': {
    bytes: model([node('Mul', ['x', 'w'], 'y'), nested(5, ...tensor('w', [1, 4096], FLOAT, varint(14, EXTERNAL)))]),
    reason: OTHER_FILE,
  },
  "external data in a node's attribute": {
    bytes: model([
      node(
        'Constant',
        [],
        'w',
        nested(5, text(1, 'value'), nested(5, ...tensor('w', [1, 4096], FLOAT, varint(14, EXTERNAL)))),
      ),
      node('Mul', ['x', 'w'], 'y'),
    ]),
    reason: OTHER_FILE,
  },
  'external data in a subgraph': {
    bytes: model([
      node(
        'If',
        ['x'],
        'y',
        nested(5, text(1, 'then_branch'), nested(6, nested(5, ...tensor('w', [1], FLOAT, varint(14, EXTERNAL))))),
      ),
    ]),
    reason: OTHER_FILE,
  },
  'an operator of an unknown domain': {
    bytes: model([node('Double', ['x'], 'y', text(7, 'evil.example'))]),
    reason: /unknown operator domain "evil.example"/,
  },
  'an unknown domain inside a local function': {
    bytes: model(
      [node('Own', ['x'], 'y', text(7, 'own'))],
      nested(
        25,
        text(1, 'Own'),
        text(10, 'own'),
        nested(7, text(1, 'x'), text(2, 'y'), text(4, 'Deep'), text(7, 'evil.example')),
      ),
    ),
    reason: /unknown operator domain "evil.example"/,
  },
  'a node that loads a compiled context from a file': {
    bytes: model([node('EPContext', ['x'], 'y', text(7, 'com.microsoft'))]),
    reason: /EPContext/,
  },
  'a tensor that claims 10^9 numbers': {
    bytes: model([node('Mul', ['x', 'w'], 'y'), nested(5, ...tensor('w', [1_000_000_000], FLOAT))]),
    reason: /claims 1000000000 numbers/,
  },
  'a node that makes 10^12 numbers': {
    bytes: model([
      nested(5, ...tensor('shape', [2], INT64, (pbf) => pbf.writeBytesField(9, shapeTensor(1_000_000n, 1_000_000n)))),
      node('ConstantOfShape', ['shape'], 'w'),
      node('Mul', ['x', 'w'], 'y'),
    ]),
    reason: /makes 1000000000000 numbers/,
  },
  'a negative size': {
    bytes: model([node('Mul', ['x', 'w'], 'y'), nested(5, ...tensor('w', [-4096], FLOAT))]),
    reason: /negative size/,
  },
  'training information': {
    bytes: model([node('Add', ['x', 'x'], 'y')], nested(20, text(1, 'x'))),
    reason: /training/,
  },
  'two graphs in one file': {
    bytes: Buffer.concat([model([node('Add', ['x', 'x'], 'y')]), message(nested(7, node('Mul', ['x', 'x'], 'y')))]),
    reason: /no ONNX model/,
  },
  'something else altogether': {
    bytes: Buffer.from('#!/bin/sh\nexit 1\n'),
    reason: /wire type|over the end|no valid number|no ONNX model/,
  },
  'an empty file': { bytes: Buffer.alloc(0), reason: /no ONNX model/ },
};

for (const [title, { bytes, reason, keepHash, beside }] of Object.entries(TAMPERINGS)) {
  void test(`refuses ${title}`, async (t) => {
    const overrideDir = await temporaryFolder(t);
    const folder = join(overrideDir, 'double');
    await mkdir(folder);
    await writeFile(join(folder, GRAPH_FILE), bytes);
    await beside?.(folder);
    const pinnedHashes = keepHash === true ? {} : { double: sha256(bytes) };
    const store = storeOf(doublingEntry([]), await temporaryFolder(t), { overrideDir, pinnedHashes });
    await assert.rejects(
      store.ensure('double'),
      (error) => error instanceof ApplicationFailure && error.type === 'model-invalid',
    );
    assert.match(store.logged.join('').replaceAll(String.raw`\"`, '"'), reason);
  });
}

const ENDLESS = 2n ** 63n - 1n;
const HARMLESS: Readonly<Record<string, Uint8Array>> = {
  'a function of its own': model(
    [node('Own', ['x'], 'y', text(7, 'own'))],
    nested(8, text(1, 'own'), varint(2, 1)),
    nested(25, text(1, 'Own'), text(10, 'own'), nested(7, text(1, 'x'), text(1, 'x'), text(2, 'y'), text(4, 'Add'))),
  ),
  // As torch exports a slice to the end: large numbers in a constant without a name are no shape.
  'a slice to wherever the end is': model([
    nested(5, ...tensor('start', [1], INT64, (pbf) => pbf.writeBytesField(9, shapeTensor(0n)))),
    node(
      'Constant',
      [],
      'end',
      nested(
        5,
        text(1, 'value'),
        nested(5, ...tensor('', [1], INT64, (pbf) => pbf.writeBytesField(9, shapeTensor(ENDLESS)))),
      ),
    ),
    node('Slice', ['x', 'start', 'end'], 'y'),
  ]),
};

for (const [title, bytes] of Object.entries(HARMLESS)) {
  void test(`accepts what the same tools make with ${title}`, async (t) => {
    const overrideDir = await temporaryFolder(t);
    await mkdir(join(overrideDir, 'double'));
    await writeFile(join(overrideDir, 'double', GRAPH_FILE), bytes);
    const options = { overrideDir, pinnedHashes: { double: sha256(bytes) } };
    assert.equal((await storeOf(doublingEntry([]), await temporaryFolder(t), options).ensure('double')).id, 'double');
  });
}
