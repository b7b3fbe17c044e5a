/** Patterns as a file to keep or to copy from. No cell of it is run by a spreadsheet. */
import type { presentPattern } from './present-pattern.js';

type Pattern = ReturnType<typeof presentPattern>;

const COLUMNS: Record<string, (pattern: Pattern) => string | number | boolean | null> = {
  id: pattern => pattern.id,
  status: pattern => pattern.status,
  patternType: pattern => pattern.patternType,
  triggerText: pattern => pattern.triggerText,
  responseTemplate: pattern => pattern.responseTemplate,
  slots: pattern => pattern.slots.map(slot => slot.name).join(' '),
  isActive: pattern => String(pattern.isActive),
  activeUntil: pattern => pattern.activeUntil,
  confidenceScore: pattern => pattern.confidenceScore,
  confidenceLowerBound: pattern => pattern.confidenceLowerBound,
  exchanges: pattern => pattern.evidence.exchanges,
  customers: pattern => pattern.evidence.customers,
  operators: pattern => pattern.evidence.operators,
  days: pattern => pattern.evidence.days,
  judged: pattern => pattern.shadow.judged,
  agreed: pattern => pattern.shadow.agreed,
  disagreed: pattern => pattern.shadow.disagreed,
  flags: pattern => pattern.flags.join(' '),
  version: pattern => pattern.version,
  createdFrom: pattern => pattern.createdFrom,
  firstSeen: pattern => pattern.firstSeen,
  lastSeen: pattern => pattern.lastSeen,
};

/** What a spreadsheet takes for a formula, in either width, also behind blanks and signs that are not seen. */
const FORMULA = /^[\p{Z}\p{C}]*[=+\-@|＝＋－＠｜]/u;

/** @returns a download; the library for CSV is loaded only here, so that no other call waits for it */
export async function exportPatterns(
  page: { patterns: readonly Pattern[]; nextCursor: null; counts: unknown },
  format: 'csv' | 'json',
): Promise<Response> {
  const isCsv = format === 'csv';
  return new Response(isCsv ? await writeCsv(page.patterns) : JSON.stringify(page, null, 2), {
    headers: {
      'content-type': isCsv ? 'text/csv; charset=utf-8; header=present' : 'application/json',
      'content-disposition': `attachment; filename="patterns.${format}"`,
      'cache-control': 'no-store',
    },
  });
}

async function writeCsv(patterns: readonly Pattern[]): Promise<string> {
  const { stringify } = await import('csv-stringify/sync');
  const rows = patterns.map(pattern => Object.values(COLUMNS).map(read => defuse(read(pattern))));
  // Every cell in quotes: a line break or a semicolon inside one begins no other.
  // With the mark by which spreadsheets know UTF-8, and line ends as RFC 4180 has them.
  return stringify(rows, {
    header: true,
    columns: Object.keys(COLUMNS),
    bom: true,
    record_delimiter: 'windows',
    quoted: true,
  });
}

function defuse(value: string | number | boolean | null) {
  return typeof value === 'string' && FORMULA.test(value) ? `'${value}` : value;
}
