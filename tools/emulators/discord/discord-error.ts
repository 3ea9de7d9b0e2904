/** What the API says no with: an HTTP status, and a code of its own. */

export class DiscordError extends Error {
  readonly status: number;
  readonly code: number;
  /** Of an invalid form: what is wrong, in the form's own shape. */
  readonly errors: FormErrors | null;

  constructor(status: number, code: number, message: string, errors: FormErrors | null = null) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}

/** `{ content: { _errors: [{ code, message }] } }`; numbers of a list are keys too. */
export interface FormErrors {
  [key: string]: FormErrors | readonly FormError[];
}
export interface FormError {
  readonly code: string;
  readonly message: string;
}

const KNOWN = {
  unauthorized: [401, 0, '401: Unauthorized'],
  notFound: [404, 0, '404: Not Found'],
  methodNotAllowed: [405, 0, '405: Method Not Allowed'],
  unknownApplication: [404, 10_002, 'Unknown Application'],
  unknownChannel: [404, 10_003, 'Unknown Channel'],
  unknownGuild: [404, 10_004, 'Unknown Guild'],
  unknownMessage: [404, 10_008, 'Unknown Message'],
  unknownUser: [404, 10_013, 'Unknown User'],
  unknownWebhook: [404, 10_015, 'Unknown Webhook'],
  unknownInteraction: [404, 10_062, 'Unknown interaction'],
  unknownCommand: [404, 10_063, 'Unknown application command'],
  tooManyCommands: [400, 30_032, 'Maximum number of application commands reached (100)'],
  tooLarge: [413, 40_005, 'Request entity too large'],
  alreadyAnswered: [400, 40_060, 'Interaction has already been acknowledged.'],
  missingAccess: [403, 50_001, 'Missing Access'],
  othersMessage: [403, 50_005, 'Cannot edit a message authored by another user'],
  emptyMessage: [400, 50_006, 'Cannot send an empty message'],
  closedToMessages: [403, 50_007, 'Cannot send messages to this user'],
  notText: [400, 50_008, 'Cannot send messages in a non-text channel'],
  missingPermissions: [403, 50_013, 'Missing Permissions'],
  wrongChannelType: [400, 50_024, 'Cannot execute action on this channel type'],
  invalidToken: [401, 50_027, 'Invalid Webhook Token'],
  archivedThread: [400, 50_083, 'Thread is archived'],
  invalidJson: [400, 50_109, 'The request body contains invalid JSON.'],
  voiceAlone: [400, 50_159, 'Voice messages do not support additional content.'],
  voiceSingle: [400, 50_160, 'Voice messages must have a single audio attachment.'],
  voiceMetadata: [400, 50_161, 'Voice messages must have supporting metadata.'],
  voiceFixed: [400, 50_162, 'Voice messages cannot be edited.'],
  noMutualGuild: [403, 50_278, 'Cannot send messages to this user due to having no mutual guilds'],
  threadThere: [400, 160_004, 'A thread has already been created for this message'],
  noHistory: [400, 160_002, 'Cannot reply without permission to read message history'],
} as const satisfies Record<string, readonly [status: number, code: number, message: string]>;

/** Throws what Discord answers. */
export function refuse(what: keyof typeof KNOWN): never {
  const [status, code, message] = KNOWN[what];
  throw new DiscordError(status, code, message);
}

/** @param path of the field, such as `embeds`, `0`, `title` */
export function invalidForm(path: readonly PropertyKey[], error: FormError): DiscordError {
  return invalidForms([[path, error]]);
}

export function invalidForms(
  found: readonly (readonly [path: readonly PropertyKey[], error: FormError])[],
): DiscordError {
  const errors: FormErrors = {};
  for (const [path, error] of found) {
    let at = errors;
    for (const key of path) at = (at[String(key)] ??= {}) as FormErrors;
    at['_errors'] = [...((at['_errors'] as readonly FormError[] | undefined) ?? []), error];
  }
  return new DiscordError(400, 50_035, 'Invalid Form Body', errors);
}
