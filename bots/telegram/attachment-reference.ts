import { z } from 'zod';

/** What finds a file again: only this bot can use its id. */
const referenceSchema = z.object({ fileId: z.string().min(1).max(512) });
export type AttachmentReference = z.output<typeof referenceSchema>;

export function writeReference(reference: AttachmentReference): string {
  return JSON.stringify(reference);
}

/** @throws ZodError for what {@link writeReference} did not write. */
export function readReference(text: string): AttachmentReference {
  return referenceSchema.parse(JSON.parse(text));
}
