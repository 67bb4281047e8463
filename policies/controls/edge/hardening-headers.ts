import { policyFaults } from './policy-faults';

/** The headers that every answer carries beside its content security policy, and the values that harden. */
export const hardeningHeaders: Readonly<Record<string, RegExp>> = {
  'X-Content-Type-Options': /^nosniff$/i,
  'X-Frame-Options': /^(deny|sameorigin)$/i,
  'Referrer-Policy':
    /^(no-referrer|same-origin|origin|strict-origin|origin-when-cross-origin|strict-origin-when-cross-origin)$/i,
  'Permissions-Policy': /^(?!.*=\s*\*).+$/,
  'Cross-Origin-Opener-Policy': /^(same-origin|same-origin-allow-popups|noopener-allow-popups)$/i,
  'Cross-Origin-Resource-Policy': /^(same-origin|same-site)$/i,
};

export const policyHeader = 'Content-Security-Policy';

/** Something wrong with a header: one of the control's messages, and what to fill it with. */
export interface HeaderFault {
  readonly message: 'headerMissing' | 'headerWeak' | 'policyWeak';
  readonly header: string;
  readonly got?: string;
}

/** What is wrong with the values that one header is sent with; none means that it is not sent. */
export function headerFaults(header: string, values: readonly string[], trustedTypes: boolean): readonly HeaderFault[] {
  if (values.length === 0 || values.includes('')) {
    return [{ message: 'headerMissing', header }];
  }
  if (header === policyHeader) {
    // Each is a policy of its own, and browsers obey them all
    const faults = policyFaults(values.join(', '), trustedTypes);
    return faults.map((got) => ({ message: 'policyWeak', header, got }));
  }
  const strong = hardeningHeaders[header];
  return values
    .filter((value) => strong && !strong.test(value.trim()))
    .map((got) => ({ message: 'headerWeak', header, got }));
}
