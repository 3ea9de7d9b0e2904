import { createModelStore } from '../gpu-worker/models/model-store.ts';
import { SEPARATORS } from '../gpu-worker/separators/registry.ts';
import type { Config } from '../runtime/config.ts';
import type { Logger } from '../runtime/log.ts';
import { toolEnvironment } from '../runtime/tool-environment.ts';
import { separatorsOf } from '../workflows/contract/stems.ts';

/** A line for each tenth of a download is enough. */
const STEPS = 10;

/**
 * Fetches and compiles the models of the usual strategy, so that the first song does not wait for them in silence. Where that fails
 * the reason is told, and told again by the card of a song that needs them: everything else works.
 */
export async function ensureUsualModels(config: Config, log: Logger, tell: (line: string) => void): Promise<void> {
  const tree = config.strategies[config.defaults.strategy];
  const separators = tree === undefined ? [] : separatorsOf(tree);
  const models = createModelStore({
    cacheDir: config.cacheDir,
    log,
    allowNonCommercial: config.models.allowNonCommercial,
    pinnedHashes: config.models.pinnedHashes,
    packageEnvironment: toolEnvironment(),
  });
  for (const id of new Set(separators.flatMap((separator) => SEPARATORS.get(separator)?.models ?? []))) {
    const { state, megabytes } = await models.status(id);
    if (state === 'ready') {
      continue;
    }
    tell(`Getting the model ${id} (once, ${String(megabytes)} MB) …`);
    let told = 0;
    try {
      await models.ensure(id, {
        onProgress({ bytes, totalBytes }) {
          const step = Math.floor((STEPS * bytes) / totalBytes);
          if (step > told) {
            told = step;
            tell(`  ${id}: ${String(step * STEPS)} %`);
          }
        },
      });
      tell(`The model ${id} is there.`);
    } catch (error) {
      log.error({ err: error, model: id }, 'the usual model could not be had');
      const { help } = await models.status(id);
      tell(help ?? `The model ${id} could not be fetched; npm run doctor says more.`);
    }
  }
}
