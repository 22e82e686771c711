/** A fault of a page that stops nothing: its place, and how it was set right. */
export interface Note {
  readonly where: string;
  readonly what: string;
}
