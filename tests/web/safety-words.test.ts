/** What the Safety section says: every check, setting and act of this version has words, and what it does not know is shown as it came. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CONFIG_RULES } from '../../lib/safety/config-rules.js';
import { CHECKS, TRIPPING } from '../../lib/safety/watchdog.js';
import { findPlace, sayAction, sayActor, sayDetails, saySource } from '../../web/src/sections/safety/audit-words.js';
import { doesTrip, sayCheck, sayFound } from '../../web/src/sections/safety/checks.js';
import {
  hasSafest,
  nameSetting,
  orderSettings,
  sayRawValue,
  saySetting,
} from '../../web/src/sections/safety/setting-words.js';

const MIGRATIONS = fileURLToPath(new URL('../../db/migrations', import.meta.url));

describe('A check of the watchdog', () => {
  it.each(CHECKS)('%s says what it looks for, and whether it stops everything', id => {
    expect(sayCheck(id)).not.toBe(id.replaceAll('_', ' '));
    expect(doesTrip(id)).toBe((TRIPPING as readonly string[]).includes(id));
  });

  it('that is not known counts as one that stops everything', () => {
    expect(sayCheck('new_check')).toBe('new check');
    expect(doesTrip('new_check')).toBe(true);
  });

  it('without a number found something unknown, not nothing', () => {
    expect([sayFound(0), sayFound(3), sayFound(null), sayFound(undefined)]).toEqual([
      'nothing found',
      '3 found',
      'unknown',
      'unknown',
    ]);
  });
});

describe('A setting', () => {
  it.each(Object.keys(CONFIG_RULES))('%s has a name', key => {
    expect(nameSetting(key)).not.toBe(key.replaceAll('_', ' '));
  });

  it.each(Object.entries(CONFIG_RULES))(
    '%s has a safest value exactly where the rules know a loosening',
    (key, rule) => {
      expect(hasSafest(key)).toBe(rule.loosens !== 'neither');
    },
  );

  it('is said exactly, with its unit', () => {
    expect(saySetting('enabled', true)).toBe('On');
    expect(saySetting('match_threshold', 0.9999)).toBe('99.99 %');
    expect(saySetting('auto_execute_threshold', 0.57)).toBe('57 %');
    expect(saySetting('silence_hours', 1)).toBe('1 hour');
    expect(saySetting('min_executions_for_auto', 100_000)).toBe('100,000');
    expect(saySetting('business_timezone', 'America/Denver')).toBe('America/Denver');
    expect(saySetting('new_setting', null)).toBe('unknown');
    expect([sayRawValue('true'), sayRawValue('0.9'), sayRawValue(null)]).toEqual(['on', '0.9', 'nothing']);
  });

  it('that is not known comes last', () => {
    const keys = (list: string[]) => orderSettings(list.map(key => ({ key }))).map(({ key }) => key);
    expect(keys(['aaa', 'silence_hours', 'enabled'])).toEqual(['enabled', 'silence_hours', 'aaa']);
  });
});

describe('The audit', () => {
  it('has words for every act that the migrations write', () => {
    const sql = readdirSync(MIGRATIONS)
      .filter(name => name.endsWith('.sql'))
      .map(name => readFileSync(`${MIGRATIONS}/${name}`, 'utf8'))
      .join('\n');
    const inserts = sql
      .split('insert into audit_log')
      .slice(1)
      .map(text => text.slice(0, 400));
    const written = inserts.flatMap(text => /'([a-z]+(?:_[a-z]+)+|activated|released|restored)'/.exec(text)?.[1] ?? []);
    const commands = ['deactivate', 'edit', 'retire', 'restore', 'merge'].map(action => `pattern_${action}`);
    const marks = ['dont_learn', 'may_learn'];
    expect(new Set(written).size).toBeGreaterThan(8);
    for (const action of [...written, ...commands, ...marks])
      expect(sayAction({ action, subject: null, details: null }), action).not.toBe(action.replaceAll('_', ' '));
  });

  it('says what changed, from what to what', () => {
    const entry = { action: 'config_changed', subject: 'enabled', details: { old: 'false', new: 'true' } };
    expect(sayAction(entry)).toBe('changed a setting: Learning');
    expect(sayDetails(entry, 'UTC')).toEqual(['from off to on']);
  });

  it('shows an act that is not known as it came, and never a character that hides', () => {
    const entry = { action: 'moon\u202E_landed', subject: 'x', details: null };
    expect(sayAction(entry)).toBe('moon[U+202E] landed');
    expect(sayActor('Ma\u200Bria')).toBe('Ma[U+200B]ria');
    expect(saySource(null)).toBe('unknown');
  });

  it('leads to a pattern, also to one whose id holds what an address may not', () => {
    expect(findPlace({ action: 'pattern_edit', subject: 'a/b?c' })).toBe('/pattern/a%2Fb%3Fc');
    expect(findPlace({ action: 'pattern_removed', subject: 'a' })).toBeNull();
    expect(findPlace({ action: 'config_changed', subject: 'enabled' })).toBeNull();
  });
});
