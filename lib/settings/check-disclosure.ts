import { matches, optional, type SettingRule } from './setting-rule';

/** What is published for whoever finds a weakness: the proxy's configuration is made of it. */
export const disclosureRules: readonly SettingRule[] = [
  {
    name: 'disclosure.expires',
    read: ({ disclosure }) => disclosure?.expires,
    accepts: isDay,
    expected: () => 'a day such as 2027-11-15, less than a year ahead',
  },
  {
    name: 'disclosure.safeHarbour',
    read: ({ disclosure }) => disclosure?.safeHarbour,
    accepts: matches(/\S/),
    expected: () => 'what nobody who acts in good faith has to fear, in words',
  },
  {
    name: 'disclosure.coordination',
    read: ({ disclosure }) => disclosure?.coordination,
    accepts: matches(/\S/),
    expected: () => 'what is asked before anything is published, in words',
  },
  {
    name: 'disclosure.subject',
    read: ({ disclosure }) => disclosure?.subject,
    accepts: optional(matches(/^[\w .-]+$/)),
    expected: () => 'a subject line of letters, digits, spaces, dots and hyphens',
  },
  {
    name: 'disclosure.languages',
    read: ({ disclosure }) => disclosure?.languages,
    accepts: optional(
      (value) =>
        Array.isArray(value) && value.length > 0 && value.every(matches(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/)),
    ),
    expected: () => 'tags of languages such as en or de-AT',
  },
];

/** A day that the calendar has. */
function isDay(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\d$/.test(value) &&
    new Date(`${value}T00:00:00Z`).toJSON()?.startsWith(value) === true
  );
}
