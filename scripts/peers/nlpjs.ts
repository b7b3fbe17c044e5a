// nlp.js through `@nlpjs/basic`: the classifier of `node-nlp` with English alone. Settings of its README, without the file that
// it writes after training. The label is the best intent; "None", its own way to abstain, is passed over, and the score is
// what it gives to the intent.
import { loadPeer, whyNotInstalled } from './install.js';
import { type Answer, cannotOpen, IN_MEMORY, type Peer } from './peer.js';

type Nlp = {
  settings: Record<string, unknown>;
  addLanguage(language: string): void;
  addDocument(language: string, text: string, intent: string): void;
  train(): Promise<void>;
  process(language: string, text: string): Promise<{ classifications: { intent: string; score: number }[] }>;
};
type Library = {
  containerBootstrap(): Promise<{ use(part: unknown): void; get(name: 'nlp'): Nlp }>;
  Nlp: unknown;
  LangEn: unknown;
};

const loadLibrary = () => loadPeer<Library>('@nlpjs/basic');

export const nlpjs: Peer = {
  name: 'nlp.js',
  whyMissing: whyNotInstalled,
  loadCode: () => void loadLibrary(),
  async learn(rows) {
    const library = loadLibrary();
    const container = await library.containerBootstrap();
    container.use(library.Nlp);
    container.use(library.LangEn);
    const nlp = container.get('nlp');
    Object.assign(nlp.settings, { autoSave: false, calculateSentiment: false });
    nlp.addLanguage('en');
    for (const { text, label } of rows) nlp.addDocument('en', text, label);
    await withoutItsLog(() => nlp.train());
    return {
      async answer(text): Promise<Answer> {
        const { classifications } = await nlp.process('en', text);
        const best = classifications.find(({ intent }) => intent !== 'None');
        return best ? { label: best.intent, score: Math.min(1, Math.max(0, best.score)) } : { label: null, score: 0 };
      },
      pack: () => null,
      ...IN_MEMORY,
    };
  },
  open: cannotOpen,
};

/** It prints a line for each epoch, and standard output is the benchmark's. */
async function withoutItsLog(run: () => Promise<void>): Promise<void> {
  const { log } = console;
  console.log = () => {};
  try {
    await run();
  } finally {
    console.log = log;
  }
}
