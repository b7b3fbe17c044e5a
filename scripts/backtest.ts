/**
 * `npm run -s backtest -- FILE [--json] [--decisions OUT.jsonl] [--from DATE]`: learns on a line's past and answers its
 * future, in one pass in time order. Needs no database and writes nothing but OUT.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type BroadcastText, isBroadcast } from '../lib/learning/broadcast.js';
import { DEFAULT_MATCH_THRESHOLD } from '../lib/learning/decide.js';
import { compareMessages } from '../lib/learning/exchanges.js';
import {
  createRehearsal,
  listTurns,
  type RehearsalMessage,
  type RehearsedTurn,
  receiveMessage,
} from '../lib/learning/rehearsal.js';
import type { QuoListItem } from './quo/encode.js';
import { readMessageFile } from './server/message-file.js';
import { Refusal, runScript } from './server/refusal.js';

const WINDOW_MINUTES = 60;
const USAGE = `usage: npm run -s backtest -- FILE [--json] [--decisions OUT.jsonl] [--from DATE]

  --from DATE             learns from everything, and counts only the turns from this day on, 2026-03-01 say
  --decisions OUT.jsonl   a line for each turn: what it would have said, and how that compared
  --json                  the summary as one JSON object`;

/** The messages in time order. Throws a Refusal that names the file and the line. */
export function readMessages(file: string): RehearsalMessage[] {
  return readMessageFile(file).map(toMessage).sort(compareMessages);
}

/** The ids of messages that went to many customers at once; a property of the whole set, as it is live. */
export function findBroadcasts(messages: readonly RehearsalMessage[]): Set<string> {
  const byText = new Map<string, BroadcastText[]>();
  const last = new Map<string, RehearsalMessage>();
  for (const message of messages) {
    const before = last.get(message.threadId);
    last.set(message.threadId, message);
    if (message.direction === 'incoming') continue;
    // As the live query compares: whatever the case and the spaces around.
    const textKey = message.text.trim().toLowerCase();
    if (!textKey) continue;
    const isAnswer = before?.direction === 'incoming' && message.atMs - before.atMs < WINDOW_MINUTES * 60_000;
    const texts = byText.get(textKey) ?? [];
    texts.push({ messageId: message.id, threadId: message.threadId, textKey, atMs: message.atMs, isAnswer });
    byText.set(textKey, texts);
  }
  const ids = new Set<string>();
  for (const texts of byText.values()) {
    if (texts.length < 5) continue;
    for (const text of texts) if (isBroadcast(text.messageId, texts)) ids.add(text.messageId);
  }
  return ids;
}

function toMessage(item: QuoListItem): RehearsalMessage {
  const isIncoming = item.direction === 'incoming';
  return {
    id: item.id,
    threadId: item.conversationId ?? `${item.phoneNumberId ?? ''} ${isIncoming ? item.from : item.to.join(',')}`,
    direction: item.direction,
    text: item.text ?? '',
    atMs: Date.parse(item.createdAt),
    actorId: isIncoming ? null : (item.userId ?? null),
    isPerson: isIncoming || (item.userId ?? '').startsWith('US'),
    isGroup: item.to.length > 1,
    hasMedia: (item.media ?? []).length > 0,
  };
}

function toDecisionLine(turn: RehearsedTurn): string {
  const { predicted } = turn;
  return JSON.stringify({
    customerMessageIds: turn.customerMessageIds,
    operatorMessageIds: turn.operatorMessageIds,
    predicted: predicted && {
      patternId: predicted.patternId,
      matchConfidence: predicted.matchConfidence,
      confidence: predicted.confidence,
      expected: predicted.expected,
      text: predicted.text,
      ...(predicted.isAbstained ? { abstained: true } : {}),
    },
    learned: turn.learnedPatternId ? { patternId: turn.learnedPatternId } : null,
    skipped: turn.skipped,
    agreement: turn.agreement,
  });
}

type CoverageRow = {
  minimumExpected: number;
  answered: number;
  coverage: number;
  agreed: number;
  precision: number | null;
};

