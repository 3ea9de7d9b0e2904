import { createHash } from 'node:crypto';
import { isPlaceholderSlot } from '../../workflows/contract/ids.ts';
import type { Deliveries, DeliveryRow } from './jobs.ts';

export interface MemoryDeliveries extends Deliveries {
  /** As when the chat moves: nothing stands in it any more. */
  forget(): void;
}

/** The delivery ledger as the real one answers while no lease runs out. */
export function memoryDeliveries(): MemoryDeliveries {
  const rows = new Map<string, DeliveryRow & { readonly jobId: string; readonly surfaceId: string }>();

  function rowOf(id: string): DeliveryRow & { readonly jobId: string; readonly surfaceId: string } {
    const row = rows.get(id);
    if (row === undefined) {
      throw new Error(`no delivery ${id}`);
    }
    return row;
  }

  function change(id: string, changes: Partial<DeliveryRow>): void {
    rows.set(id, { ...rowOf(id), ...changes });
  }

  return {
    forget: () => rows.clear(),
    async plan({ jobId, surfaceId, slot }) {
      const id = createHash('sha256').update(`${jobId}/${surfaceId}/${slot}`).digest('hex');
      const row = rows.get(id) ?? {
        id,
        jobId,
        surfaceId,
        slot,
        state: 'planned' as const,
        nonce: id.slice(0, 22),
        messageId: null,
        sentFiles: [],
        attempts: 0,
        firstTryAt: null,
      };
      rows.set(id, row);
      return row;
    },
    async list(jobId, surfaceId) {
      return [...rows.values()].filter((row) => row.jobId === jobId && row.surfaceId === surfaceId);
    },
    async beginSend(id) {
      const { state, attempts, slot } = rowOf(id);
      const may = state === 'planned' || (state === 'ambiguous' && isPlaceholderSlot(slot));
      if (may) {
        change(id, { state: 'sending', attempts: attempts + 1 });
      }
      return may;
    },
    async markSent(id, messageId) {
      const row = rowOf(id);
      if (row.state !== 'sent') {
        change(id, { state: 'sent', messageId });
      }
      return rowOf(id).messageId ?? messageId;
    },
    async noteFiles(id, sentFiles) {
      change(id, { sentFiles });
    },
    async markNotSent(id) {
      change(id, { state: 'planned' });
    },
    async markAmbiguous(id) {
      change(id, { state: 'ambiguous' });
    },
    async markGone(id) {
      change(id, { state: 'gone' });
    },
  };
}
