/** What the shapes of several answers share. */
import * as z from 'zod';

export const id = z.guid();
export const moment = z.iso.datetime();
export const maybeMoment = moment.nullable();
export const share = z.number().min(0).max(1);
export const count = z.int().min(0);
export const json = z.unknown();

export const gate = z
  .strictObject({
    id: z.string(),
    ok: z.boolean(),
    measured: json,
    required: json,
    detail: z.string().optional(),
  })
  .meta({ id: 'Gate', description: 'A condition checked before something may happen, with what was measured.' });

export const auditEntry = z.strictObject({
  id: z.int(),
  at: moment,
  actor: z.string(),
  action: z.string(),
  details: json,
  reason: z.string().nullable(),
});

export const killSwitch = z.strictObject({
  engaged: z.boolean(),
  since: maybeMoment,
  source: z.string().nullable(),
});
export const checks = z.array(z.strictObject({ id: z.string(), violations: count }));

export const operatorName = z.string().nullable().meta({
  description: "The operator's name, as Quo's API told it last; null where nobody told it.",
});
