// Fuse.js, the fuzzy search. Each text is an item and the best hit's label the answer. Settings that its documentation has for
// sentences: token search, the place in the text does not count. Threshold and length were the best of six settings measured on
// CLINC150's validation texts with ten examples (65 % right; its defaults 50 %).
import { loadPeer, whyNotInstalled } from './install.js';
import { type Answer, decode, encode, IN_MEMORY, type Matcher, type Peer, type Taught } from './peer.js';

type Engine = { search(text: string, options: { limit: number }): { item: Taught; score?: number }[] };
type Library = {
  new (items: readonly Taught[], options: object, index?: object): Engine;
  createIndex(keys: string[], items: readonly Taught[]): object;
  parseIndex(index: object): object;
};

const KEYS = ['text'];
const OPTIONS = {
  keys: KEYS,
  includeScore: true,
  ignoreLocation: true,
  useTokenSearch: true,
  threshold: 0.2,
  minMatchCharLength: 2,
};

const loadLibrary = () => loadPeer<Library>('fuse.js');

export const fuse: Peer = {
  name: 'Fuse.js',
  whyMissing: whyNotInstalled,
  loadCode: () => void loadLibrary(),
  async learn(rows) {
    const Fuse = loadLibrary();
    const index = Fuse.createIndex(KEYS, rows);
    return toMatcher(new Fuse(rows, OPTIONS, index), () => encode({ rows, index }));
  },
  async open(packed) {
    const Fuse = loadLibrary();
    const { rows, index } = decode<{ rows: Taught[]; index: object }>(packed);
    return toMatcher(new Fuse(rows, OPTIONS, Fuse.parseIndex(index)), () => null);
  },
};

function toMatcher(engine: Engine, pack: () => Uint8Array | null): Matcher {
  return {
    answer(text): Answer {
      const best = engine.search(text, { limit: 1 })[0];
      // Its score is a distance, 0 is equal; without a word in the text every item is a hit and none has a score.
      if (best?.score === undefined) return { label: null, score: 0 };
      return { label: best.item.label, score: Math.min(1, Math.max(0, 1 - best.score)) };
    },
    pack,
    ...IN_MEMORY,
  };
}
