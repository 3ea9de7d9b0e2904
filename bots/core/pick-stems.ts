/** One file instead of all stems, chosen on the card of a done split: one stem alone, or everything but it. */
import { isStemResult } from '../../workflows/contract/job.ts';
import type { JobOutcome } from '../../workflows/contract/job.ts';
import type { JobCommand, JobOrder } from '../../workflows/contract/request.ts';

/** As a pick's kinds are called, and the options of the command. */
export const PICK_VERBS = ['want', 'minus'] as const;
export type PickVerb = (typeof PICK_VERBS)[number];

export interface PickedStem {
  readonly verb: PickVerb;
  readonly stem: string;
}

/** In the result's order; none where one file was asked for already, or there is only one stem. */
export function pickableStems(outcome: JobOutcome | null): readonly string[] {
  if (outcome?.state !== 'done' || !isStemResult(outcome.result)) return [];
  const { pick, finished } = outcome.result;
  return pick.kind !== 'all' || finished.stems.length < 2 ? [] : finished.stems.map(({ name }) => name);
}

/** The same split, which is kept, and so is not worked out anew; null where the card has no such stem to choose. */
export function pickOrder(
  { verb, stem }: PickedStem,
  outcome: JobOutcome | null,
  command: JobCommand,
): JobOrder | null {
  if (command.kind !== 'split' || !pickableStems(outcome).includes(stem)) return null;
  const { kind, strategy, quality, format } = command;
  return { kind, strategy, quality, format, pick: { kind: verb, stems: [stem] } };
}
