import type { NewJobRequest } from './inbound.ts';
import type { JobCommand, SourceReference } from './request.ts';

/** What is to be done with a song that will come by the web: the request, all but its source. */
export type UploadOrder = Omit<NewJobRequest, 'command'> & { readonly command: Omit<JobCommand, 'source'> };

/** The request, once the song is there. */
export function orderedRequest(order: UploadOrder, source: SourceReference): NewJobRequest {
  return { ...order, command: { ...order.command, source } };
}
