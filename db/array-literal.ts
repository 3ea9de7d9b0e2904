/**
 * Strings as one PostgreSQL array, to be bound to `?::text[]` or `?::uuid[]`: the ORM would take an array apart into a list of values.
 */
export function arrayLiteral(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replaceAll(/["\\]/gu, String.raw`\$&`)}"`).join(',')}}`;
}
