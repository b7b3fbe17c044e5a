// MiniSearch, the search engine for a page's memory. Each text is a document and the best hit's label the answer. Settings of
// its README: `fuzzy: 0.2`; words joined with OR, its default. Not `prefix`, which is for text that is still being typed. On
// CLINC150's validation texts with ten examples: 65.8 % right so, 64.6 % without `fuzzy`, 65.8 % with `prefix` as well.
import { loadPeer, whyNotInstalled } from './install.js';
import { type Answer, encode, IN_MEMORY, type Matcher, type Peer } from './peer.js';

type Hit = { score: number; label: string };
type Engine = {
  addAll(documents: readonly { id: number; text: string; label: string }[]): void;
  search(text: string, options: object): Hit[];
};
type Library = { new (options: object): Engine; loadJSON(json: string, options: object): Engine };

const OPTIONS = { fields: ['text'], storeFields: ['label'] };
const SEARCH = { fuzzy: 0.2 };

const loadLibrary = () => loadPeer<Library>('minisearch');

export const minisearch: Peer = {
  name: 'MiniSearch',
  whyMissing: whyNotInstalled,
  loadCode: () => void loadLibrary(),
  async learn(rows) {
    const engine = new (loadLibrary())(OPTIONS);
    engine.addAll(rows.map(({ text, label }, id) => ({ id, text, label })));
    return toMatcher(engine);
  },
  async open(packed) {
    return toMatcher(loadLibrary().loadJSON(Buffer.from(packed).toString('utf8'), OPTIONS));
  },
};

function toMatcher(engine: Engine): Matcher {
  return {
    answer(text): Answer {
      const best = engine.search(text, SEARCH)[0];
      // A score has no upper end: this keeps its order.
      return best ? { label: best.label, score: best.score / (1 + best.score) } : { label: null, score: 0 };
    },
    pack: () => encode(engine),
    ...IN_MEMORY,
  };
}
