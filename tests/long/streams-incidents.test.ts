/**
 * A replay of whole lines with a run of the watchdog after every hundredth text: none of them is an incident. The bundled
 * sample line always; of the eight streams beside the repository, where they are, the shortest, or all with `ALL_STREAMS=1`.
 */
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { QuoListItem } from '../../scripts/quo/encode.js';
import { readMessageFile } from '../../scripts/server/message-file.js';
import { openLine } from './days-line.js';
import { DAY_MS, sampleLine } from './days-traffic.js';

const FOLDER = fileURLToPath(new URL('../../../shared/data/streams/', import.meta.url));
const TEXTS_BETWEEN_RUNS = 100;
const SHORTEST = 'Calendar_1';

const streams = (existsSync(FOLDER) ? readdirSync(FOLDER) : [])
  .filter(name => name.endsWith('.messages.jsonl.gz'))
  .filter(name => process.env.ALL_STREAMS === '1' || name.startsWith(SHORTEST));
const LINES: [name: string, read: () => readonly QuoListItem[]][] = [
  ['sample-line.jsonl', () => sampleLine],
  ...streams.map(name => [name, () => readMessageFile(`${FOLDER}${name}`)] as [string, () => QuoListItem[]]),
];

describe('A line replayed with runs in between', () => {
  it.each(LINES)(
    '%s: every run is clean, no incident, nothing active, nothing executed',
    async (name, read) => {
      const items = read();
      const line = await openLine(Date.parse(items[0]!.createdAt));
      try {
        const startedMs = performance.now();
        const outcomes: Record<string, number> = {};
        for (const [index, item] of items.entries()) {
          const atMs = Math.max(line.nowMs(), Date.parse(item.createdAt) + 1_000);
          await line.setClock(atMs);
          const outcome = await line.deliver({ item, dialect: 'standard', deliveryId: `msg_${index}`, atMs });
          outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
          if (index % TEXTS_BETWEEN_RUNS === 0) await line.run();
        }
        await line.setClock(line.nowMs() + DAY_MS);
        await line.run();
        const [found] = await line.owner.sql<Record<string, number>>(`select
          (select count(*)::int from watchdog_runs) as runs, (select count(*)::int from watchdog_runs where is_whole) as whole,
          (select count(*)::int from watchdog_runs where status <> 'clean') as unclean,
          (select count(*)::int from incidents) as incidents, (select count(*)::int from kill_switch_latches) as latches,
          (select count(*)::int from decision_patterns) as patterns,
          (select count(*)::int from decision_patterns where is_active or auto_executable or not requires_confirmation) as unsafe,
          (select count(*)::int from pattern_execution_history) as executions,
          (select count(*)::int from messages where direction = 'outgoing' and not is_person) as unattended`);
        const seconds = ((performance.now() - startedMs) / 1_000).toFixed(0);
        console.log(`${name}: ${items.length} texts, ${JSON.stringify(found)}, ${seconds} s`);
        expect(outcomes).toEqual({ accepted: items.length });
        expect(found).toMatchObject({ unclean: 0, incidents: 0, latches: 0, unsafe: 0, executions: 0 });
        expect(found!.runs).toBeGreaterThan(items.length / TEXTS_BETWEEN_RUNS);
        expect(found!.whole).toBeGreaterThan(1);
        expect(found!.patterns).toBeGreaterThan(10);
      } finally {
        await line.close();
      }
    },
    240_000,
  );
});
