/** The banner: what is wrong can't be missed, and what is not known is never calm. */
import { expect, it } from 'vitest';
import { type KnownConfig as Config, type KnownMonitoring as Monitoring, readSafety } from '../../web/src/safety.js';

const NOW_MS = Date.parse('2026-10-05T12:00:00Z');
const CONFIG: Config = {
  values: { enabled: true, shadow_mode: true, business_timezone: 'UTC', silence_hours: 72 },
};
const MONITORING: Monitoring = {
  deliveries: { lastAt: '2026-10-05T11:40:00Z' },
  watchdog: { lastRunAt: '2026-10-05T11:58:00Z', leaseUntil: '2026-10-05T12:09:00Z' },
  killSwitch: { engaged: false },
  incidents: { open: 0 },
};

function readFact(label: string, monitoring: Monitoring | null, config: Config | null = CONFIG, nowMs = NOW_MS) {
  const { tone, value } = readSafety(monitoring, config, nowMs).facts.find(fact => fact.label === label)!;
  return `${tone}: ${value}`;
}

it('all well is one calm sentence', () => {
  const safety = readSafety(MONITORING, CONFIG, NOW_MS);
  expect(safety).toMatchObject({
    tone: 'calm',
    headline: 'Learning is on, in shadow mode: nothing is sent.',
    isLearning: true,
  });
});

it('without answers everything is unknown and nothing is calm', () => {
  const safety = readSafety(null, null, NOW_MS);
  expect(safety.facts.map(fact => `${fact.tone}: ${fact.value}`)).toEqual(Array(6).fill('attention: unknown'));
  expect(safety.headline).toBe(
    'Not known: learning, shadow mode, kill switch, watchdog, last delivery, open incidents.',
  );
  expect(safety.isLearning).toBeNull();
});

it('an engaged kill switch is an alarm, with its reason, and learning is stopped', () => {
  const monitoring = { ...MONITORING, killSwitch: { engaged: true, reason: 'drill\u202E' } };
  const safety = readSafety(monitoring, CONFIG, NOW_MS);
  expect(safety.tone).toBe('alarm');
  expect(safety.headline).toBe('The kill switch is engaged. Learning is stopped.');
  expect(readFact('Kill switch', monitoring)).toBe('alarm: engaged, because: drill[U+202E]');
  expect(safety.isLearning).toBe(false);
  expect(readFact('Learning', monitoring)).toBe('attention: stopped');
});

it('a lease is stale from the moment it ends, by the server’s clock', () => {
  const endMs = Date.parse('2026-10-05T12:09:00Z');
  expect(readFact('Watchdog', MONITORING, CONFIG, endMs - 1)).toMatch(/^calm/);
  expect(readFact('Watchdog', MONITORING, CONFIG, endMs)).toMatch(/^alarm: lease stale/);
  expect(readFact('Watchdog', { ...MONITORING, watchdog: { leaseUntil: null } })).toBe('alarm: no finished run');
  expect(readFact('Watchdog', { ...MONITORING, watchdog: { leaseUntil: 'soon' } })).toBe('attention: unknown');
});

it('silence is an alarm once it is longer than the configuration allows', () => {
  const silent = { ...MONITORING, deliveries: { lastAt: '2026-10-02T12:00:00Z' } };
  expect(readFact('Last delivery', silent)).toMatch(/^alarm: 2 Oct 2026.* 12:00$/);
  expect(readSafety(silent, CONFIG, NOW_MS).headline).toBe('No delivery for too long.');
  expect(readFact('Last delivery', { ...MONITORING, deliveries: { lastAt: null } })).toBe('attention: none yet');
  expect(readFact('Last delivery', MONITORING, null)).toMatch(/^attention: .*unknown/);
  expect(readFact('Last delivery', { ...MONITORING, deliveries: {} })).toBe('attention: unknown');
});

it('learning off, shadow mode off and open incidents are said as what they are', () => {
  const config = { values: { ...CONFIG.values, enabled: false, shadow_mode: false } };
  expect(readFact('Learning', MONITORING, config)).toMatch(/^attention: off/);
  expect(readFact('Shadow mode', MONITORING, config)).toBe('alarm: off');
  expect(readFact('Open incidents', { ...MONITORING, incidents: { open: 2 } })).toBe('alarm: 2');
});

it('times are in the business’s zone, and in UTC where that is not known', () => {
  const readZone = (zone: string | undefined) =>
    readSafety(null, { values: { business_timezone: zone } }, NOW_MS).timeZone;
  expect(['America/Chicago', 'Nowhere/Land', undefined].map(readZone)).toEqual(['America/Chicago', 'UTC', 'UTC']);
});
