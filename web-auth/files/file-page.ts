/** `GET /d/<token>`: one file of a result, as a download that can be taken up again where it stopped. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerInWords, answerNotFound } from '../door/plain-answer.ts';
import { sendFile } from './send-file.ts';
import type { SendableFile, SendFileDeps } from './send-file.ts';

/** Whoever signs links knows how to open them. */
export type OpenLink = (
  token: string,
) => { readonly state: 'good'; readonly file: SendableFile } | { readonly state: 'expired' | 'unknown' };

export interface FilePageDeps extends SendFileDeps {
  readonly openLink: OpenLink;
}

const EXPIRED = 'This link has ended. Ask for the song again in the chat, and there is a new one.';
const NOT_KEPT = 'This file is not kept any more. Ask for the song again in the chat, and it is made anew.';

/** Looking changes nothing, so a chat's preview of the link may look as often as it likes. Resolves when the bytes are sent or the client is gone. */
export async function answerFile(
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
  { openLink, blobs }: FilePageDeps,
): Promise<void> {
  const link = openLink(token);
  if (link.state === 'expired') answerInWords(response, 410, EXPIRED);
  else if (link.state !== 'good') answerNotFound(response);
  else if (!(await sendFile(request, response, link.file, { blobs }))) answerInWords(response, 410, NOT_KEPT);
}
