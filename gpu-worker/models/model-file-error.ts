/**
 * A weights or graph file that is damaged, hostile, or of another shape than its reader knows. The model store turns it into
 * `model-invalid`; nothing of the file has been trusted by then.
 */
export class ModelFileError extends Error {
  override readonly name = 'ModelFileError';
}

export function rejectModelFile(message: string): never {
  throw new ModelFileError(message);
}
