import type { Encoding, FileKind, ResultFile } from './contract/delivery.ts';
import type { SheetResult } from './contract/sheets.ts';
import type { DeliveredFile } from './contract/stems.ts';
import type { Timing } from './contract/timing.ts';
import { deliverResult } from './deliver-result.ts';
import type { DeliveredResult, DoneOutcome, Place } from './deliver-result.ts';

/** What a sheet sounds like is small as it is; what is too large for a place all the same goes behind a link. */
export async function deliverSheet(
  place: Place,
  outcome: DoneOutcome,
  { files }: SheetResult,
  timing: Timing,
): Promise<DeliveredResult> {
  const isHeard = files.some((file) => kindOf(file) === 'sound');
  const packed = { encoding: isHeard ? SOUND : null, files: files.map(asResultFile), smaller: [] };
  return await deliverResult(place, { packed, outcome }, null, timing);
}

const SOUND: Encoding = { format: 'mp3', kbps: null };

function asResultFile(file: DeliveredFile): ResultFile {
  return { ...file, kind: kindOf(file), durationSeconds: null };
}

function kindOf({ fileName }: DeliveredFile): FileKind {
  return fileName.endsWith('.mp3') ? 'sound' : fileName.endsWith('.png') ? 'picture' : 'document';
}
