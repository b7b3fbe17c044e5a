/** The inbox: deliveries that bring no message to a thread, and the counts of those that leave no row. */
import { sql } from 'drizzle-orm';
import { readResult, writeBatch } from './client.js';
import { SCHEMA_LEVEL } from './level.js';
import type { DeliveryRow } from './thread-writes.js';

/**
 * Keeps an authentic delivery that is not followed: ignored or quarantined.
 * @returns whether it is new, and the schema's level; nothing is kept in a schema older than this code
 */
export async function keepDelivery(delivery: DeliveryRow): Promise<{ isNew: boolean; level: number | null }> {
  const raw = delivery.raw ? `\\x${Buffer.from(delivery.raw).toString('hex')}` : null;
  return readResult(sql`with schema as (select max(level) as level from schema_migrations), kept as (
      insert into deliveries (id, scheme, event_type, message_id, outcome, reason, raw)
      select ${delivery.id}::text, ${delivery.scheme}::text, ${delivery.eventType}::text, ${delivery.messageId}::text,
        ${delivery.outcome}::text, ${delivery.reason}::text, ${raw}::bytea
      from schema where level >= ${SCHEMA_LEVEL}
      on conflict (id) do nothing returning id
    ) select jsonb_build_object('level', (select level from schema), 'isNew', exists (select from kept)) as result`);
}

/** Adds to this hour's counts. Outcomes are `duplicate` and `refused`; the reason is a code. */
export async function addDeliveryCounts(
  counts: readonly { outcome: string; reason: string; count: number }[],
): Promise<void> {
  const ordered = [...counts].sort((a, b) => (a.outcome + a.reason < b.outcome + b.reason ? -1 : 1));
  await writeBatch([
    sql`insert into delivery_counts (hour, outcome, reason, count)
      select date_trunc('hour', v3pls_now()), outcome, reason, count
      from jsonb_to_recordset(${JSON.stringify(ordered)}::jsonb) as r (outcome text, reason text, count bigint)
      on conflict (hour, outcome, reason) do update set count = delivery_counts.count + excluded.count`,
  ]);
}
