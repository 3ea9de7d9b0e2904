/** The same sheet of the same song otherwise: what a button below a chord chart or a tab asks for. */
import { TRANSPOSE_LIMITS } from './command-table.ts';
import type { ChartOptions } from '../../workflows/contract/chart.ts';
import type { JobCommand, JobOrder } from '../../workflows/contract/request.ts';
import type { ChordsResult, SheetResult, TabResult } from '../../workflows/contract/sheets.ts';
import { NO_TAB_PREFERENCES, TAB_LEVELS, TAB_PARTS } from '../../workflows/contract/tab.ts';
import type { TabWish } from '../../workflows/contract/tab.ts';

const CHART_VARIANTS = ['down', 'up', 'easiest', 'open', 'simple', 'detailed'] as const;
type ChartVariant = (typeof CHART_VARIANTS)[number];

export const VARIANTS = [...CHART_VARIANTS, 'easier', 'fuller', ...TAB_PARTS] as const;
export type Variant = (typeof VARIANTS)[number];

/** Those that change what the sheet says; none where there was nothing to write down. */
export function variantsOf(result: SheetResult): readonly Variant[] {
  switch (result.kind) {
    case 'analysis':
    case 'lyrics':
      return [];
    case 'chords':
      return chartVariants(result);
    case 'tab':
      return tabVariants(result);
  }
}

/** Null where the sheet has no such variant. @param command what the sheet was asked for by */
export function variantOrder(variant: Variant, result: SheetResult, command: JobCommand): JobOrder | null {
  if (!variantsOf(result).includes(variant)) return null;
  if (result.kind === 'chords' && isOfChart(variant)) {
    return { kind: 'chords', facts: {}, options: { ...optionsOf(result), ...chartChange(variant, result) } };
  }
  if (result.kind === 'tab' && command.kind === 'tab') {
    return { kind: 'tab', facts: {}, wish: tabWish(variant, result, command.wish) };
  }
  return null;
}

function isOfChart(variant: Variant): variant is ChartVariant {
  return (CHART_VARIANTS as readonly Variant[]).includes(variant);
}

function chartVariants({ summary }: ChordsResult): readonly ChartVariant[] {
  const { opening, easiestCapo, capo, detail } = summary;
  if (opening.trim() === '') return [];
  return [
    'down',
    'up',
    ...(easiestCapo !== null && easiestCapo !== capo ? (['easiest'] as const) : []),
    ...(capo > 0 ? (['open'] as const) : []),
    detail === 'simple' ? 'detailed' : 'simple',
  ];
}

function optionsOf({ summary: { capo, transpose, detail } }: ChordsResult): ChartOptions {
  return { capo: capo === 0 ? null : capo, transpose, detail };
}

function chartChange(variant: ChartVariant, { summary }: ChordsResult): Partial<ChartOptions> {
  switch (variant) {
    case 'down':
      return { transpose: within(summary.transpose - 1) };
    case 'up':
      return { transpose: within(summary.transpose + 1) };
    case 'easiest':
      return { capo: summary.easiestCapo };
    case 'open':
      return { capo: null };
    case 'simple':
    case 'detailed':
      return { detail: variant };
  }
}

/** An octave away are the same chords. */
function within(semitones: number): number {
  const [least, largest] = TRANSPOSE_LIMITS;
  return semitones < least || semitones > largest ? 0 : semitones;
}

function tabVariants({ summary }: TabResult): readonly Variant[] {
  const { level, notes, part } = summary;
  const others = TAB_PARTS.filter((each) => each !== part);
  if (notes === 0) return others;
  return [
    ...(level === TAB_LEVELS[0] ? [] : (['easier'] as const)),
    ...(level === TAB_LEVELS.at(-1) ? [] : (['fuller'] as const)),
    ...others,
  ];
}

function tabWish(variant: Variant, { summary }: TabResult, { alone }: TabWish): TabWish {
  const { part, level, instrument } = summary;
  const other = TAB_PARTS.find((each) => each === variant);
  // On another instrument: what its player prefers.
  if (other !== undefined) return { ...NO_TAB_PREFERENCES, part: other, level, alone: null };
  const step = variant === 'easier' ? -1 : 1;
  return { part, level: TAB_LEVELS[TAB_LEVELS.indexOf(level) + step] ?? level, ...instrument, alone };
}
