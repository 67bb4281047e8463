import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { backupDrillDays } from './backup-figures';
import { judgeOverdue } from './drill-alarms';
import { judgeKinds } from './drill-kinds';
import { isPlanOf, kinds, planType, selectionType, takes } from './drill-selections';
import { judgeValidation } from './drill-validation';
import { isSafeSource } from './drill-vaults';
import { longestGapHours } from './schedule-hours';

/** BCK-04: restores are practised, from the copy that is left in an emergency, and looked into. */
export const control = defineControl({
  id: 'bck-04',
  title:
    'Every database, and one store of each other kind, is restored at regular intervals from its locked copy and looked into, and somebody hears when it was not',
  family: 'backup',
  claims: ['cfeu-recovery-integrity', 'tdb-restore-drills', 'cly-ir-recovery'],
  doesNotProve:
    'That the last drill succeeded (the alarm that is judged here rings when none did), what the questions to a restored store are worth, that the restored service is checked before it goes live again (a person does that: irs-01 and the runbook recover-service), restores of every single bucket and table (one of each kind is restored), and of single tenants.',
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
  const kindsTested = isSelected ? judgeKinds(plan, scope) : [];
  return [...often, ...judgeVaults(plan, scope), idle, ...kindsTested];
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
