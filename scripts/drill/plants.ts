// What a foreign writer leaves behind when it executes something by itself: plain SQL, as any program with the password
// could send it.
import { type SQL, sql } from 'drizzle-orm';

/** Says that it executed automatically, and nothing else. */
export const EXECUTED = sql`insert into pattern_execution_history (was_auto_executed) values (true)`;

/** Does not say: unknown counts as automatic. */
export const executedPerhaps = (patternId: string): SQL =>
  sql`insert into pattern_execution_history (pattern_id, was_auto_executed) values (${patternId}::uuid, null)`;

export const queueRow = (patternId: string): SQL =>
  sql`insert into pattern_execution_queue (pattern_id, status) values (${patternId}::uuid, 'pending')`;

/** A text that no person sent. Its time is the moment itself: in one transaction now() stands still, and a pattern's own words were there before. */
export const unattendedText = (text: string): SQL =>
  sql`insert into messages (id, thread_id, line_id, direction, text, actor_id, is_person, status, event_at, recorded_at)
    values ('ACdrill' || gen_random_uuid(), 'CNdrill', 'PNdrill', 'outgoing', ${text}, null, false, 'delivered',
      clock_timestamp(), clock_timestamp())`;

/** An incident that nobody has rolled back: whoever inserts one, it is born pending. */
export const PENDING_INCIDENT = sql`insert into incidents (source, actor) values ('drill', 'admin:drill')`;
