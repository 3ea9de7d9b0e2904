import type { NewJobRequest } from './inbound.ts';
import { ordered } from './request.ts';
import type { JobOrder, SourceReference } from './request.ts';

/** What is to be done with a song that will come by the web: the request, all but its source. */
export type UploadOrder = Omit<NewJobRequest, 'command'> & { readonly command: JobOrder };

/** The request, once the song is there. */
export function orderedRequest(order: UploadOrder, source: SourceReference): NewJobRequest {
  return { ...order, command: ordered(order.command, source) };
}
