import type { aws_wafv2 as wafv2 } from 'aws-cdk-lib';

type Statement = wafv2.CfnWebACL.StatementProperty;
type Field = wafv2.CfnWebACL.FieldToMatchProperty;
type Transformation = wafv2.CfnWebACL.TextTransformationProperty;

/**
 * What an inspected path goes through first, so that `/%4Cogin`, `//login` and `/x/../LOGIN` are all `/login`. Decoded twice,
 * because some servers decode what was encoded twice.
 *
 * Source: https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-transformation.html
 */
const PATH_AS_SERVERS_READ_IT: readonly Transformation[] = inOrder([
  'URL_DECODE_UNI',
  'URL_DECODE',
  'NORMALIZE_PATH',
  'LOWERCASE',
]);

const AS_SENT: readonly Transformation[] = inOrder(['NONE']);

const LOWER_CASE: readonly Transformation[] = inOrder(['LOWERCASE']);

/** Matches the path of a request against a regular expression in lower case, however the path was written. */
export function pathMatches(regexString: string): Statement {
  return {
    regexMatchStatement: {
      fieldToMatch: { uriPath: {} },
      regexString,
      textTransformations: [...PATH_AS_SERVERS_READ_IT],
    },
  };
}

/** Matches a header, in lower case, that is exactly so; a header that is not sent matches nothing. */
export function headerIs(name: string, value: string): Statement {
  return exactly(header(name), value, LOWER_CASE);
}

/** Matches a header, in lower case, that starts so; a header that is not sent matches nothing. */
export function headerStartsWith(name: string, value: string): Statement {
  return textual(header(name), value, 'STARTS_WITH', LOWER_CASE);
}

/** Matches a header that is sent with at least so many characters. */
export function headerHasAtLeast(name: string, characters: number): Statement {
  return {
    sizeConstraintStatement: {
      fieldToMatch: header(name),
      comparisonOperator: 'GE',
      size: characters,
      textTransformations: [...AS_SENT],
    },
  };
}

/** Matches requests whose method is none of these. */
export function methodIsNot(methods: readonly string[]): Statement {
  return not(or(methods.map((method) => exactly({ method: {} }, method.toLowerCase(), LOWER_CASE))));
}

/** Matches requests that are larger somewhere than the firewall can inspect; what it cannot inspect it must not let through. */
export function largerThanInspected(bodyBytes: number): Statement {
  const tooLarge = (fieldToMatch: Field, size: number): Statement => ({
    sizeConstraintStatement: { fieldToMatch, comparisonOperator: 'GT', size, textTransformations: [...AS_SENT] },
  });
  const everything = { matchScope: 'ALL', oversizeHandling: 'MATCH', matchPattern: { all: {} } };
  return or([
    tooLarge({ body: { oversizeHandling: 'MATCH' } }, bodyBytes),
    tooLarge({ headers: everything }, bodyBytes),
    tooLarge({ cookies: everything }, bodyBytes),
  ]);
}

/** Matches requests whose sender is in an IP set. The address is that of the connection, never one that a header claims. */
export function sentFrom(ipSetArn: string): Statement {
  return { ipSetReferenceStatement: { arn: ipSetArn } };
}

export function and(statements: readonly Statement[]): Statement {
  return { andStatement: { statements: [...statements] } };
}

export function or(statements: readonly Statement[]): Statement {
  return { orStatement: { statements: [...statements] } };
}

export function not(statement: Statement): Statement {
  return { notStatement: { statement } };
}

function exactly(fieldToMatch: Field, searchString: string, transformations: readonly Transformation[]): Statement {
  return textual(fieldToMatch, searchString, 'EXACTLY', transformations);
}

function textual(
  fieldToMatch: Field,
  searchString: string,
  positionalConstraint: 'EXACTLY' | 'STARTS_WITH',
  transformations: readonly Transformation[],
): Statement {
  return {
    byteMatchStatement: {
      fieldToMatch,
      searchString,
      positionalConstraint,
      textTransformations: [...transformations],
    },
  };
}

/** The CDK passes this on as it is, so the key is written as CloudFormation spells it. */
function header(name: string): Field {
  return { singleHeader: { Name: name } };
}

function inOrder(types: readonly string[]): Transformation[] {
  return types.map((type, priority) => ({ priority, type }));
}
