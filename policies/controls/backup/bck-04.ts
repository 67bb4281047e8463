import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { backupDrillDays } from './backup-figures';
import { isToldOf, isToldText, judgeWatch } from './backup-watch';
import { judgeValidation } from './drill-validation';
import { isSafeSource } from './drill-vaults';
import { longestGapHours } from './schedule-hours';
import { type Selected, selects } from './selected-stores';

const planType = 'AWS::Backup::RestoreTestingPlan';
const selectionType = 'AWS::Backup::RestoreTestingSelection';

/** What AWS Backup calls the databases that it can restore for a test. */
const kinds: Readonly<Record<string, string>> = {
  'AWS::RDS::DBCluster': 'Aurora',
  'AWS::RDS::DBInstance': 'RDS',
  'AWS::DocDB::DBCluster': 'DocumentDB',
  'AWS::Neptune::DBCluster': 'Neptune',
};

/** Other kinds of stores that it can. */
const otherKinds: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table': 'DynamoDB',
  'AWS::S3::Bucket': 'S3',
};

/** BCK-04: restores are practised, from the copy that is left in an emergency, and looked into. */
export const control = defineControl({
  id: 'bck-04',
  title:
    'Every database, and one store of each other kind, is restored at regular intervals from its locked copy and looked into, and somebody hears when it was not',
  family: 'backup',
  claims: ['cfeu-recovery-integrity', 'tdb-restore-drills', 'cly-ir-recovery'],
  doesNotProve:
    'That the last drill succeeded (the alarm that is judged here rings when none did), what the questions to a restored store are worth, that the restored service is checked before it goes live again (a person does that: irs-01 and the runbook recover-service), restores of every single bucket and table (one of each kind is restored), and of single tenants (runbook restore-one-tenant).',
  runbook: 'drill-restore',
  parameters: { 'backup.drillDays': backupDrillDays },
  messages: {
    missing: {
      violation: 'no restore testing plan is deployed, so nothing keeps the promise of practised restores',
      fix: 'deploy a restore testing plan with a selection of the databases, and a function that looks into what was restored',
    },
    rare: {
      violation: 'plan {name} restores every {days} days at most, promised are {promised}',
      fix: 'set a schedule that runs at least every {promised} days, and does not end',
    },
    idle: {
      violation: 'plan {name} has no selection, so it restores nothing',
      fix: 'add a selection of the databases',
    },
    wrongVault: {
      violation:
        'plan {name} restores from {vault}, which is no locked copy: in an emergency that one may be lost as well ({property})',
      fix: 'list in IncludeVaults only vaults that backups are copied to, air-gapped or locked in compliance mode',
    },
    selectsNothing: {
      violation: 'selection {name} names neither resources nor conditions, so its plan restores nothing',
      fix: 'name the ARNs of the databases, or * for all of them',
    },
    noWindow: {
      violation: 'selection {name} removes what was restored at once: {property} is {value}',
      fix: 'set validationWindowHours to the time that looking into it takes',
    },
    notValidated: {
      violation: 'nothing looks into what selection {name} restores: {reason}',
      fix: 'subscribe a function to completed restore jobs, and let it call backup:PutRestoreValidationResult',
    },
    untestedKind: {
      violation: 'plan {name} restores no {kind}, though {store} is backed up',
      fix: 'add a selection with the resource type {kind} that names the ARN of one of them',
    },
    unheard: {
      violation: 'nobody hears when {name} was not restored in time: {reason}',
      fix: 'deploy a BackupCheck: a function that looks every day when a drill last succeeded, for each kind an alarm with an action above {limit} days, and one on its silence',
    },
    untested: {
      violation: 'database {name} is in no selection of a restore testing plan',
      fix: 'add its ARN to a selection with the resource type {kind}',
    },
  },
  template: {
    judges: [planType, selectionType, ...Object.keys(kinds)],
    expects: 'at-least-one',
    expected: [planType],
    judge: (subject, context) => {
      switch (subject.type) {
        case planType:
          return judgePlan(subject, context);
        case selectionType:
          return [...judgeSelection(subject, context), ...judgeOverdue(subject, context)];
        default:
          return judgeDatabase(subject, context.scope);
      }
    },
  },
});

