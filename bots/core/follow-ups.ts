/** What can be asked for by a button on a card whose job is done: the same otherwise, or something else of the song. */
import type { CardAction } from '../../workflows/contract/card.ts';
import { isStemResult } from '../../workflows/contract/job.ts';
import type { JobOutcome, JobResult } from '../../workflows/contract/job.ts';
import type { JobCommand, JobOrder } from '../../workflows/contract/request.ts';
import { keyName } from './analysis-lines.ts';
import { PLAIN_COMMANDS } from './chat-command.ts';
import { CORRECTIONS, correctionsOf, factsFrom } from './corrections.ts';
import type { Correction } from './corrections.ts';
import { relativeKey } from './relative-key.ts';
import { sheetOrder } from './sheet-order.ts';
import { VARIANTS, variantOrder, variantsOf } from './variants.ts';
import type { Variant } from './variants.ts';
import type { Words } from './words/words.ts';

export const ONWARD = ['analyze', 'chords', 'lyrics', 'tab'] as const;
export type Onward = (typeof ONWARD)[number];

export const FOLLOW_UPS = [...CORRECTIONS, ...VARIANTS, ...ONWARD] as const;
export type FollowUp = (typeof FOLLOW_UPS)[number];

/** In two rows of five: what changes the sheet, then what else there is. An analysis lies behind chords and tabs already. */
export function followUpsOf(result: JobResult): readonly FollowUp[] {
  if (isStemResult(result)) return ONWARD;
  const made = result.kind === 'analysis' ? 'analyze' : result.kind;
  const onward = ONWARD.filter((verb) => verb !== made && verb !== 'analyze');
  return [...(result.kind === 'analysis' ? correctionsOf(result) : variantsOf(result)), ...onward];
}

/** Null where the card has no such button. */
export function followUpOrder(verb: FollowUp, outcome: JobOutcome | null, command: JobCommand): JobOrder | null {
  if (outcome?.state !== 'done') return null;
  const { result } = outcome;
  if (isCorrection(verb)) {
    return isStemResult(result) || result.kind !== 'analysis'
      ? null
      : { kind: 'analyze', facts: factsFrom(verb, result) };
  }
  if (isVariant(verb)) return isStemResult(result) ? null : variantOrder(verb, result, command);
  return sheetOrder(PLAIN_COMMANDS[verb]);
}

export function isFollowUp(verb: string): verb is FollowUp {
  return (FOLLOW_UPS as readonly string[]).includes(verb);
}

export function isCorrection(verb: FollowUp): verb is Correction {
  return (CORRECTIONS as readonly FollowUp[]).includes(verb);
}

function isVariant(verb: FollowUp): verb is Variant {
  return (VARIANTS as readonly FollowUp[]).includes(verb);
}

export function followUpButtons(result: JobResult, words: Words, id: (verb: FollowUp) => string): CardAction[] {
  return followUpsOf(result).map((verb) => ({ id: id(verb), label: labelOf(verb, result, words), style: 'plain' }));
}

function labelOf(verb: FollowUp, result: JobResult, { buttons, analysis, sheets }: Words): string {
  const said = buttons[verb];
  if (isStemResult(result)) return said;
  if (verb === 'relative' && result.kind === 'analysis' && result.summary.key !== null) {
    return analysis.itIs(keyName(relativeKey(result.summary.key), analysis));
  }
  if (verb === 'easiest' && result.kind === 'chords' && result.summary.easiestCapo !== null) {
    return sheets.chords.capoOn(result.summary.easiestCapo);
  }
  return said;
}
