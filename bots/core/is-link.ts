/** Any scheme: whether a link may be opened is the egress guard's to say, with a sentence of its own. */
export function isLink(word: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//iu.test(word);
}
