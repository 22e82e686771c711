/** Bad input, said for the person who can correct it: the fault and its place, then the remedy. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly remedy: string;

  constructor(message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.remedy = remedy;
  }
}
