import type { ResultFile } from './contract/delivery.ts';
import type { SheetResult } from './contract/sheets.ts';
import type { DeliveredFile } from './contract/stems.ts';
import type { Timing } from './contract/timing.ts';
import { deliverResult } from './deliver-result.ts';
import type { DeliveredResult, DoneOutcome, Place } from './deliver-result.ts';

/** A sheet has no sounds, so there is no smaller encoding of it: what is too large for a place goes behind a link. */
export async function deliverSheet(
  place: Place,
  outcome: DoneOutcome,
  { files }: SheetResult,
  timing: Timing,
): Promise<DeliveredResult> {
  const packed = { encoding: null, files: files.map(asResultFile), smaller: [] };
  return await deliverResult(place, { packed, outcome }, null, timing);
}

function asResultFile(file: DeliveredFile): ResultFile {
  return { ...file, kind: file.fileName.endsWith('.png') ? 'picture' : 'data', durationSeconds: null };
}
