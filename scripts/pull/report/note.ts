/** A fault of a page that stops nothing: where it is, and how it was set right. */
export interface Note {
  readonly where: string;
  readonly what: string;
}
