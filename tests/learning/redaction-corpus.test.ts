/** A corpus of operators' replies: whatever is secret in one stays in no text that is kept or shown, and what is harmless may be learned. */
import { describe, expect, it } from 'vitest';
import { type Prepared, prepareExchange, prepareQuery } from '../../lib/learning/prepare.js';
import { redactForReading } from '../../lib/learning/redact-for-reading.js';
import { type CorpusReply, findSurvivors, readCorpus, varyReplies } from './redaction-corpus/read.js';

const SECRETS = ['secrets.txt', 'more-secrets.txt', 'last-secrets.txt'].flatMap(readCorpus);
const HARMLESS = ['harmless.txt', 'more-harmless.txt', 'last-harmless.txt'].flatMap(readCorpus);
const NEXT_QUESTION = 'do you have parking for a van';
const NEXT_REPLY = 'Yes, it is behind the building';

function prepare(customerText: string, operatorText: string, previousOperatorText = ''): Prepared {
  const media = { customerHasMedia: false, operatorHasMedia: false };
  return prepareExchange({ customerText, operatorText, previousOperatorText, ...media });
}

/** All that is stored or shown of an exchange; '' where nothing is. */
function listTexts(prepared: Prepared): string {
  if (!prepared.ok) return '';
  const { customerText, previousOperatorText, replyText, facts } = prepared.example;
  return [customerText, previousOperatorText, replyText, ...facts].join('\n');
}

/** Each place where a reply's words may end up, with the text that stands there. */
const PLACES: Record<string, (one: CorpusReply) => string> = {
  'a template and its facts': ({ question, reply }) => listTexts(prepare(question, reply)),
  'the context of the next exchange': ({ reply }) => listTexts(prepare(NEXT_QUESTION, NEXT_REPLY, reply)),
  'a trigger, where a customer writes the same words': ({ question, reply }) =>
    listTexts(prepare(reply, 'Ok, we will look into it now', question)),
  'a text to be matched': ({ question, reply }) => {
    const prepared = prepareQuery({ customerText: reply, previousOperatorText: question, customerHasMedia: false });
    return prepared.ok ? prepared.query.customerText : '';
  },
  'the list of exchanges': ({ question, reply }) =>
    Object.values(redactForReading({ customer: question, previousOperator: '', operator: reply }) ?? {}).join('\n'),
  'the list of exchanges, on the customer’s side': ({ question, reply }) =>
    redactForReading({ customer: reply, previousOperator: question, operator: '' })?.customer ?? '',
};

function listLeaks(replies: readonly CorpusReply[], place: (one: CorpusReply) => string): string[] {
  return replies.flatMap(one => {
    const left = findSurvivors(one, place(one));
    return left.length > 0 ? [`${one.kind}: ${one.reply} (${left.join(' ')})`] : [];
  });
}

const isQuarantined = ({ question, reply }: CorpusReply) => {
  const prepared = prepare(question, reply);
  return !prepared.ok && prepared.skip === 'quarantined';
};

describe('The redaction corpus', () => {
  it('is large enough to mean something, and every secret in it would be seen where nothing was redacted', () => {
    expect(SECRETS.length).toBeGreaterThanOrEqual(300);
    expect(HARMLESS.length).toBeGreaterThanOrEqual(200);
    for (const one of SECRETS) expect(findSurvivors(one, one.reply), one.reply).not.toEqual([]);
  });

  it.each(Object.entries(PLACES))('leaves no secret in %s', (_, place) => {
    expect(listLeaks(SECRETS, place)).toEqual([]);
  });

  it('leaves none where the same is said with other words around it', () => {
    const varied = varyReplies(SECRETS, 1);
    for (const [name, place] of Object.entries(PLACES)) expect(listLeaks(varied, place), name).toEqual([]);
  });

  it('lets most of what holds a secret be learned without it', () => {
    expect(SECRETS.filter(isQuarantined).length / SECRETS.length).toBeLessThan(0.1);
  });

  it('quarantines at most one harmless reply in twenty, and blanks fewer than one in fifty for a secret that is none', () => {
    const share = (test: (one: CorpusReply) => boolean) => HARMLESS.filter(test).length / HARMLESS.length;
    expect(share(isQuarantined)).toBeLessThanOrEqual(0.05);
    const isBlanked = ({ question, reply }: CorpusReply) =>
      /\{\{(?:name|code|phone|email|link)\}\}/.test(listTexts(prepare(question, reply)));
    expect(share(isBlanked)).toBeLessThan(0.02);
  });

  it.each(['price', 'hours'])('leaves every %s that is everyone’s as it was written', kind => {
    const replies = HARMLESS.filter(one => one.kind === kind);
    const kept = replies.filter(({ question, reply }) => {
      const prepared = prepare(question, reply);
      return prepared.ok && !/\{\{(?:name|code|phone|email|link)\}\}/.test(prepared.example.replyText);
    });
    expect(replies.length).toBeGreaterThan(20);
    expect(kept.length).toBe(replies.length);
  });
});
