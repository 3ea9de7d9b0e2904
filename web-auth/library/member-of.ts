import type { WebContext } from '../web.ts';

/** @throws TypeError where nobody has signed in: such a page lets strangers in */
export function memberOf(context: WebContext): string {
  const visitor = context.get('visitor');
  if (visitor === null) throw new TypeError('a page of members was reached by a stranger');
  return visitor.memberId;
}
