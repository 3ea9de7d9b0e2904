/** One route of the API. */
import type { Emulation } from '../emulation.ts';
import type { RequestBody } from '../request-body.ts';

export interface RouteRequest {
  readonly emulation: Emulation;
  /** By the template's names. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: RequestBody;
}

export interface Answer {
  readonly status: number;
  /** Null: none, and then there is no content type either. */
  readonly json: unknown;
}

export interface Route {
  /** `PATCH /channels/{channel_id}/messages/{message_id}` */
  readonly name: string;
  /** `none`: its path holds a token of its own. */
  readonly auth: 'bot' | 'none';
  /** Posts, edits and deletions, which faults are meant for. */
  readonly isSend?: boolean;
  run(request: RouteRequest): Answer;
}

export const NO_CONTENT: Answer = { status: 204, json: null };

export function ok(json: unknown): Answer {
  return { status: 200, json };
}

/** A parameter that the template surely has. */
export function param({ params }: Pick<RouteRequest, 'params'>, name: string): string {
  return params[name] ?? '';
}
