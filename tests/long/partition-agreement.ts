/** How far two groupings of the same things agree: normalised mutual information and adjusted Rand index. */

/** @param groups for each thing, its group in the one and in the other partition. @returns both 1 for equal partitions */
export function comparePartitions(groups: readonly (readonly [string, string])[]): { nmi: number; ari: number } {
  const one = new Map<string, number>();
  const other = new Map<string, number>();
  const both = new Map<string, number>();
  for (const [a, b] of groups) {
    one.set(a, (one.get(a) ?? 0) + 1);
    other.set(b, (other.get(b) ?? 0) + 1);
    const key = `${a} ${b}`;
    both.set(key, (both.get(key) ?? 0) + 1);
  }
  const n = groups.length;
  const entropy = (counts: Map<string, number>) =>
    -[...counts.values()].reduce((sum, c) => sum + (c / n) * Math.log(c / n), 0);
  const information = [...both].reduce((sum, [key, c]) => {
    const [a, b] = key.split(' ') as [string, string];
    return sum + (c / n) * Math.log((c * n) / (one.get(a)! * other.get(b)!));
  }, 0);
  const total = entropy(one) + entropy(other);
  const pairs = (counts: Map<string, number>) => [...counts.values()].reduce((sum, c) => sum + (c * (c - 1)) / 2, 0);
  const [sameBoth, sameOne, sameOther] = [pairs(both), pairs(one), pairs(other)];
  const expected = (sameOne * sameOther) / ((n * (n - 1)) / 2);
  const most = (sameOne + sameOther) / 2;
  return {
    nmi: total === 0 ? 1 : (2 * information) / total,
    ari: most === expected ? 1 : (sameBoth - expected) / (most - expected),
  };
}
