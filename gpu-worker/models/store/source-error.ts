/** Why one source did not give a model's files; the next one is asked then. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  /** `unreachable`: it said no, or nothing. `wrong-content`: what came is not what the manifest promises. */
  readonly kind: 'unreachable' | 'wrong-content';

  constructor(kind: SourceError['kind'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
