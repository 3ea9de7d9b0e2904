/** The ONNX graphs that a model's weights compile to, made once and kept. */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import type { ModelEntry } from '../manifest/model-manifest.ts';
import { compileSpleeter } from '../spleeter/compile-spleeter.ts';
import { publishFolder, writeDurably } from './durable-file.ts';
import type { Weights } from './gather-weights.ts';
import { hashFile } from './hash-file.ts';
import type { StoreFolders } from './store-folders.ts';

const RECORD = 'compiled.json';
const CHECKPOINT_INDEX = /\.index$/;

export interface ModelGraphs {
  readonly weightsSha256: string;
  readonly paths: readonly string[];
  readonly sha256s: readonly string[];
}

interface CompiledRecord {
  readonly weightsSha256: string;
  readonly graphs: readonly { readonly name: string; readonly sha256: string }[];
}

/** Graphs that are there already, hashed anew; null when there are none, or not as they were: then they are gone. */
export async function findCompiled(
  folders: StoreFolders,
  entry: ModelEntry,
  signal: AbortSignal,
): Promise<ModelGraphs | null> {
  const folder = folders.compiled(entry);
  const text = await readFile(join(folder, RECORD), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const { weightsSha256, graphs } = JSON.parse(text) as CompiledRecord;
    const paths = graphs.map(({ name }) => join(folder, name));
    const found = await Promise.all(paths.map(async (path) => await hashFile(path, signal)));
    if (found.every((sha256, index) => sha256 === graphs[index]?.sha256))
      return { weightsSha256, paths, sha256s: found };
  } catch (error) {
    signal.throwIfAborted();
    const isDamage = error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (!isDamage) throw error;
  }
  await rm(folder, { recursive: true, force: true });
  return null;
}

/** @throws ModelFileError when the weights are no such model. */
export async function compileWeights(
  folders: StoreFolders,
  entry: ModelEntry,
  weights: Weights,
  onStep: () => void,
): Promise<ModelGraphs> {
  const weightsSha256 = firstHash(entry, weights);
  if (entry.compile === null) {
    const name = entry.files[0]?.name ?? '';
    return { weightsSha256, paths: [join(weights.folder, name)], sha256s: [weightsSha256] };
  }
  const index = entry.files.find(({ name }) => CHECKPOINT_INDEX.test(name))?.name ?? '';
  await mkdir(folders.staging, { recursive: true });
  const staged = await mkdtemp(join(folders.staging, `${entry.id}-`));
  try {
    const graphs: { name: string; sha256: string }[] = [];
    const prefix = join(weights.folder, index.replace(CHECKPOINT_INDEX, ''));
    for await (const { instruments, bytes } of compileSpleeter(prefix, entry.compile.variant)) {
      const name = `${graphs.length}-${instruments.join('-')}.onnx`;
      await writeDurably(join(staged, name), bytes);
      graphs.push({ name, sha256: createHash('sha256').update(bytes).digest('hex') });
      onStep();
    }
    const record: CompiledRecord = { weightsSha256, graphs };
    await writeDurably(join(staged, RECORD), Buffer.from(JSON.stringify(record)));
    const folder = folders.compiled(entry);
    await publishFolder(staged, folder);
    return {
      weightsSha256,
      paths: graphs.map(({ name }) => join(folder, name)),
      sha256s: graphs.map(({ sha256 }) => sha256),
    };
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
}

/** A model's first file is its weights; others, such as an index, only describe it. */
function firstHash(entry: ModelEntry, weights: Weights): string {
  return weights.sha256s[entry.files[0]?.name ?? ''] ?? '';
}
