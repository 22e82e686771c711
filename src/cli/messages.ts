const orphan = `whose secret nobody has: if "make-api-tokens list" shows it, delete it.`;
const again = "Run the same command again";

/** The last lines of commands. A token goes by the time of its creation. */
export const MESSAGES = {
  unchanged: "Nothing has changed.",
  createSent: `There may be a new token with that label, ${orphan}`,
  perhapsStored: (created: string) =>
    `The token created ${created} may be alive, and the store may hold it. ${again}, then "make-api-tokens delete ${created}".`,
  stored: (created: string) => `Done: the store holds the token created ${created}.`,
  deleteSent: (created: string) =>
    `The token created ${created} may be alive. ${again}: 404 means that it is deleted, and so does 401 if it is the one in MAKE_API_KEY.`,
  deleted: (created: string) => `Done: the token created ${created} is deleted.`,
  rotateSent: (old: string) =>
    `The token created ${old} is alive. There may be a new one with its label, ${orphan}`,
  perhapsRotated: (old: string, successor: string, instead: string) =>
    `The token created ${old} is alive, and the one created ${successor} may be. The store may hold either. ${again}${instead}, then delete the one of the two that "make-api-tokens list" still shows.`,
  successorStored: (old: string, successor: string, how: string) =>
    `The store holds the token created ${successor}. The old one may be alive: run "make-api-tokens delete ${old}"${how}.`,
  rotated: (old: string, successor: string) =>
    `Done: the store holds the token created ${successor}, and the one created ${old} is deleted.`,
} as const;
