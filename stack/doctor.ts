import { chooseDevice } from '../gpu-worker/device.ts';
import { createEngine } from '../gpu-worker/engine/engine.ts';
import { problemsOfChosen } from '../gpu-worker/models/chosen-models.ts';
import { createModelStore } from '../gpu-worker/models/model-store.ts';
import type { ModelStore } from '../gpu-worker/models/model-store.ts';
import { SEPARATORS } from '../gpu-worker/separators/registry.ts';
import { WITHOUT_NETWORK } from '../runtime/config-file.ts';
import type { Config } from '../runtime/config.ts';
import { runtimeChecks } from '../runtime/doctor-checks.ts';
import { examine } from '../runtime/doctor.ts';
import type { Check, Finding } from '../runtime/doctor.ts';
import { createLogger } from '../runtime/log.ts';
import type { StrategyNode } from '../workflows/contract/stems.ts';
import { separatorsOf } from '../workflows/contract/stems.ts';

/** `npm run doctor`: each part, whether it is there, and the command that mends it. Exit code 1 where a part is missing. */
export async function doctor(config: Config): Promise<number> {
  const models = createModelStore({
    cacheDir: config.cacheDir,
    log: createLogger({ name: 'doctor', level: 'silent', destination: 'stderr' }),
    allowNonCommercial: config.models.allowNonCommercial,
    pinnedHashes: config.models.pinnedHashes,
  });
  const strategies = Object.entries(config.strategies).map(([name, tree]): Check => ({
    name: `strategy ${name}`,
    run: () => strategyFinding(name, tree, models, config.defaults.strategy === name),
  }));
  const listening = { name: 'listening', run: () => listeningFinding(config, models) };
  const device = { name: 'device', run: () => deviceFinding(config) };
  const checks = [...runtimeChecks(config), device, ...strategies, listening];
  return (await examine(checks, (line) => console.log(line))) ? 0 : 1;
}

async function deviceFinding(config: Config): Promise<Finding> {
  const engine = createEngine({ threads: 1 });
  try {
    const { sentence } = await chooseDevice(config.compute.device, async (device) => {
      const { failure } = await engine.run('probeDevice', { device });
      return failure;
    });
    return { ok: true, detail: sentence };
  } catch (error) {
    return { ok: false, detail: (error as Error).message, mend: 'set WOODSHED_DEVICE=auto' };
  } finally {
    await engine.close();
  }
}

/** A strategy whose models are not there yet is fine unless it is the usual one: they come when it is first used. */
async function strategyFinding(
  name: string,
  tree: StrategyNode,
  models: ModelStore,
  isDefault: boolean,
): Promise<Finding> {
  const ids = [...new Set(separatorsOf(tree).flatMap((id) => SEPARATORS.get(id)?.models ?? []))];
  const statuses = await Promise.all(ids.map((id) => models.status(id)));
  const absent = statuses.filter(({ state }) => state !== 'ready');
  if (absent.length === 0) {
    return { ok: true, detail: ids.length === 0 ? 'needs no model' : `${ids.join(', ')} ready` };
  }
  const megabytes = absent.reduce((sum, status) => sum + status.megabytes, 0);
  const detail = [
    `${absent.map(({ id }) => id).join(', ')} not here yet (${String(megabytes)} MB); fetched when it is first used`,
    ...absent.flatMap(({ help }) => (help === null ? [] : help.split('\n'))),
  ].join('\n');
  return isDefault
    ? { ok: false, detail, mend: `npm run -s woodshed -- split examples/back-porch-take.flac --strategy ${name}` }
    : { ok: true, detail };
}

/** What hears words, beats, chords, genre and mood. What is not there yet comes when it is first used. */
async function listeningFinding(config: Config, models: ModelStore): Promise<Finding> {
  const problems = problemsOfChosen(config.models, WITHOUT_NETWORK);
  if (problems.length > 0) return { ok: false, detail: problems.join('\n'), mend: 'correct woodshed.yaml' };
  const { lyrics, beats, chords, style } = config.models;
  const lines: string[] = [];
  let isLicensed = true;
  for (const [what, id] of Object.entries({ words: lyrics, beats, chords, style })) {
    const status = id === null ? null : await models.status(id);
    if (status === null) lines.push(`${what}: ${what === 'style' ? WITHOUT_NETWORK.style : WITHOUT_NETWORK.beats}`);
    else if (status.state === 'ready') lines.push(`${what}: ${status.id} ready`);
    else {
      lines.push(`${what}: ${status.id} not here yet (${String(status.megabytes)} MB); fetched when it is first used`);
      lines.push(...(status.help?.split('\n') ?? []));
      isLicensed &&= status.state !== 'not-licensed';
    }
  }
  return { ok: isLicensed, detail: lines.join('\n') };
}
