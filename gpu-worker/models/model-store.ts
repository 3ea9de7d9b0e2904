/** Brings models from the manifest to checked ONNX files on this machine: fetched once, hashed, compiled, looked through. */
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Logger } from '../../runtime/log.ts';
import { refuse } from '../../workflows/contract/failure.ts';
import { MODELS } from './manifest.ts';
import { modelMegabytes } from './manifest/model-manifest.ts';
import type { ModelEntry } from './manifest/model-manifest.ts';
import { ModelFileError } from './model-file-error.ts';
import { checkGraphContract } from './onnx/graph-contract.ts';
import { inspectOnnx } from './onnx/inspect-onnx.ts';
import { compileWeights, findCompiled } from './store/compiled-graphs.ts';
import type { ModelGraphs } from './store/compiled-graphs.ts';
import { findWeights, gatherWeights, NoSourceError } from './store/gather-weights.ts';
import type { GatherDeps } from './store/gather-weights.ts';
import { missingModelText } from './store/missing-model-text.ts';
import { createSharedWork } from './store/shared-work.ts';
import type { JoinOptions, WorkProgress } from './store/shared-work.ts';
import { createStoreFolders } from './store/store-folders.ts';
import { stateOfFiles } from './store/state-of-files.ts';
import { withLock } from './store/store-lock.ts';

const ANSWER_TIMEOUT_MS = 10_000;

export interface ModelStoreOptions {
  /** May be deleted at any time, and shared by processes. The store keeps to its folder `models`. */
  readonly cacheDir: string;
  readonly log: Logger;
  /** Opens models whose weights may not be used commercially. */
  readonly allowNonCommercial: boolean;
  /** SHA-256 by model id, for its first file, or by `<model id>/<file name>`; they override the manifest's. */
  readonly pinnedHashes?: Readonly<Record<string, string>>;
  /** Where files placed by hand lie, in a folder per model id; `<cacheDir>/models/by-hand` unless told otherwise. */
  readonly overrideDir?: string;
  /** pip's settings from the environment, such as `PIP_INDEX_URL` or `HTTPS_PROXY`. */
  readonly packageEnvironment?: Readonly<Record<string, string>>;
  /** How long a source may be silent before the next one is asked; 10,000 by default. */
  readonly answerTimeoutMs?: number;
  readonly fetch?: typeof fetch;
  readonly models?: ReadonlyMap<string, ModelEntry>;
  /** Called for every model's progress, beside the one of each `ensure`. */
  readonly onProgress?: (model: string, progress: WorkProgress) => void;
}

export interface EnsuredModel {
  readonly id: string;
  /**
   * Spleeter: one graph per instrument in their order, or one of all for a softmax model. Whisper: the encoder and the decoder.
   * Else the one graph.
   */
  readonly onnxPaths: readonly string[];
  /** Of each of them; results computed with a graph depend on it and on nothing else of the model. */
  readonly compiledSha256s: readonly string[];
  /** Where each of the entry's companions lies, by its name. */
  readonly companionPaths: Readonly<Record<string, string>>;
}

export interface ModelStatus {
  readonly id: string;
  readonly state: 'ready' | 'missing' | 'not-licensed';
  readonly megabytes: number;
  readonly licence: ModelEntry['licence'];
  /** For a person: what it is, whence it comes and how to place it. Null when it is ready. */
  readonly help: string | null;
}

export interface ModelStore {
  /**
   * Safe to call at any time from any number of processes. Progress is reported only when there is some, or while another
   * process is at it.
   * @throws RangeError for an id that is not in the manifest.
   * @throws the refusals `model-missing`, `model-not-licensed`, `model-invalid` and `no-space`; the signal's reason when aborted.
   */
  ensure(modelId: string, options?: JoinOptions): Promise<EnsuredModel>;
  /**
   * What the model's results are known by, before it is here: all that decides its graphs, as the manifest and the operator's pins say it.
   * @throws RangeError for an id that is not in the manifest; the refusal `model-not-licensed`.
   */
  identify(modelId: string): string;
  /** Looks, and fetches nothing. @throws RangeError for an id that is not in the manifest. */
  status(modelId: string): Promise<ModelStatus>;
}

