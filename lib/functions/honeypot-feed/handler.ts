import { setTimeout as pause } from 'node:timers/promises';
import { WAFV2 } from '@aws-sdk/client-wafv2';
import { honeypotFeed } from './feed';
import { ipSetName } from './ip-set';

const { RECENT_V4, EARLIER_V4, RECENT_V6, EARLIER_V6 } = process.env;

/** Entry point of the function: the feed with the SDK of the runtime. */
export const handler = honeypotFeed({
  sets: new WAFV2(),
  generations: {
    v4: { recent: ipSetName(RECENT_V4), earlier: ipSetName(EARLIER_V4) },
    v6: { recent: ipSetName(RECENT_V6), earlier: ipSetName(EARLIER_V6) },
  },
  pause,
});
