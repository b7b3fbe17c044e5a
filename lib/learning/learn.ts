/**
 * Plans what one exchange teaches: which pattern it joins or creates, and whether that pattern gets better words. The law: it
 * changes nothing itself, and it never proposes words for a pattern that a person edited or that is active.
 */
import { compare } from './candidates.js';
import type { Doc } from './doc.js';
import { featuriseReply, type Vector } from './features.js';
import { type GroupScore, JOIN_THRESHOLD, listDuplicates, scoreGroups } from './grouping.js';
import type { Model, PatternEntry } from './model.js';
import { tokenize } from './normalise.js';
import type { PreparedExample } from './prepare.js';
import { cosinesWith } from './similarity.js';

export type Words = { triggerText: string; responseTemplate: string };
export type LearnPlan =
  | {
      kind: 'join';
      patternId: string;
      similarity: number;
      /**
       * New words for the pattern, this exchange's own or another one's; null in nearly every case, since they make a new version,
       * whose evidence starts anew. The matcher holds no texts: whoever writes looks that exchange's up.
       */
      words: Words | { exchangeId: string } | null;
      possibleDuplicates: GroupScore[];
    }
  | ({ kind: 'create'; patternType: string; possibleDuplicates: GroupScore[] } & Words);

/** Sizes at which a pattern's words are looked at again; doubling keeps new versions rare. */
const REVIEW_SIZES = new Set([4, 16, 64]);
/** Members that are compared to find the middle one. */
const REVIEWED_MEMBERS = 24;
/** How much nearer to the centre another member's reply must be to replace the template (mean cosine, 0-1). */
const CLEARLY_BETTER = 0.08;
/** A trigger is a short text to recognise the pattern by. */
const MAX_TRIGGER_LENGTH = 300;

/** @param current the pattern that this exchange is credited to now, when it is revised */
export function learnExchange(
  model: Model,
  example: PreparedExample & { exchangeId: string },
  current: { patternId: string } | null,
): LearnPlan {
  const scores = scoreGroups(model, example, example.exchangeId);
  const best = scores[0];
  if (best && best.similarity >= JOIN_THRESHOLD) {
    const entry = model.patterns.get(best.id)!;
    return {
      kind: 'join',
      patternId: best.id,
      similarity: best.similarity,
      words: proposeWords(model, entry, example.exchangeId),
      possibleDuplicates: listDuplicates(scores, best.id),
    };
  }
  const words = wordsOf(example);
  const own = current ? model.patterns.get(current.patternId) : undefined;
  if (own && isSoleMember(own, example.exchangeId) && mayReword(own)) {
    const isSame =
      own.record.triggerText === words.triggerText && own.record.responseTemplate === words.responseTemplate;
    return {
      kind: 'join',
      patternId: own.record.id,
      similarity: 1,
      words: isSame ? null : words,
      possibleDuplicates: listDuplicates(scores, own.record.id),
    };
  }
  return {
    kind: 'create',
    patternType: classifyReply(example.replyText),
    ...words,
    possibleDuplicates: listDuplicates(scores, null),
  };
}

/** A coarse label for the list, from the reply's form alone. */
export function classifyReply(replyText: string): string {
  const text = replyText.trim();
  if (/\?\s*$/.test(text)) return /\b(?:correct|confirm|right|is that ok)\b/i.test(text) ? 'confirmation' : 'question';
  if (/\b(?:please confirm|confirmed|booked|scheduled|all set|reserved)\b/i.test(text)) return 'confirmation';
  if (/\b(?:sorry|unfortunately|apologi[sz]e|unable|can(?:'t|not))\b/i.test(text)) return 'apology';
  if (text.includes('?')) return 'question';
  if (/^(?:hi|hello|hey|welcome)\b/i.test(text) && tokenize(text).length <= 8) return 'greeting';
  if (/\b(?:please|press|go to|enter|use|turn|click|try|tap|scan)\b/i.test(text)) return 'instruction';
  return 'answer';
}

function mayReword(entry: PatternEntry): boolean {
  return !entry.record.isEdited && !entry.record.isActive && !entry.record.isRetired;
}

function isSoleMember(entry: PatternEntry, exchangeId: string): boolean {
  return entry.members.every(id => id === exchangeId);
}

/** The member nearest to the centre of the replies, where it is clearly nearer than the present template. */
function proposeWords(model: Model, entry: PatternEntry, exchangeId: string): { exchangeId: string } | null {
  const others = entry.members.filter(id => id !== exchangeId);
  if (!mayReword(entry) || !REVIEW_SIZES.has(others.length + 1)) return null;
  const docs = others.slice(0, REVIEWED_MEMBERS).map(id => model.examples.get(id)!);
  const present = centrality(featuriseReply(entry.record.responseTemplate), docs);
  let best: { centrality: number; exchangeId: string } | null = null;
  for (const doc of docs) {
    const value = centrality(
      doc.reply,
      docs.filter(other => other !== doc),
    );
    if (best && (value < best.centrality || (value === best.centrality && compare(doc.key, best.exchangeId) > 0)))
      continue;
    best = { centrality: value, exchangeId: doc.key };
  }
  return best && best.centrality >= present + CLEARLY_BETTER ? { exchangeId: best.exchangeId } : null;
}

function centrality(reply: Vector | null, docs: readonly Doc[]): number {
  const others = docs.flatMap(doc => doc.reply ?? []);
  if (!reply || others.length === 0) return 0;
  const sum = cosinesWith(reply, others).reduce((total, value) => total + value, 0);
  return Math.round((sum / others.length) * 1e9) / 1e9;
}

/** An exchange's own words, as a pattern's. */
export function wordsOf({ customerText, replyText }: { customerText: string; replyText: string }): Words {
  return { triggerText: shortenTrigger(customerText), responseTemplate: replyText };
}

export function shortenTrigger(customerText: string): string {
  const text = customerText.replace(/\s+/g, ' ').trim();
  if (text.length <= MAX_TRIGGER_LENGTH) return text;
  const cut = text.slice(0, MAX_TRIGGER_LENGTH);
  return cut.slice(0, Math.max(cut.lastIndexOf(' '), MAX_TRIGGER_LENGTH - 40));
}
