/** What a person does once so that the bot is on Discord, in order. `applicationId`: the bot's; null where there is no token yet. */
export function setupSteps(applicationId: string | null): readonly string[] {
  const id = applicationId ?? '<application id>';
  return [
    'Open https://discord.com/developers/applications, make a new application, and give it a name and a picture.',
    'Under "Bot", reset the token and put it into DISCORD_TOKEN. No privileged intent is needed.',
    'Run "npm run register -- discord": the commands and the message menu are there within the hour; at once in one server, with its ' +
      'number in DISCORD_GUILD_ID (right click on the server with developer mode on).',
    `Invite it: https://discord.com/oauth2/authorize?client_id=${id}&scope=bot%20applications.commands&permissions=${PERMISSIONS}`,
    'It needs to see channels, send messages (also in threads), attach files, embed links and read the history of the channels that it works in.',
  ];
}

/** View channels, send messages, embed links, attach files, read history, send in threads, send voice messages. */
const PERMISSIONS = String(
  (1n << 10n) | (1n << 11n) | (1n << 14n) | (1n << 15n) | (1n << 16n) | (1n << 38n) | (1n << 46n),
);
