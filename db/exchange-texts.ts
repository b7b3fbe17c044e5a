/** The texts of single exchanges, where the matcher's memory of their words is not enough. */
import { sql } from 'drizzle-orm';
import { readResult } from './client.js';

/**
 * @returns an exchange's words, null where the pattern has them already or the exchange is no longer its own
 */
export function findOtherWords(
  patternId: string,
  exchangeId: string,
): Promise<{ customerText: string; replyText: string } | null> {
  return readResult(sql`select (select jsonb_build_object('customerText', e.customer_text, 'replyText', e.reply_text)
    from exchanges e join decision_patterns p on p.id = e.pattern_id
    where e.id = ${exchangeId}::uuid and p.id = ${patternId}::uuid and e.reply_text <> p.response_template
      and e.customer_text is not null) as result`);
}

/** An exchange's words as they were learned; null where they are gone. */
export function findWords(exchangeId: string): Promise<{ customerText: string; replyText: string } | null> {
  return readResult(sql`select (select jsonb_build_object('customerText', customer_text, 'replyText', reply_text)
    from exchanges where id = ${exchangeId}::uuid and customer_text is not null and reply_text is not null) as result`);
}

/** The customers' texts of some exchanges, as they were learned, by exchange. */
export function findCustomerTexts(exchangeIds: readonly string[]): Promise<Record<string, string>> {
  return readResult(sql`select coalesce(jsonb_object_agg(id, customer_text), '{}') as result from exchanges
    where id = any (${`{${exchangeIds.join(',')}}`}::uuid[]) and customer_text is not null`);
}
