// Every separator that strategies can name.
import type { Quality } from '../../workflows/contract/request.ts';
import type { StrategyNode } from '../../workflows/contract/stems.ts';
import type { Separator, SeparatorEntry } from '../models/separator.ts';
import { createHpss, HPSS_SLOTS } from './hpss.ts';
import { createLowBand, LOW_BAND_SLOTS } from './low-band.ts';
import { createMidSide, MID_SIDE_SLOTS } from './mid-side.ts';
import { ONNX_ENTRIES } from './onnx-entries.ts';
import { createSpleeter } from './spleeter.ts';
import { strategyProblems } from './strategy-problems.ts';

const ENTRIES: readonly SeparatorEntry[] = [
  spleeter('spleeter-2stems', ['vocals', 'accompaniment']),
  spleeter('spleeter-4stems', ['vocals', 'drums', 'bass', 'other']),
  spleeter('spleeter-5stems', ['vocals', 'piano', 'drums', 'bass', 'other']),
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

/** The model of the same id holds one ONNX file per slot, in the order of the slots. */
function spleeter(id: string, slots: readonly string[]): SeparatorEntry {
  return {
    id,
    slots,
    models: [id],
    version: 1,
    create: (modelPaths) => createSpleeter(slots, pathsOf(modelPaths, id)),
  };
}

function weightFree(id: string, slots: readonly string[], create: (quality: Quality) => Separator): SeparatorEntry {
  return { id, slots, models: [], version: 1, create: (_modelPaths, quality) => create(quality) };
}

function pathsOf(modelPaths: ReadonlyMap<string, readonly string[]>, model: string): readonly string[] {
  const paths = modelPaths.get(model);
  if (paths === undefined) throw new RangeError(`no files were given for the model ${model}`);
  return paths;
}