/** Coverage is the share of all learnable turns; precision the share of the answered that agreed. */
function summarise(turns: readonly RehearsedTurn[]) {
  const learnable = turns.filter(turn => turn.learnedPatternId);
  const judged = learnable.filter(turn => turn.agreement === 'agreed' || turn.agreement === 'disagreed');
  const wouldReply = judged.filter(turn => !turn.predicted!.isAbstained);
  const countAgreed = (list: readonly RehearsedTurn[]) => list.filter(turn => turn.agreement === 'agreed').length;
  const table: CoverageRow[] = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9].map(minimumExpected => {
    const answered = judged.filter(turn => turn.predicted!.expected >= minimumExpected);
    const agreed = countAgreed(answered);
    return {
      minimumExpected,
      answered: answered.length,
      coverage: learnable.length ? answered.length / learnable.length : 0,
      agreed,
      precision: answered.length ? agreed / answered.length : null,
    };
  });
  const skipped: Record<string, number> = {};
  for (const turn of turns) if (turn.skipped) skipped[turn.skipped] = (skipped[turn.skipped] ?? 0) + 1;
  return {
    turns: turns.length,
    learned: learnable.length,
    skipped,
    patterns: new Set(learnable.map(turn => turn.learnedPatternId)).size,
    judged: judged.length,
    agreed: countAgreed(judged),
    wouldReply: { judged: wouldReply.length, agreed: countAgreed(wouldReply) },
    table,
  };
}

function printTable(summary: ReturnType<typeof summarise>): void {
  const percent = (value: number | null) => (value === null ? '-' : `${(value * 100).toFixed(1)} %`);
  const lines = [
    `${summary.turns} operator turns, ${summary.learned} learned into ${summary.patterns} patterns`,
    `skipped: ${JSON.stringify(summary.skipped)}`,
    `would have replied: ${summary.wouldReply.judged} times, agreed ${summary.wouldReply.agreed}`,
    '',
    'expected ≥   answered (n)   coverage   precision',
    ...summary.table.map(
      row =>
        `${row.minimumExpected.toFixed(1).padStart(10)}${String(row.answered).padStart(15)}${percent(row.coverage).padStart(11)}${percent(row.precision).padStart(12)}`,
    ),
  ];
  console.log(lines.join('\n'));
}

/** Called once before the long pass too, so that it is not run for nothing. */
function writeDecisions(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new Refusal(`${file} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`);
  }
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { json: { type: 'boolean' }, decisions: { type: 'string' }, from: { type: 'string' } },
    });
  } catch (error) {
    throw new Refusal(`${(error as Error).message}\n\n${USAGE}`);
  }
}

function main(): void {
  const { values, positionals } = readArguments();
  const file = positionals[0];
  const fromMs = values.from ? Date.parse(values.from) : Number.NEGATIVE_INFINITY;
  if (!file || positionals.length > 1 || Number.isNaN(fromMs)) throw new Refusal(USAGE);
  const messages = readMessages(file);
  if (values.decisions && path.resolve(values.decisions) === path.resolve(file))
    throw new Refusal('--decisions names the file that is read: it would be emptied.');
  if (values.decisions) writeDecisions(values.decisions, '');
  const rehearsal = createRehearsal({
    matchThreshold: DEFAULT_MATCH_THRESHOLD,
    windowMinutes: WINDOW_MINUTES,
    broadcastIds: findBroadcasts(messages),
  });
  messages.forEach((message, index) => {
    receiveMessage(rehearsal, message);
    if (process.stderr.isTTY && index % 50 === 0) process.stderr.write(`\r${index} of ${messages.length} messages`);
  });
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  const turns = listTurns(rehearsal).filter(turn => turn.atMs >= fromMs);
  if (values.decisions) writeDecisions(values.decisions, turns.map(turn => `${toDecisionLine(turn)}\n`).join(''));
  const summary = summarise(turns);
  if (values.json) console.log(JSON.stringify({ file, ...summary }));
  else printTable(summary);
}

if (process.argv[1] && import.meta.url.endsWith(process.argv[1].split('/').at(-1) ?? ''))
  runScript(async () => main(), USAGE);
