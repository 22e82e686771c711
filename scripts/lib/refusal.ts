/** Bad input, said for the person who can correct it: the fault and its place, then the remedy. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly remedy: string;

  constructor(message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.remedy = remedy;
  }
}

/** What an error says. fetch says "fetch failed", and its cause says why. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return messageOf(error.cause);
  return error.message || ("code" in error ? String(error.code) : error.name);
}
