/** Reads the banner's facts from what the server answered. The law: a fact that no answer states is "unknown", and unknown is never calm. Pure. */
import type { Config, Loose, Monitoring } from './contract.js';
import { showPlainly } from './text.js';
import { sayCount, sayNumber, sayTime } from './words.js';

export type KnownConfig = Loose<Config>;
export type KnownMonitoring = Loose<Monitoring>;

export type Tone = 'calm' | 'attention' | 'alarm';
/** `summary` is what the headline says of it when it is not calm. */
export type Fact = { label: string; value: string; tone: Tone; summary?: string };
export type Safety = { facts: Fact[]; tone: Tone; headline: string; isLearning: boolean | null; timeZone: string };

/** @param nowMs the server's time, so that a wrong clock in the browser makes no lease look fresh */
export function readSafety(monitoring: KnownMonitoring | null, config: KnownConfig | null, nowMs: number): Safety {
  const timeZone = readTimeZone(config);
  const latch = readKillSwitch(monitoring?.killSwitch);
  const isEnabled = readBoolean(readValue(config, 'enabled'));
  const isLearning = isEnabled === false || latch.isEngaged ? false : latch.isEngaged === null ? null : isEnabled;
  const facts = [
    learningFact(isEnabled, latch.isEngaged),
    shadowFact(readBoolean(readValue(config, 'shadow_mode'))),
    latchFact(latch, timeZone),
    watchdogFact(monitoring, nowMs, timeZone),
    deliveryFact(monitoring, readValue(config, 'silence_hours'), nowMs, timeZone),
    incidentFact(monitoring?.incidents?.open),
  ];
  const worst = facts.find(fact => fact.tone === 'alarm') ?? facts.find(fact => fact.tone === 'attention');
  return { facts, tone: worst?.tone ?? 'calm', headline: sayHeadline(facts), isLearning, timeZone };
}

/** The worst first, then what else is not calm, then the names of what is not known. */
function sayHeadline(facts: readonly Fact[]): string {
  const said = (tone: Tone) => facts.flatMap(fact => (fact.tone === tone && fact.summary ? `${fact.summary}.` : []));
  const notKnown = facts
    .filter(fact => fact.tone === 'attention' && !fact.summary)
    .map(fact => fact.label.toLowerCase());
  const sentences = [...said('alarm'), ...said('attention')];
  if (notKnown.length > 0) sentences.push(`Not known: ${notKnown.join(', ')}.`);
  return sentences.length > 0 ? sentences.join(' ') : 'Learning is on, in shadow mode: nothing is sent.';
}

function unknownFact(label: string, value = 'unknown'): Fact {
  return { label, value, tone: 'attention' };
}

function learningFact(isEnabled: boolean | null, isEngaged: boolean | null): Fact {
  const label = 'Learning';
  if (isEnabled === null) return unknownFact(label);
  if (!isEnabled) return { label, value: 'off', tone: 'attention', summary: 'Learning is off' };
  if (isEngaged) return { label, value: 'stopped', tone: 'attention', summary: 'Learning is stopped' };
  return { label, value: 'on', tone: 'calm' };
}

function shadowFact(isShadow: boolean | null): Fact {
  const label = 'Shadow mode';
  if (isShadow === null) return unknownFact(label);
  if (isShadow) return { label, value: 'on, nothing is sent', tone: 'calm' };
  return { label, value: 'off', tone: 'alarm', summary: 'Shadow mode is off' };
}

type Latch = { isEngaged: boolean | null; reason: string | null; since: string | null };

function latchFact(latch: Latch, timeZone: string): Fact {
  const label = 'Kill switch';
  if (latch.isEngaged === null) return unknownFact(label);
  if (!latch.isEngaged) return { label, value: 'not engaged', tone: 'calm' };
  const since = latch.since ? ` since ${sayTime(latch.since, timeZone)}` : '';
  const reason = latch.reason ? `, because: ${showPlainly(latch.reason)}` : '';
  return { label, value: `engaged${since}${reason}`, tone: 'alarm', summary: 'The kill switch is engaged' };
}

function watchdogFact(monitoring: KnownMonitoring | null, nowMs: number, timeZone: string): Fact {
  const label = 'Watchdog';
  const watchdog = monitoring?.watchdog;
  if (!watchdog || watchdog.leaseUntil === undefined) return unknownFact(label);
  const noRun: Fact = {
    label,
    value: 'no finished run',
    tone: 'alarm',
    summary: 'The watchdog has not finished a run',
  };
  if (watchdog.leaseUntil === null) return noRun;
  const untilMs = Date.parse(watchdog.leaseUntil);
  if (Number.isNaN(untilMs)) return unknownFact(label);
  const lastRun = `last run ${sayTime(watchdog.lastRunAt, timeZone)}`;
  if (untilMs > nowMs) return { label, value: `watching, ${lastRun}`, tone: 'calm' };
  return { label, value: `lease stale, ${lastRun}`, tone: 'alarm', summary: 'The watchdog’s lease is stale' };
}

function deliveryFact(monitoring: KnownMonitoring | null, silence: unknown, nowMs: number, timeZone: string): Fact {
  const label = 'Last delivery';
  const lastAt = monitoring?.deliveries?.lastAt;
  if (lastAt === null) return { label, value: 'none yet', tone: 'attention', summary: 'No text has arrived yet' };
  const value = sayTime(lastAt, timeZone);
  const ageHours = (nowMs - Date.parse(lastAt ?? '')) / 3_600_000;
  if (Number.isNaN(ageHours)) return unknownFact(label, value);
  const silenceHours = typeof silence === 'number' ? silence : Number.NaN;
  if (ageHours < silenceHours) return { label, value, tone: 'calm' };
  if (ageHours >= silenceHours) return { label, value, tone: 'alarm', summary: 'No delivery for too long' };
  return unknownFact(label, `${value}; whether that is too long ago is unknown`);
}

function incidentFact(open: number | null | undefined): Fact {
  const label = 'Open incidents';
  if (typeof open !== 'number') return unknownFact(label);
  if (open === 0) return { label, value: '0', tone: 'calm' };
  return { label, value: sayNumber(open), tone: 'alarm', summary: `${sayCount(open, 'incident')} open` };
}

/** The contract names the field, not its shape: a boolean, or an object that says `engaged` and perhaps why and when. */
function readKillSwitch(value: unknown): Latch {
  if (typeof value === 'boolean') return { isEngaged: value, reason: null, since: null };
  if (typeof value !== 'object' || value === null) return { isEngaged: null, reason: null, since: null };
  const { engaged, reason, since, engagedAt } = value as Record<string, unknown>;
  return { isEngaged: readBoolean(engaged), reason: readText(reason), since: readText(since) ?? readText(engagedAt) };
}

/** A zone that the browser does not know is none: the page then says that its times are in UTC. */
export function readTimeZone(config: KnownConfig | null | undefined): string {
  const value = readText(readValue(config ?? null, 'business_timezone'));
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: value ?? 'UTC' }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}

function readValue(config: KnownConfig | null, key: string): unknown {
  return config?.values?.[key];
}

function readBoolean(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null;
}

function readText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
