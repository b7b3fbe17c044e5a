// Everybody we are measured beside.
import { fasttext } from './fasttext.js';
import { fuse } from './fuse.js';
import { minisearch } from './minisearch.js';
import { natural } from './natural.js';
import { nlpjs } from './nlpjs.js';
import type { Peer } from './peer.js';
import { pgTrgm } from './pg-trgm.js';

export const PEERS: readonly Peer[] = [pgTrgm, minisearch, fuse, natural, nlpjs, fasttext];

export function findPeer(name: string): Peer | undefined {
  return PEERS.find(peer => peer.name.toLowerCase() === name.toLowerCase());
}

/** @returns those that the list names, in its order, none of "none"; null where one is unknown */
export function choosePeers(names: string): Peer[] | null {
  if (names === 'none') return [];
  const chosen = names.split(',').map(name => findPeer(name.trim()));
  return chosen.every(peer => peer !== undefined) ? chosen : null;
}
