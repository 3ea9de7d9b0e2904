import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/** Files that are read again and again, each opened once: a chunk holds many blocks of a song. */
export interface ChunkReaders {
  open(path: string): Promise<FileHandle>;
  close(path: string): Promise<void>;
  closeAll(): Promise<void>;
}

export function createChunkReaders(): ChunkReaders {
  const handles = new Map<string, FileHandle>();

  async function close(path: string): Promise<void> {
    const handle = handles.get(path);
    handles.delete(path);
    await handle?.close();
  }

  return {
    async open(path) {
      const known = handles.get(path);
      if (known !== undefined) return known;
      const handle = await open(path, 'r');
      handles.set(path, handle);
      return handle;
    },
    close,
    async closeAll() {
      for (const path of handles.keys()) await close(path);
    },
  };
}
