/**
 * An own property of an error: anything inherited may come from a polluted prototype. An accessor
 * may return another value next time, so it reads as NaN, which fits no rule.
 */
export function ownFact(error: unknown, name: string): unknown {
  try {
    const property = Object.getOwnPropertyDescriptor(Object(error), name);
    return property && !("value" in property) ? NaN : (property?.value ?? undefined);
  } catch {
    return NaN;
  }
}
