/**
 * `multipart/form-data` as loosely as Telegram's server reads it: grammY does not put file names into quotation marks,
 * spaces and brackets included, and parsers that keep to the standard drop such parts without a word.
 */
import { badRequest } from './api-error.ts';

export interface Part {
  readonly name: string;
  /** Null: a field, not a file. */
  readonly filename: string | null;
  readonly mimeType: string;
  readonly bytes: Buffer;
}

const BLANK_LINE = Buffer.from('\r\n\r\n');

/** @throws ApiError 400 where there is no boundary, or no end */
export function parseMultipart(contentType: string, body: Buffer): Part[] {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/iu.exec(contentType)?.slice(1).find(Boolean);
  if (boundary === undefined) throw badRequest("can't find the boundary of the form");
  const opening = Buffer.from(`--${boundary}`);
  const separator = Buffer.from(`\r\n--${boundary}`);
  const parts: Part[] = [];
  // A first boundary may stand at the very beginning, without a line's end before it.
  let at = body.indexOf(opening);
  if (at < 0) throw badRequest("can't find the boundary of the form");
  at += opening.length;
  while (body.subarray(at, at + 2).toString() !== '--') {
    const headEnd = body.indexOf(BLANK_LINE, at);
    const end = headEnd < 0 ? -1 : body.indexOf(separator, headEnd + BLANK_LINE.length - 2);
    if (end < 0) throw badRequest("can't find the end of the form");
    const part = readPart(body.subarray(at, headEnd).toString(), body.subarray(headEnd + BLANK_LINE.length, end));
    if (part !== null) parts.push(part);
    at = end + separator.length;
  }
  return parts;
}

function readPart(head: string, bytes: Buffer): Part | null {
  const disposition = headerOf(head, 'content-disposition');
  const name = parameterOf(disposition, 'name');
  if (name === null) return null;
  return {
    name,
    filename: parameterOf(disposition, 'filename'),
    mimeType: headerOf(head, 'content-type') || 'application/octet-stream',
    bytes,
  };
}

function headerOf(head: string, name: string): string {
  return new RegExp(`^${name}:[ \\t]*(.*)$`, 'imu').exec(head)?.[1]?.trim() ?? '';
}

/** With quotation marks up to the next one that is not escaped, without them up to the next semicolon. */
function parameterOf(disposition: string, name: string): string | null {
  const match = new RegExp(`;\\s*${name}=(?:"((?:\\\\.|[^"\\\\])*)"|([^;]*))`, 'iu').exec(disposition);
  if (match === null) return null;
  return match[1] === undefined ? (match[2] ?? '').trim() : match[1].replaceAll(/\\(.)/gu, '$1');
}