function judgePlan(plan: Subject, { figures, scope, presentOnly }: JudgementContext): readonly Outcome[] {
  const promised = figures.number('backup.drillDays');
  const often = decide(plan.text('ScheduleExpression'), {
    known: (expression) => {
      const hours = longestGapHours(expression);
      if (hours === undefined) {
        return notAssessed(`how often '${expression}' runs is not understood`);
      }
      return hours <= promised * 24 ? satisfied : finding('rare', undefined, { days: Math.ceil(hours / 24), promised });
    },
    absent: () => notAssessed('CloudFormation requires a schedule'),
  });
  const isSelected = scope.resources(selectionType).some((selection) => isPlanOf(selection, plan));
  const idle = isSelected || presentOnly ? satisfied : finding('idle');
  const kindsTested = isSelected
    ? Object.entries(otherKinds).map(([type, kind]) => judgeKind(plan, type, kind, scope))
    : [];
  return [...often, ...judgeVaults(plan, scope), idle, ...kindsTested];
}

/** One of a kind is enough: to restore every bucket each month would cost as much as to keep it. */
function judgeKind(plan: Subject, type: string, kind: string, scope: Scope): Outcome {
  const selections = scope.resources('AWS::Backup::BackupSelection');
  const selected = (store: Subject, answer: Selected) =>
    selections.some((each) => selects(each, store, scope) === answer);
  const stores = scope.resources(type);
  const tests = scope.resources(selectionType).filter((selection) => {
    const { resolved } = selection.at('ProtectedResourceType');
    return resolved.kind === 'scalar' && resolved.value === kind && isPlanOf(selection, plan);
  });
  const backedUp = stores.filter((store) => selected(store, 'yes'));
  if (backedUp.some((store) => tests.some((test) => takes(test, store, scope)))) {
    return satisfied;
  }
  if (backedUp[0]) {
    return finding('untestedKind', undefined, { kind, store: backedUp[0].logicalId });
  }
  return stores.some((store) => selected(store, 'unknown'))
    ? notAssessed(`whether any ${kind} is backed up cannot be read`)
    : satisfied;
}

/** Days after which a drill that is due may be missed: it begins within a day, and is judged within another. */
const graceDays = 7;

function judgeOverdue(selection: Subject, { figures, scope, presentOnly }: JudgementContext): readonly Outcome[] {
  const limit = figures.number('backup.drillDays') + graceDays;
  const plan = scope.resources(planType).find((each) => isPlanOf(selection, each));
  const { resolved: type } = selection.at('ProtectedResourceType');
  const kind = type.kind === 'scalar' ? String(type.value) : '';
  if (!plan || ![...Object.values(kinds), ...Object.values(otherKinds)].includes(kind)) {
    // A plan without it restores nothing, which is a finding of its own; nobody promised a drill of other kinds
    return [];
  }
  const { resolved: name } = plan.at('RestoreTestingPlanName');
  const overdue = judgeWatch(
    {
      action: 'backup:ListRestoreJobs',
      hours: 24,
      isTold: (watcher) =>
        isToldOf(watcher, plan, scope) || (name.kind === 'scalar' && isToldText(watcher, String(name.value)))
          ? { kind: 'yes' }
          : { kind: 'no', reason: `${watcher.logicalId} is not told of its plan` },
      isAbout: (alarm) => isForKind(alarm, kind) && isDays(alarm, limit),
    },
    'unheard',
    { limit },
    scope,
    presentOnly,
  );
  return [overdue];
}

/** What stands still of one kind must not be hidden by another: the alarm names the kind. */
function isForKind(alarm: Subject, kind: string): boolean {
  const dimensions = alarm.at('Dimensions').items();
  return (
    dimensions.kind === 'known' &&
    dimensions.value.some((each) => {
      const value = each.at('Value');
      return value.resolved.kind === 'scalar' && value.resolved.value === kind && value.text().kind === 'known';
    })
  );
}

/** More than a count of things that are wrong, and no more than the days that are promised. */
function isDays(alarm: Subject, limit: number): boolean {
  const threshold = alarm.number('Threshold');
  return threshold.kind === 'known' && threshold.value > 1 && threshold.value <= limit;
}

/** By its name, which both sides write down, or by reference. */
function isPlanOf(selection: Subject, plan: Subject): boolean {
  const named = selection.at('RestoreTestingPlanName');
  if (named.resolved.kind === 'reference') {
    const reference = named.reference();
    return reference.kind === 'known' && reference.value.subject === plan;
  }
  const [one, other] = [named.text(), plan.text('RestoreTestingPlanName')];
  return one.kind === 'known' && other.kind === 'known' && one.value === other.value;
}

