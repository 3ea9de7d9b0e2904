/** What a session asked to hear of. */
export const INTENTS = {
  guilds: 1 << 0,
  guildMembers: 1 << 1,
  guildPresences: 1 << 8,
  guildMessages: 1 << 9,
  directMessages: 1 << 12,
  messageContent: 1 << 15,
} as const;

/** Every bit that means something, up to direct message polls. */
export const KNOWN_INTENTS = 0b11_0011_0001_1111_1111_1111_1111;
