/** Bytes of files: in by an upload URL, out by `url_private`. */
import type { IncomingMessage } from 'node:http';
import type { SlackEmulation } from './emulation.ts';
import { typeOf } from './file-store.ts';
import { maySee } from './methods/files.ts';
import type { Reply } from './reply.ts';
import { readBody, readBytes } from './request-body.ts';
import { SlackError } from './slack-error.ts';
import type { TokenHolder } from './tokens.ts';

/** As often as one likes until the upload is completed: the last bytes count. Needs no token. */
export async function takeUpload({ files }: SlackEmulation, request: IncomingMessage, ticket: string): Promise<Reply> {
  const isForm = request.headers['content-type']?.startsWith('multipart/form-data') === true;
  const bytes = isForm ? (await readBody(request)).files[0]?.bytes : await readBytes(request);
  const file = files.byTicket(ticket);
  if (file === null) return text(404, 'upload URL not found');
  if (file.isComplete) return text(400, 'upload already completed');
  if (bytes?.byteLength !== file.announcedBytes) {
    return text(400, `expected ${String(file.announcedBytes)} bytes, got ${String(bytes?.byteLength ?? 0)}`);
  }
  files.fill(file, bytes);
  return text(200, `OK - ${String(bytes.byteLength)}`);
}

/** Whoever may not gets the page to sign in, with 200: a web page that is taken for the file. */
export function download(emulation: SlackEmulation, authorization: string | undefined, name: string): Reply {
  const [workspaceId = '', fileId = ''] = name.split('-');
  const file = emulation.files.find(fileId);
  const workspace = emulation.world.workspaces.get(workspaceId);
  const holder = holderOf(emulation, authorization);
  const isAllowed =
    holder?.kind === 'bot' &&
    holder.workspace === workspace &&
    holder.scopes.includes('files:read') &&
    file !== null &&
    maySee(holder.workspace.botUserId, file, holder.workspace.channels);
  if (!isAllowed) {
    return {
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8' },
      body: `<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body><form action="/"></form></body></html>`,
    };
  }
  if (file.isDeleted || file.bytes === null) return text(404, 'file_deleted');
  return {
    status: 200,
    headers: {
      'content-type': typeOf(file.name).mimeType,
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    },
    body: file.bytes,
  };
}

function holderOf({ tokens }: SlackEmulation, authorization: string | undefined): TokenHolder | null {
  try {
    return tokens.holder(/^Bearer (?<token>\S+)$/u.exec(authorization ?? '')?.groups?.['token'] ?? null);
  } catch (error) {
    if (error instanceof SlackError) return null;
    throw error;
  }
}

function text(status: number, body: string): Reply {
  return { status, headers: { 'content-type': 'text/plain' }, body };
}
