/** The inbox: deliveries that bring no message to a thread, and the counts of those that leave no row. */
import { type SQL, sql } from 'drizzle-orm';
import { openClient, writeBatch } from './client.js';
import { SCHEMA_LEVEL } from './level.js';
import type { DeliveryRow } from './thread-writes.js';

function insertDelivery(delivery: DeliveryRow): SQL {
  const raw = delivery.raw ? `\\x${Buffer.from(delivery.raw).toString('hex')}` : null;
  return sql`insert into deliveries (id, scheme, event_type, message_id, outcome, reason, raw)
    select ${delivery.id}::text, ${delivery.scheme}::text, ${delivery.eventType}::text, ${delivery.messageId}::text,
      ${delivery.outcome}::text, ${delivery.reason}::text, ${raw}::bytea
    where (select max(level) from schema_migrations) >= ${SCHEMA_LEVEL}
    on conflict (id) do nothing returning id`;
}

/**
 * Keeps an authentic delivery that is not followed: ignored or quarantined.
 * @returns false when this delivery is already there
 */
export async function keepDelivery(delivery: DeliveryRow): Promise<boolean> {
  const { rows } = await openClient().execute(insertDelivery(delivery));
  return rows.length > 0;
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
