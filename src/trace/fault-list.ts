import { errorIssue, type Issue } from '../scenario/index.ts';

/** So many faults are told one by one, the rest as a number. */
const TOLD_MAX = 20;
/** A file with more faults than this is not what it seems to be: reading it ends. */
const FAULTS_MAX = 10_000;

/** The faults of one kind of a file that is read line by line. */
export interface FaultList {
  readonly add: (path: string, message: string) => void;
  readonly count: () => number;
  /** Whether there are so many that reading on is no use. */
  readonly full: () => boolean;
  readonly issues: () => readonly Issue[];
}

/** Collects faults: the first twenty are told one by one, then their number, and beyond ten thousand that reading ended. */
export function createFaultList(code: string): FaultList {
  const told: Issue[] = [];
  let count = 0;
  return {
    add(path, message) {
      count++;
      if (told.length < TOLD_MAX) told.push(errorIssue(code, path, message));
    },
    count: () => count,
    full: () => count >= FAULTS_MAX,
    issues() {
      if (count <= told.length) return told;
      const more = count - told.length;
      const message =
        count >= FAULTS_MAX
          ? `${more} further lines have faults of these kinds; reading ended there.`
          : `${more} further lines have faults of these kinds.`;
      return [...told, errorIssue(code, 'file', message)];
    },
  };
}
