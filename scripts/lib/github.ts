/** The author of what workflows commit. */
export const BOT = [
  ...["-c", "user.name=github-actions[bot]"],
  ...["-c", "user.email=41898282+github-actions[bot]@users.noreply.github.com"],
];

/** The token comes from the environment when git asks for it, and is stored nowhere. */
export const GH_CREDENTIALS = [
  ...["-c", "credential.helper="],
  ...["-c", "credential.helper=!gh auth git-credential"],
];
