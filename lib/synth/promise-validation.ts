import { join } from 'node:path';
import type {
  IPolicyValidationContext,
  IPolicyValidationPlugin,
  PolicyValidationPluginReport,
  PolicyViolation,
} from 'aws-cdk-lib';
import { Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Claim } from '../control/claim';
import type { Control } from '../control/control';
import type { ControlEvidence, SubjectEvidence } from '../control/evidence';
import type { Figures } from '../control/parameter';
import { loadAssembly } from '../template/assembly';
import { fileOf } from '../template/stack-sets';
import { judgeCatalogue } from './judge-catalogue';
import { ownPluginName } from './opinions';

/** What the promises of a profile come to, ready to be judged. */
export interface PromiseValidationProps {
  readonly version: string;
  readonly controls: readonly Control[];
  readonly figures: Figures;
  /** The claims that the profile binds: a finding names those that it breaks. */
  readonly claims: readonly Claim[];
  /** Judge only what the app deploys, and do not ask for what it does not: for an app that keeps some of the promises. */
  readonly presentOnly?: boolean;
}

/**
 * Judges the synthesized templates, nested stacks included, against the promises of a profile during `cdk synth` and `cdk deploy`. A broken
 * promise stops both; what could not be assessed is a warning here, and `avouch check` says what hangs on it.
 */
export class PromiseValidation implements IPolicyValidationPlugin {
  readonly name = ownPluginName;
  readonly version: string;
  readonly ruleIds: string[];

  constructor(private readonly props: PromiseValidationProps) {
    this.version = props.version;
    this.ruleIds = [...props.controls.map(({ id }) => id), 'broken-promises'];
  }

  validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const { controls, figures, presentOnly } = this.props;
    const { appConstruct: app } = context;
    if (!Stage.isStage(app)) {
      throw new Error('the promises are judged on an app: add the plugin there');
    }
    const folder = app.outdir;
    const graph = loadAssembly(folder);
    const results = judgeCatalogue({ controls, figures, graphs: [graph], presentOnly, today: today() });
    const found = results.flatMap((control) => this.violations(control, folder));
    const hidden = isFiltered(app) && graph.templates.some(({ path }) => path.includes('/'));
    const violations = hidden ? [...found, ...overview(found)] : found;
    // The command line fails for a violation on no construct, but does not show it.
    process.stderr.write(
      hidden
        ? overview(found)
            .map(({ description }) => `${this.name}: ${description}\n`)
            .join('')
        : '',
    );
    return { success: !violations.some(({ severity }) => severity === 'error'), violations };
  }

  private violations(control: ControlEvidence, folder: string): readonly PolicyViolation[] {
    const claims = this.props.claims.filter(({ controls, planned }) => controls.includes(control.id) && !planned);
    return (
      control.subjects
        // What nobody has done yet is no fault of a template: the claims that await it say so
        .filter(({ verdict, awaited }) => verdict === 'not-satisfied' || (verdict === 'not-assessed' && !awaited))
        .map((subject) => violation(control, subject, claims, folder))
    );
  }
}

/** YYYY-MM-DD, UTC. */
function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/**
 * Whether the CDK command line decides what fails: it looks only at the stacks that were selected, and `cdk synth` selects none inside a
 * stage, so that a stage full of broken promises would pass.
 */
function isFiltered(app: IConstruct): boolean {
  return app.node.tryGetContext('@aws-cdk/core:failSynthOnValidationErrors') === false;
}

/** What is broken, on no construct: it fails the command line whatever stacks were selected. */
function overview(violations: readonly PolicyViolation[]): readonly PolicyViolation[] {
  const broken = violations.filter(({ severity }) => severity === 'error');
  const description = broken.map(({ ruleName, description: words }) => `${ruleName}: ${words}`).join('\n');
  return broken.length === 0
    ? []
    : [{ ruleName: 'broken-promises', description, severity: 'error', violatingResources: [] }];
}

function violation(
  control: ControlEvidence,
  subject: SubjectEvidence,
  claims: readonly Claim[],
  folder: string,
): PolicyViolation {
  const broken = subject.verdict === 'not-satisfied';
  const promises = claims.map((claim) => `  ${claim.id} (${claim.document}, ${claim.section}): ${claim.statement}`);
  const source = subject.source === undefined ? '' : ` at ${subject.source}`;
  const words = broken ? subject.message : `not assessed: ${subject.message}`;
  return {
    ruleName: control.id,
    description: [`${words}${source}`, ...(broken ? ['this breaks:', ...promises] : [])].join('\n'),
    fix: subject.fix,
    severity: broken ? 'error' : 'warning',
    ruleMetadata: { control: control.title },
    violatingResources: [
      {
        resourceLogicalId: subject.logicalId === '' ? undefined : subject.logicalId,
        templatePath: join(folder, fileOf(subject.target)),
        constructPath: subject.constructPath,
        locations: subject.source === undefined ? [] : [subject.source],
      },
    ],
  };
}
