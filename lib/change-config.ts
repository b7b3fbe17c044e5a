/** The configuration as people see and change it. The core says no with its reason; the database would refuse the same. */
import * as z from 'zod';
import { changeConfig, listConfig } from '../db/config.js';
import { readFailure } from '../db/errors.js';
import { Problem } from './http/problem.js';
import { makeReason, reasonText } from './http/reason.js';
import { iso } from './moment.js';
import { requireSchema } from './require-schema.js';
import {
  type ConfigKey,
  type ConfigValue,
  configValues,
  isLoosening,
  parseConfigValue,
} from './safety/config-rules.js';

export const configChange = z.strictObject({
  values: configValues.refine(values => Object.keys(values).length > 0, 'Name at least one setting.'),
  reason: reasonText.optional(),
});

/** Switching learning off must not wait for a count. */
export function onlyStopsLearning(values: z.infer<typeof configValues>): boolean {
  return values.enabled === false && Object.keys(values).length === 1;
}

export async function presentConfig() {
  const { level, rows } = await listConfig();
  requireSchema(level);
  const entries = rows.map(row => {
    const key = row.key as ConfigKey;
    return {
      key,
      // A missing row reads as the safest value.
      value: parseConfigValue(key, row.value ?? row.safest),
      default: parseConfigValue(key, row.default),
      safest: parseConfigValue(key, row.safest),
      description: row.description,
      updatedAt: iso(row.updatedAt),
      updatedBy: row.updatedBy,
    };
  });
  return { values: Object.fromEntries(entries.map(entry => [entry.key, entry.value])), entries };
}

/** @throws Problem blocked (shadow mode stays on: there is no sender) or invalid_input (loosening without a reason) */
export async function updateConfig({ values, reason }: z.infer<typeof configChange>, actor: string) {
  if (values.shadow_mode === false) {
    throw new Problem('blocked', 'Shadow mode stays on: this version has no code that could send a text.', {
      gates: [{ id: 'no_sender', ok: false, measured: 'no sender', required: 'a sender' }],
    });
  }
  const current = (await presentConfig()).values as Record<ConfigKey, ConfigValue>;
  const changes = (Object.entries(values) as [ConfigKey, ConfigValue][]).filter(
    ([key, value]) => current[key] !== value,
  );
  const loosened = changes.filter(([key, value]) => isLoosening(key, current[key], value)).map(([key]) => key);
  if (loosened.length > 0 && !reason) {
    throw new Problem('invalid_input', undefined, {
      errors: [{ pointer: '#/reason', detail: `Loosening ${loosened.join(', ')} needs a reason.` }],
    });
  }
  if (changes.length > 0) {
    await changeConfig(
      changes.map(([key, value]) => ({ key, value: String(value) })),
      actor,
      makeReason(reason),
    ).catch(error => {
      const failure = readFailure(error);
      // What was no loosening a moment ago is one by now.
      if (failure.kind !== 'refused' || failure.code !== 'V3G02') throw error;
      throw new Problem(
        'conflict',
        'Another admin changed the same setting meanwhile: read it again, and decide again.',
      );
    });
  }
  return presentConfig();
}
