import type { ServerResponse } from 'node:http';

/** One sentence as plain text; without it for HEAD, as node:http leaves bodies of HEAD out. */
export function answerInWords(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(sentence) + 1,
    'Cache-Control': 'private, no-store',
  });
  response.end(`${sentence}\n`);
}

/** The same for everything that is not there, so that nobody learns what nearly was. */
export function answerNotFound(response: ServerResponse): void {
  answerInWords(response, 404, 'There is nothing here.');
}
