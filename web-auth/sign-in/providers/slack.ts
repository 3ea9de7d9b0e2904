import { z } from 'zod';
import type { Provider, RegisteredApp } from '../provider.ts';
import { createDiscovery } from './open-id.ts';

const OFFICIAL = 'https://slack.com';
const claimsSchema = z.looseObject({
  name: z.string().max(200).optional(),
  email: z.string().max(320).optional(),
  email_verified: z.boolean().optional(),
  'https://slack.com/user_id': z.string().regex(/^[UW][A-Z0-9]+$/u),
  'https://slack.com/team_id': z.string().regex(/^[TE][A-Z0-9]+$/u),
});

/** Sign in with Slack. User ids belong to a workspace, so the workspace is part of who it is. */
export function slackProvider(app: RegisteredApp): Provider {
  const issuer = app.url ?? OFFICIAL;
  return {
    provider: 'slack',
    label: 'Slack',
    isForSignIn: true,
    app,
    endpoints: createDiscovery({
      issuer,
      pkce: 'if-said',
      revoke: { url: `${issuer}/api/auth.revoke`, style: 'bearer' },
    }),
    scopes: (_use, withEmail) => ['openid', 'profile', ...(withEmail ? ['email'] : [])],
    extras: () => ({}),
    async person(_accessToken, claims) {
      const parsed = claimsSchema.parse(claims);
      const { name, email, email_verified: isVerified } = parsed;
      const userId = parsed['https://slack.com/user_id'];
      const botId = parsed['https://slack.com/team_id'];
      return {
        subject: `${botId}:${userId}`,
        displayName: name ?? 'Slack account',
        email: isVerified === true && email !== undefined ? email.toLowerCase() : null,
        chatUser: { userId, botId },
      };
    },
  };
}
