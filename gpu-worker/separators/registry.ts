// Every separator that strategies can name.
import type { Quality } from '../../workflows/contract/request.ts';
import type { StrategyNode } from '../../workflows/contract/stems.ts';
import type { Separator, SeparatorEntry } from '../models/separator.ts';
import { SPLEETER_VARIANTS } from '../models/spleeter/spleeter-variant.ts';
import { createHpss, HPSS_SLOTS } from './hpss.ts';
import { createLowBand, LOW_BAND_SLOTS } from './low-band.ts';
import { createMidSide, MID_SIDE_SLOTS } from './mid-side.ts';
import { ONNX_ENTRIES } from './onnx-entries.ts';
import { createSpleeter } from './spleeter.ts';
import { strategyProblems } from './strategy-problems.ts';

const ENTRIES: readonly SeparatorEntry[] = [
  spleeter('spleeter-2stems'),
  spleeter('spleeter-4stems'),
  spleeter('spleeter-5stems'),
  weightFree('hpss', HPSS_SLOTS, createHpss),
  weightFree('low-band', LOW_BAND_SLOTS, createLowBand),
  weightFree('mid-side', MID_SIDE_SLOTS, createMidSide),
  ...ONNX_ENTRIES,
];

export const SEPARATORS: ReadonlyMap<string, SeparatorEntry> = new Map(ENTRIES.map((entry) => [entry.id, entry]));

/** @returns what is wrong with a strategy tree, one plain sentence each; empty when it can run with these separators */
export function validateStrategy(tree: StrategyNode): string[] {
  return strategyProblems(tree, SEPARATORS);
}

/** The model of the same id holds its graphs. */
function spleeter(id: keyof typeof SPLEETER_VARIANTS): SeparatorEntry {
  const slots = SPLEETER_VARIANTS[id].instruments;
  return {
    id,
    slots,
    models: [id],
    version: 3,
    create: (modelPaths, quality) => createSpleeter(slots, pathsOf(modelPaths, id), quality),
  };
}

function weightFree(id: string, slots: readonly string[], create: (quality: Quality) => Separator): SeparatorEntry {
  return { id, slots, models: [], version: 2, create: (_modelPaths, quality) => create(quality) };
}

function pathsOf(modelPaths: ReadonlyMap<string, readonly string[]>, model: string): readonly string[] {
  const paths = modelPaths.get(model);
  if (paths === undefined) throw new RangeError(`no files were given for the model ${model}`);
  return paths;
}
