/**
 * What a person does once so that the bot is on Telegram, in order; for `npm run register -- telegram` and for the documentation.
 * @param username the bot's, without the @; null where there is no token yet
 */
export function setupSteps(username: string | null): readonly string[] {
  const bot = username ?? '<your bot>';
  return [
    'Open https://t.me/BotFather, send /newbot, and give the bot a name and a username that ends in "bot".',
    'Put the token that BotFather answers with into TELEGRAM_TOKEN. Whoever has it is the bot: /revoke there makes a new one.',
    'Run "npm run register -- telegram": Telegram then offers the commands while somebody types, in every language there is.',
    "Leave /setjoingroups enabled in BotFather, and add the bot to your band's group: " +
      `https://t.me/${bot}?startgroup=hello`,
    'With /setprivacy enabled (as it is) the bot hears only commands, mentions of it and answers to it. Several songs sent at once are ' +
      'one request in a group only where it hears all: disable it, or make the bot an administrator.',
    'If you like, give it a face: /setuserpic, /setdescription, /setabouttext.',
    'Telegram gives bots files of up to 20 MB, and takes 50 MB. A Bot API server of your own (https://github.com/tdlib/telegram-bot-api) ' +
      'lifts both: set TELEGRAM_API_URL to it, and TELEGRAM_LOCAL=1 where it runs with --local and shares its folder with Woodshed. ' +
      'The bot must be logged out of the official server once: https://core.telegram.org/bots/api#logout',
    'Woodshed asks Telegram for messages by itself and needs no public address. To be called instead, set TELEGRAM_WEBHOOK_URL (https, ' +
      'port 443, 80, 88 or 8443), TELEGRAM_WEBHOOK_SECRET (1 to 256 of A-Z, a-z, 0-9, _ and -) and TELEGRAM_PORT, where a proxy hands on.',
  ];
}
