import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import { openFolderStore } from './folder.ts';
import { createS3Store, isMissing } from './s3.ts';
import { openScratchFolder } from './scratch-folder.ts';
import { abortStaleUploads } from './s3-stale-uploads.ts';

export type BlobStoreConfig =
  | { readonly kind: 'folder'; readonly root: string }
  | ({ readonly kind: 's3' } & S3StoreConfig);

export interface S3StoreConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Where browsers reach the server, for presigned URLs; `endpoint` by default. */
  readonly publicEndpoint?: string;
  /** For what is too large for memory on its way; a folder of the system's temporary one by default. */
  readonly scratchDir?: string;
}

/** Opens the store, makes its folder or bucket where it is missing, and clears away uploads that died unfinished. */
export async function openBlobStore(config: BlobStoreConfig): Promise<BlobStore> {
  if (config.kind === 'folder') return await openFolderStore(config.root);
  const client = createClient(config, config.endpoint);
  await ensureBucket(client, config.bucket);
  await abortStaleUploads(client, config.bucket);
  const publicClient = createClient(config, config.publicEndpoint ?? config.endpoint);
  const scratch = await openScratchFolder(config.scratchDir ?? defaultScratchDir());
  return createS3Store({ bucket: config.bucket, client, publicClient, scratch });
}

/** One per user: it is cleared of what dead processes left. */
export function defaultScratchDir(): string {
  return join(tmpdir(), `woodshed-blobs-${String(process.getuid?.() ?? 0)}`);
}

function createClient({ region, accessKeyId, secretAccessKey }: S3StoreConfig, endpoint: string): S3Client {
  return new S3Client({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
    // Every request is idempotent; 5xx, throttling, timeouts and clock skew are retried with backoff.
    retryMode: 'standard',
    maxAttempts: 5,
    // Other servers than Amazon's know no trailing checksums; the hash in the metadata is what is compared.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: 5000,
      socketTimeout: 30_000,
      httpsAgent: { maxSockets: 32 },
      httpAgent: { maxSockets: 32 },
    },
  });
}

async function ensureBucket(client: S3Client, bucket: string): Promise<void> {
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
    return;
  } catch (error) {
    if (!isMissing(error) && nameOf(error) !== 'NoSuchBucket') throw unopened(bucket, error);
  }
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
  } catch (error) {
    const raced = ['BucketAlreadyOwnedByYou', 'BucketAlreadyExists'].includes(nameOf(error));
    if (!raced) throw unopened(bucket, error);
  }
}

/** A HEAD has no body, so the client's own error says next to nothing. */
function unopened(bucket: string, error: unknown): Error {
  const { httpStatusCode } = (error as { $metadata?: { httpStatusCode?: number } }).$metadata ?? {};
  const answer = httpStatusCode === undefined ? nameOf(error) : `HTTP ${String(httpStatusCode)}`;
  return new Error(`the S3 bucket ${bucket} cannot be opened (${answer}): check its name, the endpoint and the keys`, {
    cause: error,
  });
}

function nameOf(error: unknown): string {
  return (error as { name?: string }).name ?? '';
}
