import { z } from 'zod';
import type { SealedTokens } from '../../db/linked-accounts.repository.ts';
import type { Tokens } from '../sign-in/oauth-client.ts';
import type { TextSeal } from '../sign-in/settings.ts';

const textSchema = z.object({ accessToken: z.string(), refreshToken: z.string().nullable() });

export function sealTokens(seal: TextSeal, tokens: Tokens, boundTo: string): SealedTokens {
  const { accessToken, refreshToken, expiresAt, scopes } = tokens;
  return { sealed: seal.close(JSON.stringify({ accessToken, refreshToken }), boundTo), expiresAt, scopes };
}

/** @throws Error for what was changed, belongs to another row, or was sealed under a key that is gone */
export function openTokens(seal: TextSeal, sealed: string, boundTo: string): z.output<typeof textSchema> {
  return textSchema.parse(JSON.parse(seal.open(sealed, boundTo)));
}
