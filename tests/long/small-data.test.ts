/** A young line: what forty dialogues teach, and what the first hundred judged answers are worth. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { listTurns } from '../../lib/learning/rehearsed.js';
import { type Answered, adjustInOrder } from '../../scripts/intents/figures.js';
import { makeRandom, shuffle, takeShots } from '../../scripts/intents/labelled.js';
import { teachLabels } from '../../scripts/intents/teach.js';
import { answerAll, mean, readFixture } from './answer-labelled.js';
import { comparePartitions } from './partition-agreement.js';
import { readLine, rehearse } from './rehearse-line.js';

const DIALOGUES = 40;
const LEAST_NMI = 0.7;
const LINES_FOLDER = '../shared/data/streams';
const services = existsSync(LINES_FOLDER)
  ? readdirSync(LINES_FOLDER)
      .flatMap(name => name.match(/^(.*)\.messages\.jsonl\.gz$/)?.[1] ?? [])
      .sort()
  : [];
const whySkipped = services.length === 0 ? ` (skipped: ${LINES_FOLDER} is not on this machine)` : '';

describe('A new line', () => {
  it.skipIf(services.length === 0)(
    `has patterns that agree by ${LEAST_NMI} NMI with what the operators meant, after ${DIALOGUES} dialogues${whySkipped}`,
    () => {
      const agreements = services.map(measureFirstDialogues);
      console.log(`mean of ${services.length} lines: NMI ${mean(agreements).toFixed(3)}`);
      expect(mean(agreements)).toBeGreaterThanOrEqual(LEAST_NMI);
    },
    600_000,
  );
});

type GoldTurn = { operatorMessageIds: string[]; customerMessageIds: string[]; act: string; dialogue: string };

/** As the acceptance check counts it: learned turns whose act is more than a farewell or "anything else?". */
function measureFirstDialogues(service: string): number {
  const gold = readGold(path.join(LINES_FOLDER, `${service}.gold.jsonl.gz`));
  const dialogues = new Set([...new Set(gold.map(turn => turn.dialogue))].slice(0, DIALOGUES));
  const first = gold.filter(turn => dialogues.has(turn.dialogue));
  const acts = new Map(first.map(turn => [turn.operatorMessageIds[0]!, turn.act]));
  const messageIds = new Set(first.flatMap(turn => [...turn.customerMessageIds, ...turn.operatorMessageIds]));
  const messages = readLine(path.join(LINES_FOLDER, `${service}.messages.jsonl.gz`));
  const turns = listTurns(rehearse(messages.filter(message => messageIds.has(message.id))));
  const groups = turns.flatMap(({ operatorMessageIds, learnedPatternId }) => {
    const act = acts.get(operatorMessageIds[0]!);
    return act && !isFarewell(act) && learnedPatternId ? [[learnedPatternId, act] as const] : [];
  });
  const { nmi } = comparePartitions(groups);
  const [patterns, meant] = [0, 1].map(side => new Set(groups.map(pair => pair[side])).size);
  console.log(
    `${service}: ${messageIds.size} messages, ${groups.length} learned turns, ${patterns} patterns, ${meant} acts, NMI ${nmi.toFixed(3)}`,
  );
  return nmi;
}

function isFarewell(act: string): boolean {
  return act.split('|').every(part => /^(?:GOODBYE|REQ_MORE)/.test(part));
}

function readGold(file: string): GoldTurn[] {
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n');
  return lines.map(line => JSON.parse(line) as GoldTurn);
}

const TRADES = ['airline', 'fastfood', 'finance'];
const FEW_AND_MORE = [10, 100];
/** Draws of the examples; with a hundred a label the fixture holds no others. */
const DRAWS = { 10: [1, 2, 3], 100: [1] } as Record<number, number[]>;
const ORDERS = 10;
const FIRST = 100;
const SURE = 0.95;

describe(`Before ${FIRST} answers were judged`, () => {
  it(`at least 95 % of the sure answers are right on noisy chat, in three trades together`, () => {
    const sure = TRADES.flatMap(trade => FEW_AND_MORE.flatMap(shots => answerFirstRows(trade, shots)));
    const right = sure.filter(row => row.isRight).length;
    console.log(`together: ${sure.length} sure answers, ${right} right, ${((100 * right) / sure.length).toFixed(1)} %`);
    // By saying nothing at all it would be right too, and of no use.
    expect(sure.length).toBeGreaterThan(100);
    expect(right / sure.length).toBeGreaterThanOrEqual(0.95);
  }, 600_000);
});

/** @returns the sure answers among the first hundred rows of several orders, each row adjusted by the outcomes before it */
function answerFirstRows(trade: string, shots: number): Answered[] {
  const training = readFixture(`multidogo-${trade}-train`);
  const asked = readFixture(`multidogo-${trade}-test`);
  const counted = DRAWS[shots]!.flatMap(draw => {
    const answers = answerAll(teachLabels(takeShots(training, shots, draw)), asked);
    return Array.from({ length: ORDERS }, (_, order) =>
      adjustInOrder(shuffle(answers, makeRandom(100 * draw + order)).slice(0, FIRST)),
    ).flat();
  });
  const sure = counted.filter(row => row.confidence >= SURE);
  const right = sure.filter(row => row.isRight).length;
  const share = sure.length === 0 ? 'none' : `${((100 * right) / sure.length).toFixed(1)} %`;
  console.log(
    `${trade}, ${shots} examples a label: ${sure.length} sure of ${counted.length}, ${right} right, ${share}`,
  );
  return sure;
}
