/** A text that goes out although its recipient's address is suppressed. */
export interface CriticalMessage {
  /** Name of the template, behind that of the environment. */
  readonly name: string;
  readonly subject: string;
  /** Plain text; what stands in double braces is filled in, and a mail that lacks one of them is not sent. */
  readonly text: string;
}

/**
 * The only mails that nobody can opt out of: what a law or somebody's own safety asks for. Their words are fixed, so that nothing else can be
 * sent on the way past the suppression list.
 *
 * `breach-notice` has the parts that GDPR Art. 34(2) asks for; `account-deletion` says when each step happens (claim
 * cly-delete-confirmation-email).
 */
export const CRITICAL_MESSAGES: readonly CriticalMessage[] = [
  {
    name: 'account-deletion',
    subject: 'Your account will be deleted',
    text: [
      'We received the request to delete your account on {{requested_at}}.',
      'Until {{recover_until}} you can take it back by signing in.',
      'Your data will be deleted for good by {{purge_by}}.',
      'If you did not ask for this, sign in and change your password now.',
    ].join('\n\n'),
  },
  {
    name: 'security-notice',
    subject: 'A security notice about your account',
    text: ['On {{happened_at}} this happened to your account: {{event}}.', 'What you should do: {{advice}}.'].join(
      '\n\n',
    ),
  },
  {
    name: 'breach-notice',
    subject: 'Important: your personal data was affected by an incident',
    text: [
      'What happened: {{nature}}.',
      'What it may lead to: {{consequences}}.',
      'What we did and what you can do: {{measures}}.',
      'Who answers your questions: {{contact}}.',
    ].join('\n\n'),
  },
];
