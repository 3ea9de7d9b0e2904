/** An array as one parameter (`any(?::text[])`); the query layer would spread a plain one into a list. */
export function sqlArray(values: Iterable<string>): string {
  return `{${[...values].map((value) => `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`).join(',')}}`;
}
