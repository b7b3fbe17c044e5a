/** Column shapes that every table shares. Time comes from `v3pls_now()` alone, so that tests can replace it. */
import { sql } from 'drizzle-orm';
import { customType, timestamp } from 'drizzle-orm/pg-core';

export const databaseNow = sql`v3pls_now()`;

/** When the row was written; retention counts from it, never from event time. */
export const recordedAt = () => timestamp('recorded_at', { withTimezone: true }).notNull().default(databaseNow);

/** A point in time, read as an ISO string in UTC by the query layer. */
export const moment = (name: string) => timestamp(name, { withTimezone: true });

export const bytes = customType<{ data: Buffer; driverData: string }>({ dataType: () => 'bytea' });

/** The id of the transaction that wrote a command; guards ask for a command of *this* transaction. */
export const transactionId = customType<{ data: string }>({ dataType: () => 'xid8' });
