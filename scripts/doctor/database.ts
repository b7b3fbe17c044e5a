// What the database says of itself, judged: where it stands, its schema, its settings and its guards. Pure.
import { type CatalogFacts, countGuards, findCatalogFaults } from '../../lib/safety/catalog-check.js';
import { type ConfigKey, type ConfigValue, isLoosening } from '../../lib/safety/config-rules.js';
import type { Findings } from '../../lib/safety/watchdog.js';
import { type Check, fail, pass, unknown } from './check.js';

/** How the doctor came to the database, or why it did not. */
export type Reached =
  | { kind: 'neon'; isPooled: boolean }
  | { kind: 'postgres' | 'embedded' }
  /** `isFault` false: nothing is wrong with it, it just was not asked. */
  | { kind: 'none'; why: string; todo: string; isFault: boolean };

const ADDRESS = { id: 'database.address', title: 'DATABASE_URL' };
const SCHEMA = { id: 'database.migrations', title: 'Migrations' };
const CLOCK = { id: 'database.clock', title: 'Clocks' };
const GUARDS = { id: 'database.guards', title: 'Guards in the database' };
const ROWS = { id: 'database.rows', title: 'What the watchdog would find now' };
const SETTINGS = { id: 'database.configuration', title: 'Configuration' };

const NOT_PRODUCTION = 'For production give Vercel a Neon database, by its pooled address.';

/** Neon writes it at the end of the first part of the host: `ep-cool-lake-123-pooler.eu-central-1.aws.neon.tech`. */
export function isPooledAddress(url: string): boolean {
  return new URL(url).hostname.split('.')[0]!.endsWith('-pooler');
}

export function judgeAddress(reached: Reached): Check {
  switch (reached.kind) {
    case 'neon':
      return reached.isPooled
        ? pass(ADDRESS, 'Neon, pooled (-pooler in its host): right for the functions on Vercel')
        : unknown(
            ADDRESS,
            'Neon, unpooled (no -pooler in its host): right for npm run migrate',
            'Give the functions on Vercel the pooled address.',
          );
    case 'postgres':
      return unknown(ADDRESS, 'a PostgreSQL other than Neon, through the local proxy', NOT_PRODUCTION);
    case 'embedded':
      return unknown(ADDRESS, 'not set: the embedded database, which is for this machine only', NOT_PRODUCTION);
    case 'none':
      return (reached.isFault ? fail : unknown)(ADDRESS, reached.why, reached.todo);
    default:
      return reached satisfies never;
  }
}

/** @param level the database's; null where no migration ran */
export function judgeMigrations(level: number | null, codeLevel: number): Check {
  if (level === codeLevel) return pass(SCHEMA, `level ${level}, as the code`);
  const measured = `level ${level ?? 'none'}, the code needs ${codeLevel}`;
  return (level ?? -1) < codeLevel
    ? fail(SCHEMA, measured, 'Run "npm run migrate" with the unpooled address in DATABASE_URL.')
    : fail(SCHEMA, measured, 'The database is ahead: deploy the newer code, and run the doctor of that code.');
}

/** Deliveries older than five minutes are refused, so a minute is far too much already. */
const MOST_SECONDS_APART = 60;

/** @param clocks differences from this machine in milliseconds, ahead is positive, and how sure each is */
export function judgeClocks(clocks: readonly { name: string; aheadMs: number; plusMinusMs: number }[]): Check {
  if (clocks.length === 0) return unknown(CLOCK, 'no other clock was asked');
  const measured = clocks.map(({ name, aheadMs, plusMinusMs }) => {
    const seconds = (Math.abs(aheadMs) / 1_000).toFixed(1);
    return `${name} ${seconds} s ${aheadMs < 0 ? 'behind' : 'ahead of'} this machine (± ${(plusMinusMs / 1_000).toFixed(1)})`;
  });
  const wrong = clocks.filter(clock => Math.abs(clock.aheadMs) - clock.plusMinusMs > MOST_SECONDS_APART * 1_000);
  if (wrong.length === 0) return pass(CLOCK, measured.join(', '));
  return fail(
    CLOCK,
    measured.join(', '),
    "Set this machine's clock by the network. If it is right, tell the host of the other: signatures older than five minutes are refused, and the lease ends by the database's clock.",
  );
}

export function judgeGuards(catalog: CatalogFacts): Check {
  const faults = findCatalogFaults(catalog);
  const { triggers, constraints, functions } = countGuards();
  const all = `${triggers} triggers, ${constraints} constraints, ${functions} functions`;
  if (faults.length === 0) return pass(GUARDS, `${all}, all as the migrations made them`);
  const shown = faults.slice(0, 5).join('; ') + (faults.length > 5 ? `; and ${faults.length - 5} more` : '');
  const off = faults.filter(fault => fault.startsWith(OFF)).map(fault => writeEnabling(fault.slice(OFF.length)));
  return fail(
    GUARDS,
    shown,
    `Somebody changed the database by hand: switch learning off, find out who and why, and restore the guards from db/migrations.${
      off.length > 0 ? ` What is switched off is switched on by: ${off.join(' ')}` : ''
    }`,
  );
}

const OFF = 'off trigger ';

/** @param trigger `table.name` */
function writeEnabling(trigger: string): string {
  const [table, name] = trigger.split('.');
  return `alter table ${table} enable trigger ${name};`;
}

export function judgeRows({ violations, pending }: Pick<Findings, 'violations' | 'pending'>): Check {
  const found = Object.entries(violations).flatMap(([id, keys]) =>
    keys === null ? [`${id} unknown`] : keys.length > 0 ? [`${id} ${keys.length}`] : [],
  );
  if (pending.length > 0) found.push(`rollbacks pending ${pending.length}`);
  if (found.length > 0)
    return fail(
      ROWS,
      found.join(', '),
      'Its next run latches and rolls back: read the incident then (GET /api/incidents).',
    );
  return pass(ROWS, `nothing, in ${Object.keys(violations).length} checks; no pattern is on without its approval`);
}

export type Setting = { key: string; value: ConfigValue; default: ConfigValue };

/** The plan's own: "keep high thresholds". */
const THRESHOLDS: readonly string[] = [
  'auto_execute_threshold',
  'min_executions_for_auto',
  'review_min_customers',
  'match_threshold',
];

export function judgeConfiguration(settings: readonly Setting[]): Check {
  const find = (key: ConfigKey) => settings.find(setting => setting.key === key)?.value;
  const looser = settings.filter(
    ({ key, value, default: usual }) => key !== 'enabled' && isLoosening(key as ConfigKey, usual, value),
  );
  const say = looser.map(({ key, value, default: usual }) => `${key} ${value} (default ${usual})`).join(', ');
  const learning = `learning ${find('enabled') === true ? 'on' : 'off'}, shadow mode ${find('shadow_mode') === true ? 'on' : 'OFF'}`;
  if (find('shadow_mode') !== true)
    return fail(SETTINGS, learning, 'This version knows shadow mode only: the guards of this database were changed.');
  if (looser.some(({ key }) => THRESHOLDS.includes(key)))
    return fail(
      SETTINGS,
      `${learning}; looser than the default: ${say}`,
      'Put the thresholds back: PATCH /api/config.',
    );
  if (looser.length > 0)
    return unknown(
      SETTINGS,
      `${learning}; looser than the default: ${say}`,
      'Is this meant? The audit says who and why.',
    );
  return pass(SETTINGS, `${learning}, nothing looser than its default`);
}

export const DATABASE_TITLES = { SCHEMA, CLOCK, GUARDS, ROWS, SETTINGS };
