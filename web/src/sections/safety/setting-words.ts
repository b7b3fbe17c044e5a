/** The settings in an owner's words. Descriptions come from the server; here are the names and how values read. Pure. */
import { showPlainly } from '../../text.js';
import { sayCount } from '../../words.js';

type Kind = 'on-off' | 'share' | 'count' | 'minutes' | 'hours' | 'days' | 'zone';
/** `isNeutral`: no value of it is safer than another. */
type Setting = { name: string; kind: Kind; isNeutral?: true };

const SETTINGS: Record<string, Setting> = {
  enabled: { name: 'Learning', kind: 'on-off' },
  shadow_mode: { name: 'Shadow mode', kind: 'on-off' },
  match_threshold: { name: 'How sure a match must be', kind: 'share' },
  review_min_customers: { name: 'Customers before a pattern asks for review', kind: 'count' },
  auto_execute_threshold: { name: 'Agreement needed for “eligible”', kind: 'share' },
  min_executions_for_auto: { name: 'Comparisons needed for “eligible”', kind: 'count' },
  activation_days: { name: 'How long an approval lasts', kind: 'days' },
  conversation_window_minutes: { name: 'When a new conversation starts', kind: 'minutes', isNeutral: true },
  watchdog_interval_minutes: { name: 'Time between two watchdog checks', kind: 'minutes' },
  silence_hours: { name: 'Silence that is too long', kind: 'hours' },
  business_timezone: { name: 'Time zone of the business', kind: 'zone', isNeutral: true },
  message_retention_days: { name: 'How long texts are kept', kind: 'days', isNeutral: true },
  delivery_retention_days: { name: 'How long raw deliveries are kept', kind: 'days', isNeutral: true },
};

/** As an owner would look for them; what is not known here comes last. */
export function orderSettings<Entry extends { key: string }>(entries: readonly Entry[]): Entry[] {
  const order = Object.keys(SETTINGS);
  const place = ({ key }: Entry) => (order.includes(key) ? order.indexOf(key) : order.length);
  return entries.toSorted((a, b) => place(a) - place(b));
}

export function nameSetting(key: string): string {
  return SETTINGS[key]?.name ?? showPlainly(key.replaceAll('_', ' '));
}

/** Whether one value is safer than another. What is not known here may be. */
export function hasSafest(key: string): boolean {
  return SETTINGS[key]?.isNeutral !== true;
}

export function kindOf(key: string, value: unknown): Kind | 'text' {
  return SETTINGS[key]?.kind ?? (typeof value === 'boolean' ? 'on-off' : typeof value === 'number' ? 'count' : 'text');
}

/** @param value as JSON has it */
export function saySetting(key: string, value: unknown): string {
  if (value === null || value === undefined) return 'unknown';
  if (typeof value === 'boolean') return value ? 'On' : 'Off';
  if (typeof value !== 'number') return showPlainly(String(value));
  switch (kindOf(key, value)) {
    case 'share':
      // Exactly: a threshold is not rounded, as a measured share is.
      return `${Number((value * 100).toFixed(2))} %`;
    case 'minutes':
      return sayCount(value, 'minute');
    case 'hours':
      return sayCount(value, 'hour');
    case 'days':
      return sayCount(value, 'day');
    default:
      return value.toLocaleString('en');
  }
}

/** A value as the audit keeps it: text, whatever it is. */
export function sayRawValue(value: unknown): string {
  if (value === 'true') return 'on';
  if (value === 'false') return 'off';
  return value === null || value === undefined || value === '' ? 'nothing' : showPlainly(String(value));
}