function judgeVaults(plan: Subject, scope: Scope): readonly Outcome[] {
  const place = plan.at('RecoveryPointSelection');
  const wrong = (node: Node, vault: string) => finding('wrongVault', node.path, { vault });
  const included = decide(place.at('IncludeVaults').items(), {
    known: (vaults) =>
      vaults.length === 0
        ? wrong(place.at('IncludeVaults'), 'no vault')
        : vaults.flatMap((vault) => isSafeSource(vault, scope, wrong)),
    absent: () => wrong(place.at('IncludeVaults'), 'no vault'),
  });
  const excluded = decide(place.at('ExcludeVaults').items(), {
    known: (vaults) =>
      vaults.length === 0
        ? satisfied
        : notAssessed('which vaults are left after the exclusion is not known', place.at('ExcludeVaults').path),
    absent: () => satisfied,
  });
  return [...included, ...excluded];
}

function judgeSelection(selection: Subject, { scope, presentOnly }: JudgementContext): readonly Outcome[] {
  const named = decide(selection.items('ProtectedResourceArns'), {
    known: (arns) =>
      arns.length > 0
        ? arns.flatMap((arn) => decide(arn.pattern(), { known: () => satisfied, absent: () => satisfied }))
        : finding('selectsNothing'),
    absent: () =>
      selection.at('ProtectedResourceConditions').state() === 'known' ? satisfied : finding('selectsNothing'),
  });
  const isSelecting = named.every(({ verdict }) => verdict === 'satisfied');
  const window = decide(selection.number('ValidationWindowHours'), {
    known: (hours) =>
      hours >= 1 && hours <= 168 ? satisfied : notAssessed(`AWS Backup waits 1 to 168 hours, got ${hours}`),
    absent: () => finding('noWindow'),
  });
  const isOpen = window.every(({ verdict }) => verdict === 'satisfied');
  // What is not there, or gone at once, cannot be looked into
  return [...named, ...window, ...(isSelecting && isOpen ? judgeValidation(scope, presentOnly) : [])];
}

function judgeDatabase(database: Subject, scope: Scope): Outcome {
  if (database.type === 'AWS::RDS::DBInstance') {
    if (database.at('DBClusterIdentifier').state() === 'known') {
      return notApplicable('its cluster is restored as a whole');
    }
    if (['SourceDBInstanceIdentifier', 'SourceDBClusterIdentifier'].some((of) => database.at(of).state() === 'known')) {
      return notApplicable('it repeats another database, which is restored in its place');
    }
  }
  const kind = kindOf(database);
  return 'reason' in kind ? notAssessed(kind.reason, 'Engine') : judgeTests(database, kind.name, scope);
}

function judgeTests(database: Subject, kind: string, scope: Scope): Outcome {
  const selections = scope.resources(selectionType).filter((selection) => {
    const type = selection.text('ProtectedResourceType');
    return type.kind === 'known' && type.value === kind;
  });
  const isConditional = selections.some(
    (selection) => selection.at('ProtectedResourceConditions').resolved.kind !== 'absent',
  );
  if (isConditional) {
    return notAssessed('which recovery points carry the tags of the conditions is known in the account only');
  }
  return selections.some((selection) => takes(selection, database, scope))
    ? satisfied
    : finding('untested', undefined, { kind });
}

/** Clusters of RDS that are not Aurora are restored as RDS. */
function kindOf(database: Subject): { readonly name: string } | { readonly reason: string } {
  if (database.type !== 'AWS::RDS::DBCluster') {
    return { name: kinds[database.type] ?? '' };
  }
  const engine = database.text('Engine');
  return engine.kind === 'known'
    ? { name: engine.value.startsWith('aurora') ? 'Aurora' : 'RDS' }
    : { reason: engine.kind === 'absent' ? 'CloudFormation requires an engine' : engine.reason };
}

function takes(selection: Subject, database: Subject, scope: Scope): boolean {
  const path = 'ProtectedResourceArns';
  if (scope.referring(database, selectionType, `${path}.*`).includes(selection)) {
    return true;
  }
  const arns = selection.items(path);
  return (
    arns.kind === 'known' &&
    arns.value.some((arn) => {
      const text = arn.pattern();
      return (
        text.kind === 'known' &&
        (text.value === '*' || new RegExp(`[:/]\\$\\{${database.logicalId}(\\.\\w+)?\\}$`).test(text.value))
      );
    })
  );
}
