import { ENGINE_VERSION } from '../engine/node-key.ts';
import { MODELS } from '../models/manifest.ts';
import { SPLEETER_COMPILER_VERSION } from '../models/spleeter/compile-spleeter.ts';
import { SEPARATORS } from './registry.ts';

/** One window on a CPU takes a small network well under a second, a large one most of a minute. */
const SMALL_MODEL_BYTES = 200_000_000;
const HEARTBEAT_SECONDS = { small: 30, large: 300 };

export interface SeparatorDescription {
  /** Everything that decides its samples: code versions and the SHA-256 of every weights file. */
  readonly identity: readonly string[];
  /** How long a worker that computes one window may be silent. */
  readonly heartbeatSeconds: number;
}

/**
 * What a plan needs to know of a separator, without its model being there.
 * @param pinnedHashes the operator's hashes for model files that nobody publishes one for, by `<model id>/<file name>`
 * @throws RangeError for a separator that is not in the registry
 */
export function describeSeparator(id: string, pinnedHashes: Readonly<Record<string, string>>): SeparatorDescription {
  const entry = SEPARATORS.get(id);
  if (entry === undefined) {
    throw new RangeError(`there is no separator ${id}`);
  }
  const files = entry.models.flatMap((model) =>
    (MODELS.get(model)?.files ?? []).map((file) => ({
      ...file,
      pin: pinnedHashes[`${model}/${file.name}`] ?? pinnedHashes[model],
    })),
  );
  const weightsBytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return {
    identity: [
      `${id}-${String(entry.version)}`,
      `engine-${String(ENGINE_VERSION)}`,
      `spleeter-compiler-${String(SPLEETER_COMPILER_VERSION)}`,
      ...files.map((file) => file.pin ?? file.sha256 ?? 'unpinned'),
    ],
    heartbeatSeconds: weightsBytes > SMALL_MODEL_BYTES ? HEARTBEAT_SECONDS.large : HEARTBEAT_SECONDS.small,
  };
}
