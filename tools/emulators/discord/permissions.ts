/** What a bot may do in a channel, as Discord's bits. */

export const PERMISSIONS = {
  viewChannel: 1n << 10n,
  sendMessages: 1n << 11n,
  embedLinks: 1n << 14n,
  attachFiles: 1n << 15n,
  readMessageHistory: 1n << 16n,
  mentionEveryone: 1n << 17n,
  createPublicThreads: 1n << 35n,
  createPrivateThreads: 1n << 36n,
  sendMessagesInThreads: 1n << 38n,
  sendVoiceMessages: 1n << 46n,
  manageMessages: 1n << 13n,
  manageThreads: 1n << 34n,
} as const;
export type Permission = keyof typeof PERMISSIONS;

/** An invited bot's usual ones: it is no moderator. */
export const USUAL_PERMISSIONS: readonly Permission[] = (Object.keys(PERMISSIONS) as Permission[]).filter(
  (permission) => permission !== 'manageMessages' && permission !== 'manageThreads',
);

/** @returns the bits as a decimal text, as the API has them */
export function permissionBits(permissions: Iterable<Permission>): string {
  let bits = 0n;
  for (const permission of permissions) bits |= PERMISSIONS[permission];
  return String(bits);
}
