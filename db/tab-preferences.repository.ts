// What members and bands usually play on.
import type { EntityManager } from '@mikro-orm/postgresql';
import type { JobRequest, Requester } from '../workflows/contract/request.ts';
import { restated } from '../workflows/contract/resolve-tab.ts';
import { NO_TAB_PREFERENCES } from '../workflows/contract/tab.ts';
import type { TabPreferences } from '../workflows/contract/tab.ts';
import type { Database } from './orm.ts';

export interface UsualTabs {
  readonly member: TabPreferences;
  readonly band: TabPreferences;
}

export interface TabPreferencesStore {
  /** What whoever asks, and the band of the place where they ask, usually play on. */
  usual(who: Pick<JobRequest, 'requester' | 'address'>): Promise<UsualTabs>;
  /** Keeps what is said for a member, on whichever platform they ask; what is left out stays, as `restated` says. Returns all that holds now. */
  saveMember(requester: Requester, changes: Partial<TabPreferences>): Promise<TabPreferences>;
  saveBand(bandId: string, changes: Partial<TabPreferences>): Promise<TabPreferences>;
}

export function createTabPreferences(database: Database): TabPreferencesStore {
  return {
    async usual({ requester, address }) {
      return await database.use(async (em) => {
        const [member] = await em.execute<Row[]>(
          `select tab_preferences as preferences from member join chat_identity on chat_identity.member_id = member.id
           where platform = ? and user_id = ?`,
          [requester.platform, requester.userId],
        );
        const [band] = await em.execute<Row[]>(
          `select tab_preferences as preferences from band join surface on surface.band_id = band.id
           where platform = ? and bot_id = ? and chat_id = ? limit 1`,
          [address.platform, address.botId, address.chatId],
        );
        return { member: preferencesOf(member), band: preferencesOf(band) };
      });
    },

    async saveMember({ platform, userId }, changes) {
      return await save(
        database,
        'member',
        '(select member_id from chat_identity where platform = ? and user_id = ?)',
        [platform, userId],
        changes,
      );
    },

    async saveBand(bandId, changes) {
      return await save(database, 'band', '?', [bandId], changes);
    },
  };
}

interface Row {
  readonly preferences: Partial<TabPreferences> | null;
}

async function save(
  database: Database,
  table: 'member' | 'band',
  id: string,
  values: readonly string[],
  changes: Partial<TabPreferences>,
): Promise<TabPreferences> {
  return await database.transaction(async (em: EntityManager) => {
    const [row] = await em.execute<Row[]>(
      `select tab_preferences as preferences from ${table} where id = ${id} for update`,
      [...values],
    );
    if (row === undefined) return NO_TAB_PREFERENCES;
    const preferences = restated(preferencesOf(row), changes);
    await em.execute(`update ${table} set tab_preferences = ?::jsonb where id = ${id}`, [
      JSON.stringify(preferences),
      ...values,
    ]);
    return preferences;
  });
}

function preferencesOf(row: Row | undefined): TabPreferences {
  return { ...NO_TAB_PREFERENCES, ...row?.preferences };
}
