/**
 * The word of `words` that a person most likely meant by `written`, or `undefined` where none is near enough: at most
 * one change in three letters (one change for short words), case ignored. A change is a letter left out, put in, put
 * for another, or two neighbours swapped. Ties go to the earlier word.
 * Cost: the product of the lengths, for each word; words over 200 letters are never near.
 */
export function closestWord(written: string, words: Iterable<string>): string | undefined {
  const target = written.toLowerCase();
  if (target.length > 200) return undefined;
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(target.length / 3)) + 1;
  for (const word of words) {
    if (word.length > 200 || Math.abs(word.length - target.length) >= bestDistance) continue;
    const distance = countEdits(target, word.toLowerCase());
    if (distance < bestDistance) {
      best = word;
      bestDistance = distance;
    }
  }
  return best;
}

/** Smallest number of changes (see `closestWord`) that turn `from` into `to`: Damerau–Levenshtein, each letter once. */
export function countEdits(from: string, to: string): number {
  let twoBack: number[] = [];
  let before = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1];
      let edits = Math.min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) {
        edits = Math.min(edits, twoBack[j - 2] + 1);
      }
      row.push(edits);
    }
    twoBack = before;
    before = row;
  }
  return before[to.length];
}
