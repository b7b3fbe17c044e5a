// Our own matcher in the peers' form: what a delivery asks, and what a new instance loads.
import { matchText } from '../../lib/learning/matcher.js';
import { type Model, type PatternRecord, putPattern } from '../../lib/learning/model.js';
import { MAX_PACKED, packModel, unpackModel } from '../../lib/learning/packed-state.js';
import { teachLabels } from '../intents/teach.js';
import { type Answer, decode, encode, IN_MEMORY, type Matcher, type Peer } from '../peers/peer.js';

export const OWN: Peer = {
  name: 'V3-PLS',
  whyMissing: () => null,
  loadCode: () => {},
  async learn(rows) {
    const model = teachLabels(rows);
    // A state holds the newest so many; beyond that there is nothing whole to load.
    return toMatcher(model, () => (model.examples.size > MAX_PACKED ? null : packWhole(model)));
  },
  async open(packed) {
    return toMatcher(openWhole(packed), () => null);
  },
};

/** The only place that knows in which form a state is kept: its bytes, and the patterns beside it as rows of their own. */
function packWhole(model: Model): Uint8Array {
  const patterns = encode([...model.patterns.values()].map(entry => entry.record));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, patterns.length);
  return Buffer.concat([length, patterns, packModel(model)]);
}

function openWhole(packed: Uint8Array): Model {
  const end = 4 + new DataView(packed.buffer, packed.byteOffset).getUint32(0);
  const model = unpackModel(packed.subarray(end));
  for (const record of decode<PatternRecord[]>(packed.subarray(4, end))) putPattern(model, record);
  return model;
}

function toMatcher(model: Model, pack: () => Uint8Array | null): Matcher {
  return {
    answer(text): Answer {
      const { best } = matchText(model, { customerText: text, previousOperatorText: '' });
      return best ? { label: best.patternId, score: best.matchConfidence } : { label: null, score: 0 };
    },
    pack,
    ...IN_MEMORY,
  };
}
