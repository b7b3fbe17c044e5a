// Where a drill plays: a scratch database, or one transaction on a real one.

export type Stage = {
  mode: 'scratch' | 'live';
  /** What kind of database and its name, never its address. */
  database: string;
  /** Runs one scene. On the live stage its writes and locks are gone when this returns. */
  playScene(work: () => Promise<void>): Promise<void>;
  /** A second session that holds locks, or why there is none. */
  holder: Holder | { missing: string };
};

export type Holder = {
  /** Locks these tables against everybody. @returns what gives them back */
  hold(tables: readonly string[]): Promise<() => Promise<void>>;
  listTables(): Promise<string[]>;
};
