import { z } from 'zod';
import type { Provider, RegisteredApp } from '../provider.ts';
import { whoAmI } from './who-am-i.ts';

const userSchema = z.looseObject({
  id: z.string().regex(/^\d{1,20}$/u),
  username: z.string().max(200),
  global_name: z.string().max(200).nullish(),
  email: z.string().max(320).nullish(),
  verified: z.boolean().optional(),
});

export function discordProvider(app: RegisteredApp): Provider {
  const url = app.url ?? 'https://discord.com';
  return {
    provider: 'discord',
    label: 'Discord',
    isForSignIn: true,
    app,
    endpoints: async () => ({
      authorize: `${url}/oauth2/authorize`,
      token: `${url}/api/oauth2/token`,
      revoke: { url: `${url}/api/oauth2/token/revoke`, style: 'form' },
      openId: null,
      usesPkce: true,
    }),
    scopes: (_use, withEmail) => ['identify', ...(withEmail ? ['email'] : [])],
    extras: () => ({}),
    async person(accessToken) {
      const user = userSchema.parse(await whoAmI(`${url}/api/v10/users/@me`, accessToken));
      return {
        subject: user.id,
        displayName: user.global_name ?? user.username,
        email: user.verified === true ? (user.email?.toLowerCase() ?? null) : null,
        chatUser: { userId: user.id, botId: null },
      };
    },
  };
}
