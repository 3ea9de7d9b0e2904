/** The ONNX graphs that a model's weights compile to, made once and kept. */
import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { compileCrema } from '../keras/compile-crema.ts';
import type { ModelCompiler, ModelEntry } from '../manifest/model-manifest.ts';
import { compileMusicnn } from '../musicnn/compile-musicnn.ts';
import { compileSpleeter } from '../spleeter/compile-spleeter.ts';
import { compileWhisper } from '../whisper/compile-whisper.ts';
import { publishFolder, syncFile, writeDurably } from './durable-file.ts';
import type { Weights } from './gather-weights.ts';
import { hashFile } from './hash-file.ts';
import type { StoreFolders } from './store-folders.ts';

const RECORD = 'compiled.json';
const CHECKPOINT_INDEX = /\.index$/;

export interface ModelGraphs {
  readonly paths: readonly string[];
  readonly sha256s: readonly string[];
  /** Where each of the entry's companions lies, by its name. */
  readonly companionPaths: Readonly<Record<string, string>>;
}

interface RecordedFile {
  readonly name: string;
  readonly sha256: string;
}

interface CompiledRecord {
  readonly graphs: readonly RecordedFile[];
  readonly companions?: readonly RecordedFile[];
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
    const record = JSON.parse(text) as CompiledRecord;
    const files = [...record.graphs, ...(record.companions ?? [])];
    const found = await Promise.all(files.map(async ({ name }) => await hashFile(join(folder, name), signal)));
    if (found.every((sha256, index) => sha256 === files[index]?.sha256)) return graphsIn(folder, record);
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
  const companions = (entry.companions ?? []).map((name) => ({ name, sha256: weights.sha256s[name] ?? '' }));
  if (entry.compile === null) {
    const name = entry.files[0]?.name ?? '';
    const graphs = [{ name, sha256: weights.sha256s[name] ?? '' }];
    return graphsIn(weights.folder, { graphs, companions });
  }
  await mkdir(folders.staging, { recursive: true });
  const staged = await mkdtemp(join(folders.staging, `${entry.id}-`));
  try {
    const graphs: RecordedFile[] = [];
    for await (const graph of compile(entry.compile, entry, weights.folder)) {
      const name = `${graphs.length}-${graph.name}.onnx`;
      await writeDurably(join(staged, name), graph.bytes);
      graphs.push({ name, sha256: createHash('sha256').update(graph.bytes).digest('hex') });
      onStep();
    }
    for (const { name } of companions) {
      await copyFile(join(weights.folder, name), join(staged, name));
      await syncFile(join(staged, name));
    }
    const record: CompiledRecord = { graphs, companions };
    await writeDurably(join(staged, RECORD), Buffer.from(JSON.stringify(record)));
    const folder = folders.compiled(entry);
    await publishFolder(staged, folder);
    return graphsIn(folder, record);
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
}

async function* compile(
  { compiler, variant }: ModelCompiler,
  entry: ModelEntry,
  folder: string,
): AsyncGenerator<{ readonly name: string; readonly bytes: Uint8Array }> {
  switch (compiler) {
    case 'spleeter': {
      for await (const { instruments, bytes } of compileSpleeter(checkpointPrefix(entry, folder), variant)) {
        yield { name: instruments.join('-'), bytes };
      }
      return;
    }
    case 'whisper':
      yield* compileWhisper(join(folder, entry.files[0]?.name ?? ''), variant);
      return;
    case 'crema':
      yield* compileCrema(join(folder, entry.files[0]?.name ?? ''), variant);
      return;
    case 'musicnn':
      yield* compileMusicnn(checkpointPrefix(entry, folder), variant);
  }
}

function checkpointPrefix({ files }: ModelEntry, folder: string): string {
  const index = files.find(({ name }) => CHECKPOINT_INDEX.test(name))?.name ?? '';
  return join(folder, index.replace(CHECKPOINT_INDEX, ''));
}

function graphsIn(folder: string, { graphs, companions = [] }: CompiledRecord): ModelGraphs {
  return {
    paths: graphs.map(({ name }) => join(folder, name)),
    sha256s: graphs.map(({ sha256 }) => sha256),
    companionPaths: Object.fromEntries(companions.map(({ name }) => [name, join(folder, name)])),
  };
}
