// What one exchange costs to learn, in CPU time, on a line that has learned so many: exchanges of the public lines, all as one
// business, through the same steps as a delivery (prepare, plan, put in). In a process of its own:
//   node --import tsx scripts/matching/learning-cost.ts FOLDER EXEMPLARS      prints one line of JSON
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { deriveExchanges } from '../../lib/learning/exchanges.js';
import { learnExchange } from '../../lib/learning/learn.js';
import { createModel, type Model, putExample, putPattern } from '../../lib/learning/model.js';
import { prepareExchange } from '../../lib/learning/prepare.js';
import type { DerivedExchange } from '../../lib/learning/types.js';
import { readMessages } from '../backtest/line.js';
import { makeRandom } from '../intents/labelled.js';
import { groupBy } from './group.js';
import { misspellText } from './misspell.js';
import { quantile } from './quantile.js';

export const STREAMS_FOLDER = '../shared/data/streams';

export type LearningCost = {
  /** Learned before the first measured one. */
  exemplars: number;
  patterns: number;
  measured: number;
  medianMs: number;
  p95Ms: number;
  worstMs: number;
  prepareMedianMs: number;
};

const WINDOW_MINUTES = 60;
const MEASURED = 500;
const SEED = 20_262;

if (process.argv[1]?.endsWith('learning-cost.ts')) {
  const [, , folder, exemplars] = process.argv;
  process.stdout.write(`${JSON.stringify(measureLearningCost(folder!, Number(exemplars)))}\n`);
}

/** @returns null where the folder or enough exchanges are not there */
export function measureLearningCost(folder: string, exemplars: number): LearningCost | null {
  if (!existsSync(folder)) return null;
  const model = createModel();
  const costs: { prepareMs: number; learnMs: number }[] = [];
  let learned = 0;
  for (const exchange of makeHistory(folder, exemplars + MEASURED)) {
    const cost = learn(model, exchange);
    if (!cost) continue;
    learned++;
    if (learned > exemplars) costs.push(cost);
    if (costs.length === MEASURED) break;
  }
  if (costs.length === 0) return null;
  const all = costs.map(cost => cost.prepareMs + cost.learnMs);
  return {
    exemplars,
    patterns: model.patterns.size,
    measured: costs.length,
    medianMs: quantile(all, 0.5),
    p95Ms: quantile(all, 0.95),
    worstMs: quantile(all, 1),
    prepareMedianMs: quantile(
      costs.map(cost => cost.prepareMs),
      0.5,
    ),
  };
}

/**
 * The lines' own exchanges, which are measured; where they are fewer than `count`, their oldest with a misspelt word in either
 * turn come before them, by a seed.
 */
function makeHistory(folder: string, count: number): DerivedExchange[] {
  const exchanges = readExchanges(folder).filter(exchange => prepare(exchange).ok);
  // A few misspelt ones are refused: "no" becomes "o".
  const lacking = Math.ceil(Math.max(0, count - exchanges.length) * 1.02);
  const random = makeRandom(SEED);
  const older = exchanges.slice(0, lacking).map(exchange => ({
    ...exchange,
    key: `older ${exchange.key}`,
    customer: { ...exchange.customer!, text: misspellText(exchange.customer!.text, random) },
    operator: { ...exchange.operator!, text: misspellText(exchange.operator!.text, random) },
  }));
  return [...older, ...exchanges];
}

/** All lines in time order, as if one business had them; a line's conversations keep apart. */
function readExchanges(folder: string): DerivedExchange[] {
  const files = readdirSync(folder).filter(name => name.endsWith('.messages.jsonl.gz'));
  const exchanges = files.sort().flatMap(name => {
    const threads = groupBy(readMessages(path.join(folder, name)), message => message.threadId);
    return [...threads.values()].flatMap(messages => deriveExchanges(messages, WINDOW_MINUTES));
  });
  return exchanges
    .filter(exchange => exchange.customer && exchange.operator)
    .sort((a, b) => a.operator!.startMs - b.operator!.startMs || (a.key < b.key ? -1 : 1));
}

function prepare({ customer, operator, previousOperator }: DerivedExchange) {
  return prepareExchange({
    customerText: customer!.text,
    previousOperatorText: previousOperator?.text ?? '',
    operatorText: operator!.text,
    customerHasMedia: customer!.hasMedia,
    operatorHasMedia: operator!.hasMedia,
  });
}

function learn(model: Model, exchange: DerivedExchange) {
  const { key } = exchange;
  const startedMs = readCpuMs();
  const prepared = prepare(exchange);
  if (!prepared.ok) return null;
  const preparedMs = readCpuMs();
  const example = { ...prepared.example, exchangeId: key };
  const plan = learnExchange(model, example, null);
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
  } else if (plan.words) {
    const { record } = model.patterns.get(patternId)!;
    putPattern(model, { ...record, ...plan.words, version: record.version + 1 });
  }
  const { customerText, previousOperatorText, replyText } = example;
  putExample(model, { exchangeId: key, patternId, customerText, previousOperatorText, replyText });
  return { prepareMs: preparedMs - startedMs, learnMs: readCpuMs() - preparedMs };
}

/** Of the whole process, so what the garbage collector does for it counts. */
function readCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
