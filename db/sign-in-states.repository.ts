import { createHash } from 'node:crypto';
import type { Database } from './orm.ts';
import { SignInState } from './sign-in-state.entity.ts';

export type SignInPurpose = 'sign-in' | 'link' | 'connect';

export interface NewSignInState {
  /** As it is given to the provider; only its SHA-256 is kept. */
  readonly state: string;
  /** What the browser's cookie holds; only its SHA-256 is kept. */
  readonly browser: string;
  readonly provider: string;
  readonly redirectUri: string;
  readonly purpose: SignInPurpose;
  readonly memberId: string | null;
  readonly sealed: string;
}

export interface SignInStates {
  /** Good for ten minutes. */
  save(state: NewSignInState): Promise<void>;
  /** Whatever comes of it, it is gone. Null: none of ours, over, or another browser's. */
  take(state: string, browser: string): Promise<Omit<NewSignInState, 'state' | 'browser'> | null>;
  /** Notes that this text was used, for ten minutes. False: it was before. */
  spend(text: string): Promise<boolean>;
}

const STATE_MINUTES = 10;

export function createSignInStates(database: Database): SignInStates {
  return {
    async save({ state, browser, provider, redirectUri, purpose, memberId, sealed }) {
      await database.use(async (em) => {
        await em.nativeDelete(SignInState, { expiresAt: { $lt: new Date() } });
        await em.execute(
          `insert into sign_in_state
             (state_sha256, browser_sha256, provider, redirect_uri, purpose, member_id, sealed, expires_at)
           values (?, ?, ?, ?, ?, ?, ?, now() + make_interval(mins => ?)) on conflict (state_sha256) do nothing`,
          [hashOf(state), hashOf(browser), provider, redirectUri, purpose, memberId, sealed, STATE_MINUTES],
        );
      });
    },

    async take(state, browser) {
      return await database.use(async (em) => {
        const [row] = await em.execute<
          {
            browser: string;
            provider: string;
            redirect: string;
            purpose: SignInPurpose;
            member: string | null;
            sealed: string;
            over: boolean;
          }[]
        >(
          `delete from sign_in_state where state_sha256 = ? returning browser_sha256 as browser, provider,
             redirect_uri as redirect, purpose, member_id as member, sealed, expires_at <= now() as over`,
          [hashOf(state)],
        );
        if (row === undefined || row.over || row.browser !== hashOf(browser)) return null;
        const { provider, redirect: redirectUri, purpose, member: memberId, sealed } = row;
        return { provider, redirectUri, purpose, memberId, sealed };
      });
    },

    async spend(text) {
      return await database.use(async (em) => {
        const hash = hashOf(`spent ${text}`);
        const rows = await em.execute<unknown[]>(
          `insert into sign_in_state
             (state_sha256, browser_sha256, provider, redirect_uri, purpose, sealed, expires_at)
           values (?, ?, '', '', 'sign-in', '', now() + make_interval(mins => ?))
           on conflict (state_sha256) do nothing returning id`,
          [hash, hash, STATE_MINUTES],
        );
        return rows.length === 1;
      });
    },
  };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
