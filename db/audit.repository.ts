import type { EntityManager } from '@mikro-orm/postgresql';
import { AuditEvent } from './audit-event.entity.ts';
import type { Database } from './orm.ts';

export const AUDIT_KINDS = [
  'session.opened',
  'session.closed',
  'identity.linked',
  'identity.unlinked',
  'account.connected',
  'account.disconnected',
  'recording.renamed',
  'recording.deleted',
  'recording.exported',
  'share.made',
  'share.revoked',
  'upload.finished',
  'operator.second-factor',
] as const;
export type AuditKind = (typeof AUDIT_KINDS)[number];

export interface AuditEntry {
  readonly kind: AuditKind;
  readonly memberId: string | null;
  readonly bandId?: string | null;
  /** Ids and enumerated words; never tokens, addresses, names of files or people. */
  readonly facts?: Readonly<Record<string, string | number | boolean | null>>;
}

export interface Audit {
  note(entry: AuditEntry): Promise<void>;
  /** Newest first. */
  list(limit: number): Promise<readonly (AuditEntry & { readonly at: Date })[]>;
}

export function createAudit(database: Database): Audit {
  return {
    async note(entry) {
      await database.use(async (em) => await noteAudit(em, entry));
    },
    async list(limit) {
      return await database.use(async (em) =>
        (await em.find(AuditEvent, {}, { orderBy: { createdAt: 'desc' }, limit })).map((row) => ({
          kind: row.kind as AuditKind,
          memberId: row.member?.id ?? null,
          bandId: row.band?.id ?? null,
          facts: row.facts,
          at: row.createdAt,
        })),
      );
    },
  };
}

/** Inside the caller's transaction, so that what was done and that it was done stand or fall together. */
export async function noteAudit(
  em: EntityManager,
  { kind, memberId, bandId = null, facts = {} }: AuditEntry,
): Promise<void> {
  await em.insert(AuditEvent, { kind, member: memberId, band: bandId, facts });
}
