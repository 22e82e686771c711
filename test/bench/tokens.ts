/** The work that is compared, written for each peer as its own documentation would. */
export interface Tokens {
  list(): Promise<unknown>;
  delete(created: string): Promise<unknown>;
}

export interface Zone {
  readonly baseUrl: string;
  readonly token: string;
}
