import { z } from 'zod';
import type { Provider, RegisteredApp } from '../provider.ts';
import { whoAmI } from './who-am-i.ts';

const SCOPES = [
  'playlist-read-private',
  'playlist-read-collaborative',
  'playlist-modify-private',
  'playlist-modify-public',
];
const userSchema = z.looseObject({ id: z.string().min(1).max(255), display_name: z.string().max(200).nullish() });

/** Spotify takes tokens back on its own pages alone. */
export function spotifyProvider(app: RegisteredApp): Provider {
  const url = app.url ?? 'https://accounts.spotify.com';
  const apiUrl = app.url ?? 'https://api.spotify.com';
  return {
    provider: 'spotify',
    label: 'Spotify',
    isForSignIn: false,
    app,
    endpoints: async () => ({
      authorize: `${url}/authorize`,
      token: `${url}/api/token`,
      revoke: null,
      openId: null,
      usesPkce: true,
    }),
    scopes: () => SCOPES,
    extras: () => ({}),
    async person(accessToken) {
      const user = userSchema.parse(await whoAmI(`${apiUrl}/v1/me`, accessToken));
      return { subject: user.id, displayName: user.display_name ?? user.id, email: null, chatUser: null };
    },
  };
}