export function createModelStore(options: ModelStoreOptions): ModelStore {
  const { log, allowNonCommercial } = options;
  const models = options.models ?? MODELS;
  const pins = options.pinnedHashes ?? {};
  const folders = createStoreFolders(options.cacheDir, options.overrideDir, pins);
  const deps: GatherDeps = {
    folders,
    pins,
    log,
    fetch: options.fetch ?? fetch,
    answerTimeoutMs: options.answerTimeoutMs ?? ANSWER_TIMEOUT_MS,
    packageEnvironment: options.packageEnvironment ?? {},
  };
  /** Checked by this process; good as long as the files are the very same. */
  const checked = new Map<string, { readonly model: EnsuredModel; readonly state: string }>();
  const shared = createSharedWork(bring);

  function find(modelId: string): ModelEntry {
    const entry = models.get(modelId);
    if (entry === undefined) throw new RangeError(`the manifest has no model ${modelId}`);
    return entry;
  }

  function isLicensed(entry: ModelEntry): boolean {
    return entry.licence.commercial !== 'no' || allowNonCommercial;
  }

  function requireLicensed(entry: ModelEntry): void {
    if (!isLicensed(entry)) refuse('model-not-licensed', { model: entry.id });
  }

  async function bring(
    modelId: string,
    signal: AbortSignal,
    onProgress: (progress: WorkProgress) => void,
  ): Promise<EnsuredModel> {
    const entry = find(modelId);
    const known = checked.get(modelId);
    if (known !== undefined && (await stateOfFiles(filesOf(known.model))) === known.state) return known.model;

    const totalBytes = entry.files.reduce((sum, file) => sum + file.bytes, 0);
    let bytes = 0;
    const report = (arrived = bytes): void => {
      bytes = Math.min(totalBytes, Math.max(bytes, arrived));
      const progress = { bytes, totalBytes };
      onProgress(progress);
      options.onProgress?.(modelId, progress);
    };
    try {
      const waiting = { signal, onWaiting: report };
      const graphs = await withLock(folders.lock(entry), waiting, async () => await makeGraphs(entry, signal, report));
      for (const path of graphs.paths) checkGraphContract(inspectOnnx(path), entry.io);
      const { paths: onnxPaths, sha256s: compiledSha256s, companionPaths } = graphs;
      const model: EnsuredModel = { id: modelId, onnxPaths, compiledSha256s, companionPaths };
      checked.set(modelId, { model, state: await stateOfFiles(filesOf(model)) });
      return model;
    } catch (error) {
      signal.throwIfAborted();
      return translate(entry, error);
    }
  }

  async function makeGraphs(
    entry: ModelEntry,
    signal: AbortSignal,
    report: (bytes?: number) => void,
  ): Promise<ModelGraphs> {
    if (entry.compile !== null) {
      const compiled = await findCompiled(folders, entry, signal);
      if (compiled !== null) return compiled;
    }
    const weights =
      (await findWeights(deps, entry, signal)) ?? (await gatherWeights(deps, entry, { signal, onBytes: report }));
    signal.throwIfAborted();
    return await compileWeights(folders, entry, weights, report);
  }

  function translate(entry: ModelEntry, error: unknown): never {
    const model = entry.id;
    const megabytes = modelMegabytes(entry);
    if (error instanceof NoSourceError) {
      log.error({ model, help: missingModelText(entry, folders, pins, error) }, 'a model cannot be had');
      const cameWrong = error.reasons.some((reason) => reason.error.kind === 'wrong-content');
      return refuse(cameWrong ? 'model-invalid' : 'model-missing', { model, megabytes, sources: entry.sources.length });
    }
    if (error instanceof ModelFileError) {
      log.error({ model, err: error }, 'a model is not what the manifest says, and was not opened');
      return refuse('model-invalid', { model, megabytes });
    }
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return refuse('no-space', { model, megabytes });
    throw error;
  }

  return {
    async ensure(modelId, joinOptions = {}) {
      requireLicensed(find(modelId));
      return await shared.join(modelId, joinOptions);
    },
    identify(modelId) {
      const entry = find(modelId);
      requireLicensed(entry);
      return basename(folders.graphs(entry));
    },
    async status(modelId) {
      const entry = find(modelId);
      const { id, licence } = entry;
      const facts = { id, licence, megabytes: modelMegabytes(entry) };
      if (!isLicensed(entry)) {
        const help = `The weights of ${id} may not be used commercially (${licence.evidence}). If your use is not, set models.allowNonCommercial.`;
        return { ...facts, state: 'not-licensed', help };
      }
      const record = entry.compile === null ? 'checked.json' : 'compiled.json';
      const isReady = await stat(join(folders.graphs(entry), record)).then(
        () => true,
        () => false,
      );
      if (isReady) return { ...facts, state: 'ready', help: null };
      return { ...facts, state: 'missing', help: missingModelText(entry, folders, pins) };
    },
  };
}

function filesOf({ onnxPaths, companionPaths }: EnsuredModel): readonly string[] {
  return [...onnxPaths, ...Object.values(companionPaths)];
}
