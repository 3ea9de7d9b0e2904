import { z } from 'zod';
import type { Provider, RegisteredApp } from '../provider.ts';
import { whoAmI } from './who-am-i.ts';

const userSchema = z.looseObject({
  id: z.union([z.string().min(1).max(255), z.number().int()]),
  username: z.string().max(200),
});

/** Tone 3000: a public client with PKCE, whose refresh tokens are each good once. */
export function tone3000Provider(app: RegisteredApp): Provider {
  const url = `${app.url ?? 'https://www.tone3000.com'}/api/v1`;
  return {
    provider: 'tone3000',
    label: 'Tone 3000',
    isForSignIn: false,
    app,
    endpoints: async () => ({
      authorize: `${url}/oauth/authorize`,
      token: `${url}/oauth/token`,
      revoke: null,
      openId: null,
      usesPkce: true,
    }),
    scopes: () => [],
    extras: () => ({}),
    async person(accessToken) {
      const user = userSchema.parse(await whoAmI(`${url}/user`, accessToken));
      return { subject: String(user.id), displayName: user.username, email: null, chatUser: null };
    },
  };
}
