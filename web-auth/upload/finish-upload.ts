/** From pieces to one blob and a job in the ledger. Every step bears repetition, and what a process leaves undone the next one takes up. */
import type { Audit } from '../../db/audit.repository.ts';
import type { Upload, Uploads } from '../../db/uploads.repository.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import { deleteParts, partsOf } from './part-store.ts';

export interface FinishDeps {
  readonly uploads: Uploads;
  readonly blobs: BlobStore;
  readonly audit: Audit;
}

/** @throws Error where the pieces are not what was said to come; they are forgotten, and the file may be brought again */
export async function finishUpload(ticket: Upload, { uploads, blobs, audit }: FinishDeps): Promise<void> {
  if (ticket.state !== 'whole') return;
  const blob = await blobs.put(`sources/upload-${ticket.id}`, partsOf(blobs, ticket.id));
  if (blob.bytes !== ticket.sizeBytes) {
    throw new Error(`${String(blob.bytes)} bytes lie there of ${String(ticket.sizeBytes)} that came`);
  }
  await uploads.start(ticket.id, blob);
  await audit.note({ kind: 'upload.finished', memberId: null, facts: { ticket: ticket.id, bytes: blob.bytes } });
  await deleteParts(blobs, ticket.id);
}
