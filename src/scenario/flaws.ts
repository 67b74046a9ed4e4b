/** Turns what zod found into flaws: one for each thing that is wrong, in our words. */
import type { z } from 'zod';
import type { Flaw, Path } from './complaints.js';

type Issue = z.core.$ZodIssue;

/** Fields and mappings bring their own sentences; what is left here is to find whose turn it is to speak. */
export function flawsOf(issues: readonly Issue[], base: Path = []): Flaw[] {
  return issues.flatMap((issue): Flaw[] => {
    const path = [...base, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))];
    switch (issue.code) {
      case 'unrecognized_keys': {
        const sentences = issue.message.split('\n'); // one for each key, from `mapping`
        return issue.keys.map((key, index) => ({ path: [...path, key], message: sentences[index] ?? 'unknown key' }));
      }
      case 'invalid_key':
        return flawsOf(issue.issues, path);
      case 'invalid_union': {
        const meant = branchMeant(issue.errors);
        return meant ? flawsOf(meant, path) : [{ path, message: issue.message }];
      }
      default:
        return [{ path, message: issue.message }];
    }
  });
}

/** The member of a union that the writer had in mind: one whose shape fits, so that its complaints are about what is inside. */
function branchMeant(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const broken = branches.filter((issues) => issues.length > 0);
  const atRoot = (issue: Issue): boolean => issue.path.length === 0;
  return broken.find((issues) => !issues.some(atRoot)) ?? broken.find((issues) => !issues.some((issue) => atRoot(issue) && issue.code === 'invalid_type'));
}
