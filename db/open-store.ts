import type { BlobStore } from '../workflows/contract/blob-store.ts';
import { openBlobStore } from './blobs/open-blob-store.ts';
import type { S3StoreConfig } from './blobs/open-blob-store.ts';
import { openListener } from './listen.ts';
import type { Listener } from './listen.ts';
import { openDatabase } from './orm.ts';
import type { Database } from './orm.ts';

/** Rows, their announcements, and bytes: what a process of the house holds of durable state. */
export interface Store {
  readonly database: Database;
  readonly listener: Listener;
  readonly blobs: BlobStore;
  close(): Promise<void>;
}

/** S3 where it is configured, a folder otherwise. */
export interface BlobPlace {
  readonly s3: S3StoreConfig | null;
  readonly folder: string;
}

/** Opens all three; closes what was opened when one of them fails. The schema must be there (`migrateDatabase`). */
export async function openStore(
  databaseUrl: string,
  { s3, folder }: BlobPlace,
  onListenError: (error: unknown) => void,
): Promise<Store> {
  const blobs = await openBlobStore(s3 === null ? { kind: 'folder', root: folder } : { kind: 's3', ...s3 });
  const database = await openDatabase(databaseUrl);
  try {
    const listener = await openListener(databaseUrl, { onError: onListenError });
    return {
      database,
      listener,
      blobs,
      async close() {
        await listener.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
