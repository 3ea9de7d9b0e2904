/** Elements of the page, which the server has written. */

/** @throws Error where the page has none */
export function find(selector: string, within: ParentNode = document): HTMLElement {
  return findAs(HTMLElement, selector, within);
}

/** @throws Error where the page has none, or one of another kind */
export function findAs<T extends Element>(
  kind: abstract new () => T,
  selector: string,
  within: ParentNode = document,
): T {
  const found = within.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`the page has no ${selector}`);
  return found;
}

export function press(button: HTMLElement, isPressed: boolean): void {
  button.setAttribute('aria-pressed', String(isPressed));
}

/** Such as `3:07.4`. */
export function clock(seconds: number, decimals: 0 | 1 = 0): string {
  const scale = 10 ** decimals;
  const whole = Math.floor(seconds * scale + 1e-6) / scale;
  const minutes = Math.floor(whole / 60);
  return `${String(minutes)}:${(whole - minutes * 60).toFixed(decimals).padStart(decimals === 0 ? 2 : 4, '0')}`;
}
