/**
 * What learning and loading cost, each in a process of its own, in CPU time of the whole process: the garbage collector and the
 * compiler count, other programs of the machine do not. Prints one line of JSON.
 *   learn FILE EXEMPLARS MEASURED   learns so many, then measures each of the next; leaves in FILE what a cold start loads
 *   load FILE                       as a cold start does: the state, the patterns, the first match
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { learnExchange } from '../../lib/learning/learn.js';
import { matchText } from '../../lib/learning/matcher.js';
import { createModel, type Model, type PatternRecord, putExample, putPattern } from '../../lib/learning/model.js';
import { packModel, unpackModel } from '../../lib/learning/packed-state.js';
import type { PreparedExample } from '../../lib/learning/prepare.js';
import { readFixture } from './answer-labelled.js';
import { makeExchanges, prepareRaw } from './synthetic-exchanges.js';

export type LearningCost = {
  exemplars: number;
  patterns: number;
  packedBytes: number;
  /** Milliseconds, one for each measured exchange. */
  prepareMs: number[];
  learnMs: number[];
};
export type LoadCost = { examples: number; patterns: number; unpackMs: number; patternsMs: number; matchMs: number };

const [, , mode, file, exemplars, measured] = process.argv;
const result = mode === 'load' ? measureLoad(file!) : measureLearning(file!, Number(exemplars), Number(measured));
process.stdout.write(`${JSON.stringify(result)}\n`);

function measureLearning(target: string, before: number, count: number): LearningCost {
  const model = createModel();
  const prepareMs: number[] = [];
  const learnMs: number[] = [];
  for (const exchange of makeExchanges(readFixture('clinc-train'))) {
    const startedMs = readCpuMs();
    const example = prepareRaw(exchange);
    const preparedMs = readCpuMs();
    if (!example) continue;
    const isMeasured = model.examples.size >= before;
    learn(model, example);
    if (!isMeasured) continue;
    prepareMs.push(preparedMs - startedMs);
    learnMs.push(readCpuMs() - preparedMs);
    if (learnMs.length === count) break;
  }
  const packed = packModel(model);
  const patterns = [...model.patterns.values()].map(entry => entry.record);
  writeFileSync(target, JSON.stringify({ packed: Buffer.from(packed).toString('base64'), patterns }));
  return { exemplars: before, patterns: patterns.length, packedBytes: packed.length, prepareMs, learnMs };
}

/** What a delivery does with a prepared exchange, apart from the database. */
function learn(model: Model, example: PreparedExample): void {
  const exchangeId = `e${model.examples.size}`;
  const plan = learnExchange(model, { ...example, exchangeId }, null);
  const patternId = plan.kind === 'join' ? plan.patternId : `p${model.patterns.size}`;
  if (plan.kind === 'create') {
    const { triggerText, responseTemplate, patternType } = plan;
    const flags = { isEdited: false, isActive: false, isRetired: false };
    putPattern(model, {
      id: patternId,
      version: 1,
      triggerText,
      responseTemplate,
      patternType,
      ...flags,
      confidence: 0.5,
    });
  }
  const { customerText, previousOperatorText, replyText } = example;
  putExample(model, { exchangeId, patternId, customerText, previousOperatorText, replyText });
}

function measureLoad(source: string): LoadCost {
  const stored = JSON.parse(readFileSync(source, 'utf8')) as { packed: string; patterns: PatternRecord[] };
  const packed = Buffer.from(stored.packed, 'base64');
  const startedMs = readCpuMs();
  const model = unpackModel(packed);
  const unpackedMs = readCpuMs();
  for (const record of stored.patterns) putPattern(model, record);
  const loadedMs = readCpuMs();
  const { best } = matchText(model, { customerText: 'how do i freeze my bank account', previousOperatorText: '' });
  const matchedMs = readCpuMs();
  if (!best) throw new Error('A text that was taught found nothing.');
  return {
    examples: model.examples.size,
    patterns: model.patterns.size,
    unpackMs: unpackedMs - startedMs,
    patternsMs: loadedMs - unpackedMs,
    matchMs: matchedMs - loadedMs,
  };
}

function readCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
