import { appendFile } from 'node:fs/promises';
import type { Card } from '../../workflows/contract/card.ts';

/** What a person has seen in this room, one JSON object per line, kept with the data. */
export type TranscriptEntry =
  | { readonly kind: 'post' | 'edit'; readonly messageId: string; readonly card: Card }
  | { readonly kind: 'file'; readonly folder: string; readonly fileName: string; readonly sha256: string };

export interface Transcript {
  append(entry: TranscriptEntry): Promise<void>;
}

export function createTranscript(path: string): Transcript {
  return {
    async append(entry) {
      await appendFile(path, `${JSON.stringify({ at: new Date().toISOString(), ...entry })}\n`, { mode: 0o600 });
    },
  };
}
