import { type Area, areas, type Level } from './permission-catalogue';

/** A role that comes with the product, and how far it reaches in each area. */
export interface RoleModel {
  /** As the application and its users call it. */
  readonly name: string;
  readonly grants: Readonly<Partial<Record<Area, Level>>>;
}

/** How many roles a model has; each is promised by some document. */
export type RoleCount = 3 | 5 | 18;

const everywhere = (level: Level): RoleModel['grants'] =>
  Object.fromEntries(areas().map((area) => [area, level] as const));

const owner: RoleModel = { name: 'Owner', grants: everywhere('manage') };

/**
 * The models, each with the role that owns the organisation first: it alone decides from which addresses the organisation is reached.
 * Roles of an organisation's own come on top, where the profile promises them.
 */
export const ROLE_MODELS: Readonly<Record<RoleCount, readonly RoleModel[]>> = {
  3: [
    { name: 'Admin', grants: everywhere('manage') },
    { name: 'Manager', grants: { ...everywhere('work'), administration: 'read' } },
    {
      name: 'Staff',
      grants: { clients: 'work', matters: 'work', documents: 'work', calendar: 'work', communication: 'work' },
    },
  ],
  5: [
    owner,
    { name: 'Admin', grants: { ...everywhere('manage'), billing: 'read' } },
    { name: 'Manager', grants: { ...everywhere('work'), administration: 'read', billing: 'read' } },
    {
      name: 'Member',
      grants: { clients: 'work', matters: 'work', documents: 'work', calendar: 'work', communication: 'work' },
    },
    { name: 'Client', grants: { documents: 'read', calendar: 'read', communication: 'read', billing: 'read' } },
  ],
  18: [
    owner,
    { name: 'Administrator', grants: { ...everywhere('manage'), billing: 'read', accounting: 'read' } },
    { name: 'SecurityOfficer', grants: { administration: 'manage', integrations: 'manage', reporting: 'read' } },
    { name: 'Auditor', grants: everywhere('read') },
    { name: 'BillingManager', grants: { billing: 'manage', clients: 'read', reporting: 'read' } },
    { name: 'BillingClerk', grants: { billing: 'work', clients: 'read' } },
    { name: 'Accountant', grants: { accounting: 'manage', billing: 'read', reporting: 'work' } },
    { name: 'PeopleManager', grants: { people: 'manage', calendar: 'work', reporting: 'read' } },
    { name: 'PayrollClerk', grants: { people: 'work', accounting: 'read' } },
    {
      name: 'MatterManager',
      grants: { matters: 'manage', clients: 'manage', documents: 'work', calendar: 'work', communication: 'work' },
    },
    {
      name: 'MatterWorker',
      grants: { matters: 'work', clients: 'work', documents: 'work', calendar: 'work', communication: 'work' },
    },
    { name: 'DocumentManager', grants: { documents: 'manage', matters: 'read', clients: 'read' } },
    { name: 'Receptionist', grants: { calendar: 'manage', clients: 'work', communication: 'work' } },
    { name: 'CommunicationManager', grants: { communication: 'manage', clients: 'read' } },
    { name: 'Analyst', grants: { reporting: 'manage', clients: 'read', matters: 'read', billing: 'read' } },
    { name: 'IntegrationEngineer', grants: { integrations: 'manage' } },
    { name: 'SupportAgent', grants: { clients: 'read', matters: 'read', communication: 'work' } },
    { name: 'Client', grants: { documents: 'read', calendar: 'read', communication: 'read', billing: 'read' } },
  ],
};
