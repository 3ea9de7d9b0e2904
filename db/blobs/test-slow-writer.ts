// A process for the store's tests to kill. It says a line for each piece or blob that it hands over.
import { setTimeout as sleep } from 'node:timers/promises';
import { openBlobStore } from './open-blob-store.ts';
import type { BlobStoreConfig } from './open-blob-store.ts';

const store = await openBlobStore(JSON.parse(process.env['STORE'] ?? '') as BlobStoreConfig);

function say(): void {
  process.stdout.write('.\n');
}

/** Never ends: whatever is killed while it streams was not whole. */
async function* endless(): AsyncGenerator<Uint8Array, void, undefined> {
  for (;;) {
    say();
    yield Buffer.alloc(1 << 20, 1);
    await sleep(5);
  }
}

if (process.argv[2] === 'streaming') {
  await Promise.all([store.put('killed/new', endless()), store.put('killed/replaced', endless())]);
} else {
  for (let value = 1; ; value = (value % 250) + 1) {
    const bytes = Buffer.alloc(2_000_000, value);
    await store.put(
      'killed/replaced',
      (async function* whole() {
        await Promise.resolve();
        yield bytes;
      })(),
    );
    say();
  }
}
