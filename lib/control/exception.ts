/** Findings that a named person accepts until a date: one file of `policies/exceptions/`. */
export interface Exception {
  /** The file's name. */
  readonly id: string;
  /** Risk, compensation and why it ends. */
  readonly reason: string;
  readonly owner: string;
  /** Somebody other than the owner. */
  readonly approver: string;
  /** Date, YYYY-MM-DD; it excuses nothing before. */
  readonly approved: string;
  /** Date, YYYY-MM-DD; it holds to the end of that day, UTC, and at most 366 days after the approval. */
  readonly expires: string;
  /** Claims that it weakens; only these are excused. Empty only where every rule belongs to another checker. */
  readonly claims: readonly string[];
  readonly applies: readonly ExceptionScope[];
  /**
   * Profiles under which it applies; under any other it is as if it were not there.
   * @default - every profile
   */
  readonly profiles?: readonly string[];
}

/** The exceptions that apply under a profile. */
export function exceptionsOf(exceptions: readonly Exception[], profile: string): readonly Exception[] {
  return exceptions.filter(({ profiles }) => profiles === undefined || profiles.includes(profile));
}

/** One rule on exactly these constructs: neither their parents nor what lies below them. */
export interface ExceptionScope {
  /** A control id (`net-03`), or another checker's qualified id (`AwsSolutions::AwsSolutions-IAM5[Action::s3:*]`). */
  readonly rule: string;
  /** Construct paths below the environment's stage (`Network/Vpc/Resource`), so that one file serves every environment. */
  readonly paths: readonly string[];
}

const controlId = /^[a-z]{3}-\d{2}$/u;
const qualifiedId = /^[\w.-]+::[\w.-]+(\[[^[\]]+\])?$/u;

/** Whether a rule is one of our controls rather than another checker's. */
export function isControlId(rule: string): boolean {
  return controlId.test(rule);
}

/** Why an exception excuses more than anybody can have weighed, one reason per place; empty where it does not. */
export function widthProblems({ applies }: Exception): string[] {
  return applies.flatMap(({ rule, paths }) => {
    const ruleProblem = tooWideRule(rule);
    return [...(ruleProblem ? [ruleProblem] : []), ...paths.flatMap((path) => tooWidePath(path) ?? [])];
  });
}

function tooWideRule(rule: string): string | undefined {
  if (isControlId(rule)) {
    return undefined;
  }
  // Brackets carry the text of one finding, where a star is part of a name; alone it would stand for every finding.
  if (!qualifiedId.test(rule) || rule.endsWith('[*]')) {
    return `rule "${rule}" is no single rule: write a control id such as net-03 or a qualified id such as AwsSolutions::AwsSolutions-S1`;
  }
  return undefined;
}

function tooWidePath(path: string): string | undefined {
  const segments = path.split('/');
  const isPlain = segments.every((segment) => segment.trim() !== '' && !/[*?]/u.test(segment));
  return isPlain && segments.length > 1
    ? undefined
    : `path "${path}" is no single construct: write its whole path below the stage such as Network/Vpc/Resource`;
}
