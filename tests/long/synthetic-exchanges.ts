/**
 * As many different exchanges as wanted, made of the labelled texts: a question is the beginning of one text and the end of
 * another one of the same label, an answer is one of three to that label, told in ever other words. The same every time.
 */
import { type PreparedExample, prepareExchange } from '../../lib/learning/prepare.js';
import { type Labelled, makeRandom } from '../../scripts/intents/labelled.js';

const SEED = 20_263;
const ANSWERS_OF_ONE_LABEL = 3;
const NEW_CONVERSATION_SHARE = 0.4;
const BEGINNINGS = [
  'Sure,',
  'Hi there!',
  'Yes,',
  'Thanks for asking,',
  'No problem:',
  'Good question,',
  'Sorry,',
  'We can help,',
];
const ENDINGS = [
  '',
  '',
  ' It takes 20 minutes.',
  ' That is $35.',
  ' We open at 9 am.',
  ' See you on Friday!',
  ' Ask at the desk.',
];

/** As `prepareExchange` takes them. */
export type RawExchange = Parameters<typeof prepareExchange>[0];

/** Never ends; a few come twice. */
export function* makeExchanges(rows: readonly Labelled[]): Generator<RawExchange> {
  const random = makeRandom(SEED);
  const draw = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const byLabel = new Map<string, string[]>();
  for (const { text, label } of rows) byLabel.set(label!, [...(byLabel.get(label!) ?? []), text]);
  const labels = [...byLabel.values()];
  let previousReply = '';
  for (;;) {
    const texts = draw(labels);
    const customerText = `${beginningOf(draw(texts))} ${endOf(draw(texts))}`;
    const answer = texts[Math.floor(random() * ANSWERS_OF_ONE_LABEL)]!;
    const operatorText = `${draw(BEGINNINGS)} ${answer} ${endOf(draw(texts))}.${draw(ENDINGS)}`;
    const previousOperatorText = random() < NEW_CONVERSATION_SHARE ? '' : previousReply;
    previousReply = operatorText;
    yield { customerText, previousOperatorText, operatorText, customerHasMedia: false, operatorHasMedia: false };
  }
}

/** @returns null for one from which nothing may be learned */
export function prepareRaw(exchange: RawExchange): PreparedExample | null {
  const prepared = prepareExchange(exchange);
  return prepared.ok ? prepared.example : null;
}

function beginningOf(text: string): string {
  const words = text.split(' ');
  return words.slice(0, Math.ceil(words.length / 2)).join(' ');
}

function endOf(text: string): string {
  const words = text.split(' ');
  return words.slice(Math.ceil(words.length / 2)).join(' ');
}
