/** A section of a changelog: "1.0.0" or "Unreleased", and where its text begins and ends. */
export interface Section {
  readonly name: string;
  /** Of its heading. */
  readonly start: number;
  readonly text: string;
  readonly end: number;
}

/** The sections of a changelog, the links at its end left out. */
export function sectionsOf(changelog: string): Section[] {
  const shown = withoutHidden(changelog);
  const ends = [...shown.matchAll(/^(?:## \[|\[[^\]\n]+\]:)/gm)].map(({ index }) => index);
  return [...shown.matchAll(/^## \[([^\]\n]+)\].*\n?/gm)].map(
    ({ 0: heading, 1: name = "", index }) => {
      const below = index + heading.length;
      const end = ends.find((it) => it >= below) ?? changelog.length;
      return { name, start: index, text: changelog.slice(below, end).trim(), end };
    },
  );
}

/** Code blocks and comments of Markdown; one that has no end goes on to the end of the text. */
const hidden = /<!--[^]*?(?:-->|(?![^]))|^ {0,3}(`{3,}|~{3,}).*\n[^]*?(?:^ {0,3}\1|(?![^]))/gm;

/** Spaces in the place of what holds no heading, so that every other character keeps its place. */
export const withoutHidden = (markdown: string): string =>
  markdown.replace(hidden, (it) => it.replace(/[^\n]/g, " "));
