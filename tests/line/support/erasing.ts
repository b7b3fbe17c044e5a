/** What the erasing tests share: a key, everything that a database holds as one text, and a customer who left a trace in every table. */
import { gunzipSync } from 'node:zlib';
import { eraseCustomer } from '../../../lib/erase-customer.js';
import { encodeEvent } from '../../../scripts/quo/encode.js';
import type { TestDatabase } from '../../support/postgres.js';
import { createLine, deliver, deliverBody, openThread } from './quo-line.js';

export const PRIVACY_KEY = 'a privacy key of more than thirty-two letters';

/** A line of its own, with learning on and erasing possible. */
export async function createErasableLine(): Promise<TestDatabase> {
  process.env.PRIVACY_KEY = PRIVACY_KEY;
  return createLine();
}

export const erase = (customer: string, actor = 'admin') => eraseCustomer(customer, actor, 60_000);

/**
 * Every row of every table as JSON, and the bytes of every column of bytes as text, unpacked where they are packed: what a dump of
 * the whole database holds, a table a line.
 */
export async function dump(db: Pick<TestDatabase, 'sql'>): Promise<Map<string, string>> {
  const tables = await db.sql<{ name: string; bytes: string[] }>(
    `select t.table_name as name, array_remove(array_agg(c.column_name::text) filter (where c.data_type = 'bytea'), null) as bytes
     from information_schema.tables t join information_schema.columns c using (table_schema, table_name)
     where t.table_schema = 'public' and t.table_type = 'BASE TABLE' group by 1`,
  );
  const contents = new Map<string, string>();
  for (const { name, bytes } of tables) {
    const rows = await db.sql<Record<string, unknown>>(
      `select to_jsonb(t)::text as content ${(bytes ?? []).map(column => `, t."${column}"`).join('')} from "${name}" t order by 1`,
    );
    contents.set(name, rows.flatMap(row => Object.values(row).map(readCell)).join('\n'));
  }
  return contents;
}

function readCell(cell: unknown): string {
  if (!Buffer.isBuffer(cell)) return String(cell ?? '');
  const isPacked = cell[0] === 0x1f && cell[1] === 0x8b;
  return (isPacked ? gunzipSync(cell) : cell).toString('utf8');
}

/** Which tables hold one of the words, and which. */
export function findHits(contents: ReadonlyMap<string, string>, words: readonly string[]): string[] {
  return [...contents].flatMap(([table, content]) =>
    words.filter(word => content.toLowerCase().includes(word.toLowerCase())).map(word => `${table}: ${word}`),
  );
}

/** Words that only this customer's conversation has, and the number in the spellings in which it stands somewhere below. */
export const TRACES = [
  'zeppelin',
  'quillfeather',
  'marzipan',
  'xylophone',
  '5551000001',
  '(555) 100-0001',
  '555-100-0001',
  '555.100.0001',
  '５５５１００',
];
export const NUMBER = '+15551000001';

/** The customer to be erased, with an exchange that taught a pattern of their own and one that two others taught too. */
export const target = openThread(1);
export const bystanders = [openThread(2), openThread(3)];

export const QUESTION = 'is the zeppelin hall heated in winter';
export const ANSWER = 'The zeppelin hall is heated from october until marzipan season';
export const SHARED_QUESTION = 'where do we park the xylophone trailer';
const SHARED_ANSWER = 'Trailers park behind the building near the tall fence';
const OTHER_QUESTIONS = ['where can a trailer be parked', 'is there a place for my trailer'];

/** One customer of three says something that two others say in other words; all of it is delivered and learned. */
export async function talk(): Promise<void> {
  await deliver(target.asks(0, `${QUESTION}, says Sarah Quillfeather`));
  await deliver(target.answers(1, `Hi Sarah, ${ANSWER}`));
  await deliver(target.asks(10, SHARED_QUESTION), { dialect: 'v3' });
  await deliver(target.answers(11, SHARED_ANSWER), { dialect: 'v3' });
  for (const [at, thread] of bystanders.entries()) {
    await deliver(thread.asks(20, OTHER_QUESTIONS[at]!));
    await deliver(thread.answers(21, SHARED_ANSWER));
  }
}

/** The rest that people, programs and broken deliveries leave behind. */
export async function leaveTraces(db: TestDatabase): Promise<void> {
  await deliverBody(`{"id":"EVcut","type":"message.received","data":{"object":{"from":"${NUMBER}","body":"zeppelin`);
  await deliverBody(
    Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(`(555) 100-0001 wants a zeppelin`), Buffer.from([0xc3])]),
  );
  await deliverBody(encodeEvent(target.asks(30, 'no time here'), 'standard').replace(/"createdAt":"[^"]*"/g, '"x":1'));
  await deliver(
    bystanders[0]!.asks(40, 'my friend has the number 555-100-0001 and （５５５）１００ ０００１, call there'),
  );
  await db.sql(
    `update decision_patterns set notes = 'asked by 555.100.0001 twice', facts = '["call (555) 100-0001", "$12"]'`,
  );
  const [thread] = await db.sql<{ id: string }>(
    `insert into reasons (text) values ('Sarah Quillfeather asked us to') returning id`,
  );
  await db.sql(`insert into audit_log (actor, action, subject, reason_id) values ('admin', 'dont_learn', 'CN1', $1)`, [
    thread!.id,
  ]);
  await db.sql(`insert into reasons (text) values ('because of +1 (555) 100-0001')`);
  await db.sql(
    `insert into access_tokens (name, role, token_hash, created_by) values ('for 5551000001', 'viewer', 'hash', 'admin')`,
  );
  await db.sql(`insert into pattern_execution_queue (conversation_id, status) values ($1, 'dismissed')`, [NUMBER]);
  await db.sql(`insert into decision_patterns (pattern_type, trigger_text, response_template)
    values ('faq', 'who is on duty', 'Call +1 555-100-0001 at night')`);
}
