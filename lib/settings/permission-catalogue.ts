/**
 * What can be permitted in the application: one permission per kind of record and verb. An example of a client-management service: replace
 * the kinds with your own, and publish the number that comes out.
 */

/** Kinds of records by the area of the application that they belong to. */
export const AREAS = {
  clients: ['Client', 'Contact', 'Household', 'Note'],
  matters: ['Matter', 'Task', 'Milestone', 'Deadline'],
  documents: ['Document', 'Folder', 'DocumentTemplate', 'Signature'],
  calendar: ['Event', 'Appointment', 'Reminder', 'Room'],
  communication: ['Message', 'Thread', 'Announcement', 'Survey'],
  billing: ['Invoice', 'Payment', 'Quote', 'Subscription'],
  accounting: ['Ledger', 'Expense', 'Budget', 'TaxRecord'],
  reporting: ['Report', 'Dashboard', 'Metric', 'Chart'],
  people: ['Employee', 'Absence', 'Benefit', 'Timesheet'],
  integrations: ['Connection', 'Webhook', 'ApiKey', 'SyncJob'],
  administration: ['Membership', 'RoleAssignment', 'AddressList', 'AuditRecord'],
} as const;

/** What can be done with any record, by how much trust it takes; a role that has a level has those before it. */
export const VERBS = {
  read: ['list', 'view'],
  work: ['create', 'edit', 'share', 'assign'],
  manage: ['approve', 'delete', 'restore', 'import', 'export', 'audit'],
} as const;

export type Area = keyof typeof AREAS;
export type Level = keyof typeof VERBS;

export const LEVELS: readonly Level[] = ['read', 'work', 'manage'];

/** One permission: `invoice.approve`. */
export interface Permission {
  readonly name: string;
  readonly area: Area;
  /** Kind of record that it is about. */
  readonly kind: string;
  readonly level: Level;
}

/** Every permission there is, area by area. */
export function permissions(): readonly Permission[] {
  return areas().flatMap((area) =>
    AREAS[area].flatMap((kind) =>
      LEVELS.flatMap((level) => VERBS[level].map((verb) => ({ name: permissionName(kind, verb), area, kind, level }))),
    ),
  );
}

export function areas(): readonly Area[] {
  return Object.keys(AREAS).filter(isArea);
}

/** Name of the group that holds the permissions of a level in an area. */
export function groupName(area: Area, level: Level): string {
  return `${area}.${level}`;
}

export function permissionName(kind: string, verb: string): string {
  return `${kind.charAt(0).toLowerCase()}${kind.slice(1)}.${verb}`;
}

function isArea(name: string): name is Area {
  return Object.hasOwn(AREAS, name);
}
