/** What a platform's machine-readable description can say about one request. */

/** A request as an emulator received it, its body already parsed. */
export interface SpecRequest {
  /** HTTP method, in capitals. */
  readonly method: string;
  /** Below the API root, without query: `/channels/1/messages`, `chat.postMessage`, `sendMessage`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly contentType: string | null;
  /** Parsed JSON (of Discord's multipart: its `payload_json`), or a record of form fields; null or undefined where there was none. */
  readonly body: unknown;
  /** Form field names of uploaded files. */
  readonly files: readonly string[];
}

export interface Finding {
  /** Parameters that the description does not know, by name or dotted path. */
  readonly unknown: readonly string[];
  /** Everything else that breaks it, each in a sentence. */
  readonly violations: readonly string[];
}

export interface DescribedCall {
  /** `PATCH /channels/{channel_id}/messages/{message_id}`, `chat.update`, `sendMessage`. */
  readonly name: string;
  check(request: SpecRequest): Finding;
}

export interface Description {
  /** File and version. */
  readonly source: string;
  /** Null where the description does not know the method. */
  find(request: Pick<SpecRequest, 'method' | 'path'>): DescribedCall | null;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Query and body fields together, as form APIs take them. */
export function parametersOf({ query, body }: Pick<SpecRequest, 'query' | 'body'>): Record<string, unknown> {
  return { ...Object.fromEntries(query), ...(isRecord(body) ? body : {}) };
}
