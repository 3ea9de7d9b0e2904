import { AbortMultipartUploadCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import type { ListMultipartUploadsCommandOutput, MultipartUpload, S3Client } from '@aws-sdk/client-s3';

/** No upload of ours takes this long. */
const STALE_MS = 24 * 3600 * 1000;
/** A key that may only read and write objects is right to be given; a lifecycle rule then does this. */
const NOT_OURS_TO_DO = new Set(['AccessDenied', 'NotImplemented', 'NoSuchUpload']);

/** Parts of an upload whose process died are invisible but paid for until somebody aborts it. Returns how many there were. */
export async function abortStaleUploads(client: S3Client, bucket: string, staleMs = STALE_MS): Promise<number> {
  let aborted = 0;
  try {
    for await (const { Key, UploadId, Initiated } of uploads(client, bucket)) {
      if (Key === undefined || UploadId === undefined || Initiated === undefined) continue;
      if (Date.now() - Initiated.getTime() < staleMs) continue;
      await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
      aborted += 1;
    }
  } catch (error) {
    if (!NOT_OURS_TO_DO.has((error as { name?: string }).name ?? '')) throw error;
  }
  return aborted;
}

async function* uploads(client: S3Client, bucket: string): AsyncGenerator<MultipartUpload, void, undefined> {
  let after: { KeyMarker?: string; UploadIdMarker?: string } | null = {};
  while (after !== null) {
    const page: ListMultipartUploadsCommandOutput = await client.send(
      new ListMultipartUploadsCommand({ Bucket: bucket, ...after }),
    );
    yield* page.Uploads ?? [];
    const { IsTruncated, NextKeyMarker, NextUploadIdMarker } = page;
    after =
      IsTruncated === true && NextKeyMarker !== undefined
        ? {
            KeyMarker: NextKeyMarker,
            ...(NextUploadIdMarker === undefined ? {} : { UploadIdMarker: NextUploadIdMarker }),
          }
        : null;
  }
}
