/** Reads the corpus of operators' replies and tells which of their secrets a text still holds. The law: a secret counts word by word, so half of a code is a leak too. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** `secrets` are the words of the marked parts, `runs` the parts without anything but letters and digits; both empty for a harmless reply. */
export type CorpusReply = { kind: string; question: string; reply: string; secrets: string[]; runs: string[] };

/** Words that join the parts of a secret ("7 then 3", "bob at gmail dot com") or stand around one: they give nothing away. */
const JOINING = new Set(
  `a an and are as at de dot el gmail yahoo hotmail icloud outlook com https http www example in is it la net of on or org out over punto arroba st street lane
  ave road court s t the then to with y your one-time app pay link dr mr mrs ms i m k n o p r u c no in d e b x f g h j l q v w z`.split(
    /\s+/,
  ),
);
/** Shorter ones are parts of other words. */
const MIN_RUN = 4;
const BEFORE = [
  '',
  'Hi! ',
  'ok, ',
  'Hello! ',
  'No worries. ',
  'Sure thing! ',
  'Good morning.\n',
  'yes - ',
  'Sorry for the wait. ',
];
const AFTER = [
  '',
  '!',
  ' 👍',
  ' thx',
  '. Let me know if it works.',
  '\nSee you soon',
  ' ok?',
  '. Have a good day!',
  ' 🙂',
];
const WORD = /[\p{L}\p{M}\p{N}]+/gu;

export function readCorpus(file: string): CorpusReply[] {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const replies: CorpusReply[] = [];
  let kind = '';
  let asked = '';
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line.trim() === '') continue;
    if (line.startsWith('# ')) [kind = '', asked = ''] = line.slice(2).split(' | ');
    else {
      const [question, marked] = line.includes(' >> ') ? (line.split(' >> ') as [string, string]) : [asked, line];
      const parts = [...`${question} ${marked}`.matchAll(/⟦(.*?)⟧/g)].map(match => match[1]!);
      const rest = `${question} ${marked}`.replace(/⟦.*?⟧/g, ' ');
      replies.push({
        kind,
        question: unmark(question),
        reply: unmark(marked),
        secrets: listSecretWords(parts, rest),
        runs: parts.map(squeeze).filter(run => run.length >= MIN_RUN && !squeeze(rest).includes(run)),
      });
    }
  }
  return replies;
}

/** The same replies as somebody else would text them: with words before and after, the same ones for the same seed. */
export function varyReplies(replies: readonly CorpusReply[], seed: number): CorpusReply[] {
  return replies.map((reply, i) => {
    // Knuth's multiplicative hash: neighbours get different words.
    const drawn = Math.imul(seed + i, 2_654_435_761) >>> 0;
    const before = BEFORE[drawn % BEFORE.length]!;
    const after = AFTER[(drawn >>> 8) % AFTER.length]!;
    return { ...reply, reply: `${before}${reply.reply}${after}` };
  });
}

/** The secrets that a text still holds. */
export function findSurvivors({ secrets, runs }: CorpusReply, text: string): string[] {
  const plain = text.replace(/\{\{[a-z]+\}\}/g, ' # ');
  const words = new Set(listWords(plain));
  const squeezed = squeeze(plain);
  return [...secrets.filter(secret => words.has(secret)), ...runs.filter(run => squeezed.includes(run))];
}

function unmark(marked: string): string {
  return marked
    .replace(/[⟦⟧]/g, '')
    .replace(/\s*⏎\s*/g, '\n')
    .trim();
}

function listSecretWords(parts: readonly string[], rest: string): string[] {
  const open = new Set(listWords(rest));
  return [...new Set(parts.flatMap(listWords))].filter(word => !open.has(word) && !JOINING.has(word));
}

/** As a reader reads them: "４４１１" is 4411, and capitals do not matter. */
function listWords(text: string): string[] {
  return plainText(text).match(WORD) ?? [];
}

/** "m a r i" and "m-a-r-i" are one run; a blank ends one. */
function squeeze(text: string): string {
  return plainText(text).replace(/[^\p{L}\p{M}\p{N}#]+/gu, '');
}

function plainText(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .toLowerCase();
}
