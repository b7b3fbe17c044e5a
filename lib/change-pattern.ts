/** Editing, retiring, restoring and merging: an admin's acts. New words are a new version, which is inactive and starts its evidence anew. */
import * as z from 'zod';
import { readFailure } from '../db/errors.js';
import { commandPattern, type PatternCommand, type PatternEdit } from '../db/pattern-commands.js';
import type { Caller } from './http/caller.js';
import { Problem } from './http/problem.js';
import { makeReason, reasonText } from './http/reason.js';
import { plainText } from './http/text.js';
import { checkWords, findTemplateSlots } from './learning/person-words.js';
import { presentFound } from './read-pattern.js';
import { versionNumber } from './toggle-pattern.js';

const MOST_CHARACTERS = 2_000;
const words = plainText(MOST_CHARACTERS)
  .trim()
  .min(1)
  .superRefine((text, context) => {
    const fault = checkWords(text);
    if (fault) context.addIssue({ code: 'custom', message: fault });
  });

export const patternChange = z
  .strictObject({
    expectedVersion: versionNumber,
    triggerText: words.optional(),
    responseTemplate: words.optional(),
    patternType: words.max(64).optional(),
    notes: plainText(MOST_CHARACTERS).optional(),
    restore: z.literal(true, 'Only true: a pattern is retired by DELETE.').optional(),
    mergeInto: z.strictObject({ id: z.guid(), expectedVersion: versionNumber }).optional(),
    reason: reasonText.optional(),
  })
  .refine(
    ({ expectedVersion: _, reason: __, ...changes }) => Object.values(changes).some(value => value !== undefined),
    'Name at least one change.',
  )
  .refine(
    ({ mergeInto, expectedVersion: _, reason: __, ...changes }) =>
      mergeInto === undefined || Object.values(changes).every(value => value === undefined),
    { path: ['mergeInto'], message: 'A merge is a change of its own.' },
  );

/** @throws Problem not_found, conflict (another version, of either pattern), invalid_input */
export async function changePattern(id: string, change: z.infer<typeof patternChange>, caller: Caller) {
  const edit = readEdit(change);
  const commands = listCommands(id, change, edit);
  const changed = await commandPattern(id, commands, edit, caller.actor, makeReason(change.reason)).catch(error => {
    const failure = readFailure(error);
    throw failure.kind === 'refused' && failure.code === 'V3C03' ? refuseMerge() : error;
  });
  return presentFound(changed);
}

/** Retired is kept and can be restored; retiring twice is retired. @throws Problem not_found */
export async function retirePattern(id: string, caller: Caller): Promise<void> {
  await commandPattern(id, [{ patternId: id, action: 'retire', expectedVersion: null }], null, caller.actor, null);
}

function listCommands(id: string, change: z.infer<typeof patternChange>, edit: PatternEdit | null): PatternCommand[] {
  const { expectedVersion, mergeInto } = change;
  const target = mergeInto && { id: mergeInto.id, version: mergeInto.expectedVersion };
  const command = (action: PatternCommand['action']) => ({ patternId: id, action, expectedVersion });
  return [
    ...(change.restore ? [command('restore')] : []),
    ...(target ? [{ ...command('merge'), target }] : []),
    ...(edit ? [command('edit')] : []),
  ];
}

function readEdit({
  triggerText,
  responseTemplate,
  patternType,
  notes,
}: z.infer<typeof patternChange>): PatternEdit | null {
  const edit: PatternEdit = {
    ...(triggerText !== undefined && { triggerText }),
    ...(responseTemplate !== undefined && {
      responseTemplate: { text: responseTemplate, slots: findTemplateSlots(responseTemplate) },
    }),
    ...(patternType !== undefined && { patternType }),
    ...(notes !== undefined && { notes }),
  };
  return Object.keys(edit).length > 0 ? edit : null;
}

function refuseMerge(): Problem {
  return new Problem('invalid_input', undefined, {
    errors: [
      { pointer: '#/mergeInto/id', detail: 'A pattern is merged into another one; both exist and neither is retired.' },
    ],
  });
}
