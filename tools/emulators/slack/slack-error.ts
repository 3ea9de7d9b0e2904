/** What a Web API method answers with `ok: false`. */
export class SlackError extends Error {
  /** Slack's own string, such as `channel_not_found`. */
  readonly code: string;
  /** Goes along in the answer. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, details: Readonly<Record<string, unknown>> = {}) {
    super(code);
    this.code = code;
    this.details = details;
  }
}

export function invalidArguments(...sentences: readonly string[]): SlackError {
  return new SlackError('invalid_arguments', {
    response_metadata: { messages: sentences.map((sentence) => `[ERROR] ${sentence}`) },
  });
}
