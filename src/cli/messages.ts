const look = `look with "make-api-tokens list", and delete it.`;
const again = "Run the same command again";
const run = (created: string): string => `run "make-api-tokens delete ${created}"`;

/** The last lines of commands. A token goes by the time of its creation. */
export const MESSAGES = {
  unchanged: "Nothing has changed.",
  createSent: `Alive, perhaps: a token with that label, whose secret nobody holds: ${look}`,
  perhapsStored: (created: string) =>
    `Alive, perhaps: the token created ${created}, which the store may hold. ${again}, and then ${run(created)}.`,
  stored: (created: string) => `Done: the store holds the token created ${created}.`,
  deleteSent: (created: string) =>
    `Alive or deleted: the token created ${created}. ${again}: 404 says that it is deleted, and so does 401 if it is the one in MAKE_API_KEY.`,
  deleted: (created: string) => `Done: the token created ${created} is deleted.`,
  notRotated: (old: string) => `Nothing has changed: the token created ${old} is alive.`,
  rotateSent: (old: string) =>
    `Alive: the token created ${old}, and perhaps a successor, whose secret nobody holds: ${look}`,
  perhapsRotated: (old: string, successor: string, instead: string) =>
    `Alive: the token created ${old}, and perhaps the one created ${successor}; nobody knows which is stored. ${again}${instead}, and then delete the one of both that "make-api-tokens list" still shows.`,
  successorStored: (old: string, successor: string, how: string) =>
    `Alive: the token created ${successor}, which the store holds, and perhaps the old: ${run(old)}${how}.`,
  rotated: (old: string, successor: string) =>
    `Done: the store holds the token created ${successor}; the one created ${old} is deleted.`,
} as const;
