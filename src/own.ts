/** A copy of the own properties, without a prototype, so that nothing inherited counts as given. */
export function own<T extends object>(value: T): T {
  return Object.assign(Object.create(null), value);
}
