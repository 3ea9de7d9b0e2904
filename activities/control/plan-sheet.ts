/** How a sheet is to be made: which code writes it, and which stem of which strategy is listened to. */
import type { UsualTabs } from '../../db/tab-preferences.repository.ts';
import type { FailureReport } from '../../workflows/contract/failure.ts';
import type { SheetCommand } from '../../workflows/contract/request.ts';
import type {
  AnalysisNetworks,
  AnalysisPlan,
  HeardStem,
  HeardStems,
  SheetPlan,
  StemToHear,
} from '../../workflows/contract/sheets.ts';
import { stemNames } from '../../workflows/contract/stems.ts';
import { resolveTab } from '../../workflows/contract/resolve-tab.ts';
import type { PlanSeparation } from './plan-separation.ts';

/** Of the code that hears and writes; raised when anything in a result changes. */
export interface SheetVersions {
  readonly analysis: number;
  readonly chords: number;
  readonly lyrics: number;
  readonly tab: number;
}

export interface SheetPlanner {
  readonly versions: SheetVersions;
  readonly hear: HeardStems;
  readonly networks: AnalysisNetworks;
  readonly plan: PlanSeparation;
}

export function planSheet(
  command: SheetCommand,
  usual: UsualTabs,
  { versions, hear, networks, plan }: SheetPlanner,
): SheetPlan | FailureReport {
  const hasNetworks = Object.values(networks).some((id) => id !== null);
  const analysis: AnalysisPlan = {
    kind: 'analysis',
    version: versions.analysis,
    ...(hasNetworks ? { networks } : {}),
  };
  switch (command.kind) {
    case 'analyze':
      return analysis;
    case 'chords':
      return { kind: 'chords', version: versions.chords, analysis, options: command.options };
    case 'lyrics': {
      const from = stemToHear(hear.lyrics, plan);
      return 'code' in from ? from : { kind: 'lyrics', version: versions.lyrics, from };
    }
    case 'tab': {
      const { part, alone } = command.wish;
      const from = stemToHear(hear[part], plan);
      const { level, instrument } = resolveTab(command.wish, usual.member, usual.band);
      return 'code' in from
        ? from
        : { kind: 'tab', version: versions.tab, analysis, from, alone, part, level, instrument };
    }
  }
}

function stemToHear({ strategy, stem, quality }: HeardStem, plan: PlanSeparation): StemToHear | FailureReport {
  const separation = plan(strategy, quality);
  if ('code' in separation) {
    return separation;
  }
  const known = stemNames(separation.tree);
  return known.includes(stem)
    ? { separation, stem }
    : { code: 'unknown-stem', facts: { stem, known: known.join(', ') } };
}
