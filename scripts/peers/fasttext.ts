// fastText's own program, supervised, as its tutorial on text classification goes: lower case and punctuation apart, learning
// rate 1, word pairs, a table of 200,000, 50 dimensions. More epochs than its 25, and parts of words, which its documentation
// has for little data: on CLINC150's validation texts with ten examples 70.4 % right, and 60.8 % without. One thread, so that
// the same texts give the same model.
import { type ChildProcessWithoutNullStreams, execFile, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { type Answer, cannotOpen, type Peer } from './peer.js';

const TRAINING = '-lr 1.0 -epoch 100 -wordNgrams 2 -minn 3 -maxn 5 -bucket 200000 -dim 50 -thread 1 -verbose 0'.split(
  ' ',
);
const PREFIX = '__label__';

export const fasttext: Peer = {
  name: 'fastText',
  whyMissing: () =>
    spawnSync('fasttext', [], { stdio: 'ignore' }).error
      ? 'the program fasttext is not on this machine (Debian: apt-get install fasttext)'
      : null,
  loadCode: () => {},
  async learn(rows) {
    const folder = mkdtempSync(path.join(tmpdir(), 'v3pls-fasttext-'));
    const input = path.join(folder, 'taught.txt');
    // Labels by number: a label with a space would be two.
    const labels = [...new Set(rows.map(row => row.label))];
    const numbers = new Map(labels.map((label, number) => [label, number]));
    writeFileSync(input, rows.map(({ text, label }) => `${PREFIX}${numbers.get(label)} ${writeText(text)}\n`).join(''));
    const output = path.join(folder, 'model');
    await promisify(execFile)('fasttext', ['supervised', '-input', input, '-output', output, ...TRAINING]);
    const program = spawn('fasttext', ['predict-prob', `${output}.bin`, '-', '1'], { stdio: 'pipe' });
    const ask = makeAsker(program);
    return {
      async answer(text): Promise<Answer> {
        const [label, score] = (await ask(writeText(text))).split(' ');
        // A text without a known word gets an empty line.
        if (!label) return { label: null, score: 0 };
        return { label: labels[Number(label.slice(PREFIX.length))]!, score: Math.min(1, Math.max(0, Number(score))) };
      },
      pack: () => null,
      heldElsewhere: async () => null,
      async close() {
        const ended = new Promise(resolve => program.once('close', resolve));
        program.stdin.end();
        await ended;
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
  open: cannotOpen,
};

/** One line in, one line out, in order. */
function makeAsker(program: ChildProcessWithoutNullStreams): (line: string) => Promise<string> {
  const waiting: ((line: string) => void)[] = [];
  createInterface({ input: program.stdout }).on('line', line => waiting.shift()?.(line));
  return line =>
    new Promise(resolve => {
      waiting.push(resolve);
      program.stdin.write(`${line}\n`);
    });
}

function writeText(text: string): string {
  return text
    .toLowerCase()
    .replace(/([^\p{L}\p{N}\s])/gu, ' $1 ')
    .replace(/\s+/g, ' ')
    .trim();
}
