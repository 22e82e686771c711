/**
 * Refuses a wrong argument without quoting it: it might be a token in the wrong place.
 *
 * @internal
 */
export function check(isRight: unknown, name: string, remedy: string): asserts isRight {
  if (!isRight) throw new TypeError(`${name}: ${remedy}`);
}
