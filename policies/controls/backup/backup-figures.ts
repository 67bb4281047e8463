import type { Parameter } from '../../../lib/control/parameter';

/** Longest time between two backups of a database. */
export const backupIntervalHours: Parameter = {
  kind: 'number',
  stricter: 'lower',
  default: 24,
  unit: 'hours',
  description: 'longest time between two backups of a database',
};

/** How long a daily backup is kept. */
export const backupDailyRetentionDays: Parameter = {
  kind: 'number',
  stricter: 'higher',
  default: 30,
  unit: 'days',
  description: 'how long a daily backup is kept',
};

/** Longest time between two backups that are set aside for long. */
export const backupWeeklyIntervalDays: Parameter = {
  kind: 'number',
  stricter: 'lower',
  default: 7,
  unit: 'days',
  description: 'longest time between two backups that are set aside for long',
};

/** How long a weekly backup is kept. */
export const backupWeeklyRetentionDays: Parameter = {
  kind: 'number',
  stricter: 'higher',
  default: 90,
  unit: 'days',
  description: 'how long a weekly backup is kept',
};

/** Whether backups are encrypted with a key of their own. */
export const backupSeparateKey: Parameter = {
  kind: 'flag',
  stricter: true,
  default: true,
  description: 'whether backups are encrypted with a key that encrypts nothing else',
};

/** Longest time between two drills that restore a database and look into it. */
export const backupDrillDays: Parameter = {
  kind: 'number',
  stricter: 'lower',
  default: 31,
  unit: 'days',
  description: 'longest time between two drills that restore a database and look into it',
};
