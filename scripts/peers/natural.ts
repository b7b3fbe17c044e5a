// natural's naive Bayes classifier, the one that its documentation starts with, with its own tokeniser and Porter stemmer. The
// values are probabilities up to a factor: divided by their sum. Only its classifiers are loaded: the whole package reads a
// .env and prints advertisements.
import { loadPeer, whyNotInstalled } from './install.js';
import { type Answer, decode, encode, IN_MEMORY, type Matcher, type Peer } from './peer.js';

type Classifier = {
  addDocument(text: string, label: string): void;
  train(): void;
  getClassifications(text: string): { label: string; value: number }[];
};
type Library = { BayesClassifier: { new (): Classifier; restore(kept: object): Classifier } };

const loadLibrary = () => loadPeer<Library>('natural/lib/natural/classifiers');

export const natural: Peer = {
  name: 'natural',
  whyMissing: whyNotInstalled,
  loadCode: () => void loadLibrary(),
  async learn(rows) {
    const classifier = new (loadLibrary().BayesClassifier)();
    for (const { text, label } of rows) classifier.addDocument(text, label);
    classifier.train();
    return toMatcher(classifier);
  },
  async open(packed) {
    return toMatcher(loadLibrary().BayesClassifier.restore(decode<object>(packed)));
  },
};

function toMatcher(classifier: Classifier): Matcher {
  return {
    answer(text): Answer {
      const classes = classifier.getClassifications(text);
      const sum = classes.reduce((total, { value }) => total + value, 0);
      const best = classes[0];
      // Of a very long text every value comes out as 0.
      return best && sum > 0 ? { label: best.label, score: best.value / sum } : { label: null, score: 0 };
    },
    pack: () => encode(classifier),
    ...IN_MEMORY,
  };
}
