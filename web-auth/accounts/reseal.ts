/** After the operator's secret was replaced: everything sealed under an earlier one is sealed under the first, while it is read. */
import { accountBinding } from '../../db/linked-accounts.repository.ts';
import type { AccountTokens } from '../../db/account-tokens.repository.ts';
import type { SecondFactors } from '../../db/second-factors.repository.ts';
import { factorBinding } from '../sign-in/second-factor-pages.ts';
import type { TextSeal } from '../sign-in/settings.ts';

const ROWS_AT_ONCE = 200;

/** Returns how many texts were sealed anew. @throws Error where one opens under none of the secrets */
export async function resealAll(
  seal: TextSeal,
  { tokens, factors }: { readonly tokens: AccountTokens; readonly factors: SecondFactors },
  stopping?: AbortSignal,
): Promise<number> {
  const anew = (sealed: string, boundTo: string): string => seal.close(seal.open(sealed, boundTo), boundTo);
  const batches = [
    async () =>
      await tokens.resealOthers(seal.currentPrefix, ROWS_AT_ONCE, (row) => anew(row.sealed, accountBinding(row))),
    async () =>
      await factors.resealOthers(seal.currentPrefix, ROWS_AT_ONCE, ({ memberId, sealed }) =>
        anew(sealed, factorBinding(memberId)),
      ),
  ];
  let all = 0;
  for (const batch of batches) {
    for (let count = -1; count !== 0 && stopping?.aborted !== true;) {
      count = await batch();
      all += count;
    }
  }
  return all;
}
