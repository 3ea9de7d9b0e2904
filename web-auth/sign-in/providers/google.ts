import { z } from 'zod';
import type { Provider, RegisteredApp } from '../provider.ts';
import { createDiscovery } from './open-id.ts';

const YOUTUBE = 'https://www.googleapis.com/auth/youtube';
const claimsSchema = z.looseObject({
  sub: z.string(),
  name: z.string().max(200).optional(),
  email: z.string().max(320).optional(),
  email_verified: z.boolean().optional(),
});

/** Google, or any OpenID provider that stands in for it; a connected account grants YouTube's playlists. */
export function googleProvider(app: RegisteredApp): Provider {
  return {
    provider: 'google',
    label: 'Google',
    isForSignIn: true,
    app,
    endpoints: createDiscovery({ issuer: app.url ?? 'https://accounts.google.com', pkce: 'always' }),
    scopes: (use, withEmail) => [
      'openid',
      'profile',
      ...(withEmail ? ['email'] : []),
      ...(use === 'connect' ? [YOUTUBE] : []),
    ],
    // Without both of these Google gives no refresh token.
    extras: (use): Readonly<Record<string, string>> =>
      use === 'connect' ? { access_type: 'offline', prompt: 'consent' } : {},
    async person(_accessToken, claims) {
      const { sub, name, email, email_verified: isVerified } = claimsSchema.parse(claims);
      return {
        subject: sub,
        displayName: name ?? 'Google account',
        email: isVerified === true && email !== undefined ? email.toLowerCase() : null,
        chatUser: null,
      };
    },
  };
}
