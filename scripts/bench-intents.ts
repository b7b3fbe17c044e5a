// `npm run -s bench:intents -- --train F… --test F… [--oos F…] [--shots N --seeds K] [--json]`: the live matcher on labelled
// intents. Each label is a pattern, each training text an example of it; what is asked is what a delivery asks.
import { parseArgs } from 'node:util';
import { matchText } from '../lib/learning/matcher.js';
import type { Model } from '../lib/learning/model.js';
import { type Answered, type Figures, measure } from './intents/figures.js';
import { type Labelled, readLabelled, takeShots } from './intents/labelled.js';
import { teachLabels } from './intents/teach.js';
import { Refusal, runScript } from './server/refusal.js';

const USAGE =
  'npm run -s bench:intents -- --train FILE… --test FILE… [--oos FILE…] [--shots N --seeds K] [--json]\nFiles are JSON lines {"text", "label"}, gzipped or not; label null is out of scope.';

runScript(async () => {
  const { train, test, shots, seeds, isJson } = readArguments();
  if (train.length === 0) throw new Refusal('The training files hold no labelled text.');
  if (test.length === 0) throw new Refusal('The test files hold no text.');
  const runs: Figures[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    const model = teachLabels(shots === null ? train : takeShots(train, shots, seed));
    runs.push(
      measure(
        test.map(row => answer(model, row)),
        seed,
      ),
    );
  }
  const figures = average(runs);
  if (isJson) console.log(JSON.stringify(figures));
  else
    for (const [name, value] of Object.entries(figures))
      console.log(`${name} ${value === null ? 'none' : value.toFixed(4)}`);
});

function readArguments() {
  const lists: Record<string, string[]> = {};
  let current: string[] | null = null;
  const rest: string[] = [];
  for (const word of process.argv.slice(2)) {
    if (/^--(?:train|test|oos)$/.test(word)) {
      lists[word] ??= [];
      current = lists[word];
    } else if (word.startsWith('--')) {
      current = null;
      rest.push(word);
    } else if (current) current.push(word);
    else rest.push(word);
  }
  const { values } = readOptions(rest);
  if (!lists['--train']?.length || !lists['--test']?.length)
    throw new Refusal(`Training and test files are needed.\n${USAGE}`);
  const oos = (lists['--oos'] ?? []).flatMap(file => readLabelled(file, true)).map(row => ({ ...row, label: null }));
  return {
    train: lists['--train'].flatMap(file => readLabelled(file)).filter(row => row.label !== null),
    test: [...lists['--test'].flatMap(file => readLabelled(file)), ...oos],
    shots: readCount(values.shots, 'shots'),
    seeds: readCount(values.seeds, 'seeds') ?? 1,
    isJson: values.json ?? false,
  };
}

function readOptions(words: string[]) {
  try {
    return parseArgs({
      args: words,
      options: { shots: { type: 'string' }, seeds: { type: 'string' }, json: { type: 'boolean' } },
    });
  } catch (error) {
    throw new Refusal(`${(error as Error).message}\n${USAGE}`);
  }
}

function readCount(text: string | undefined, name: string): number | null {
  if (text === undefined) return null;
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Refusal(`--${name} is a number from 1 on.\n${USAGE}`);
  return Number(text);
}

function answer(model: Model, { text, label }: Labelled): Answered {
  const { best } = matchText(model, { customerText: text, previousOperatorText: '' });
  return {
    isInScope: label !== null,
    isRight: best !== null && best.patternId === label,
    confidence: best?.matchConfidence ?? 0,
  };
}

function average(runs: readonly Figures[]): Figures {
  const mean = (name: keyof Figures) => {
    const values = runs.map(run => run[name]).filter(value => value !== null);
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const names = Object.keys(runs[0]!) as (keyof Figures)[];
  return Object.fromEntries(names.map(name => [name, mean(name)])) as Figures;
}
