// Reads an export of Quo's message list, `.jsonl` or `.jsonl.gz`: one item a line. A line that cannot be one ends the
// reading with its number, for half an export would teach half a habit.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import type { QuoListItem } from '../quo/encode.js';
import { Refusal } from './refusal.js';

/** Unpacked. A year of a busy line is about 50 MB. */
const FILE_LIMIT_BYTES = 512 * 1024 * 1024;

/** Unknown keys are dropped: Quo adds fields without asking. */
const itemSchema = z.object({
  id: z.string().min(1).max(255),
  conversationId: z.string().max(255).nullish(),
  phoneNumberId: z.string().max(255).nullish(),
  direction: z.enum(['incoming', 'outgoing']),
  from: z.string().max(255),
  to: z.array(z.string().max(255)).max(100),
  text: z.string().max(100_000).nullish(),
  userId: z.string().max(255).nullish(),
  status: z.string().max(100).optional(),
  createdAt: z.string().refine(value => !Number.isNaN(Date.parse(value)), 'is not a time'),
  media: z.array(z.unknown()).max(100).optional(),
});

/** The file's messages in its order. Throws a Refusal that names the file and the line. */
export function readMessageFile(file: string): QuoListItem[] {
  const lines = unpack(file).split('\n');
  return lines.flatMap((line, index) => (line.trim() === '' ? [] : [parseLine(line, `${file}, line ${index + 1}`)]));
}

function unpack(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new Refusal(isMissing ? `There is no file ${file}.` : `${file} cannot be read.`);
  }
  try {
    return (file.endsWith('.gz') ? gunzipSync(bytes, { maxOutputLength: FILE_LIMIT_BYTES }) : bytes).toString('utf8');
  } catch {
    throw new Refusal(`${file} is not a gzip file, or unpacks to more than 512 MB.`);
  }
}

function parseLine(line: string, place: string): QuoListItem {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new Refusal(`${place}: this is not JSON.`);
  }
  const parsed = itemSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new Refusal(`${place}: ${issue.path.join('.') || 'the item'}: ${issue.message}.`);
  }
  const { conversationId, phoneNumberId, text, userId, status, ...rest } = parsed.data;
  return {
    ...rest,
    conversationId: conversationId ?? null,
    phoneNumberId: phoneNumberId ?? null,
    text: text ?? null,
    userId: userId ?? null,
    status: status ?? (rest.direction === 'incoming' ? 'received' : 'delivered'),
  };
}
