/** Reasons that people give: the first statement of the transaction that needs one. */
import { type SQL, sql } from 'drizzle-orm';

export type Reason = { id: string; text: string };

export function reasonStatements(reason: Reason | null): SQL[] {
  return reason ? [sql`insert into reasons (id, text) values (${reason.id}, ${reason.text})`] : [];
}
