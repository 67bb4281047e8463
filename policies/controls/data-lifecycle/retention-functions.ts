import type { ReviewedFunction } from '../logging/audit-functions';

/** Functions that declare periods, note tenants, count and delete, as they were reviewed. */
export const reviewed: Readonly<Record<string, ReviewedFunction>> = {
  'retention.refuse_change': {
    body: 'b1cf36d2a3ea1d382b46ccd6999d2f203882e0542b3e49e2510f67f141a6cba6',
    definer: false,
  },
  'retention.note_tenants': { body: 'd257567bd4f1666886bfeb705998406a4129fb1dca30245374488680062d60c7', definer: true },
  'retention.note_tenant': { body: 'f3fff807754b00de0058b7f320196371f162df823b5ac69ad7b39568426353c6', definer: true },
  'retention.record_period': {
    body: '0f1d8718a57629c4043a4d137b75dfe1952d439d3ae0137849ce1ba49c1854cb',
    definer: true,
  },
  'retention.check_table': { body: 'd53f82ebae2a86c47bd3846743b5e2a155578f32b54712b9813ccf604b4f028a', definer: false },
  'retention.note_present': {
    body: 'a1e23d3636292681b1ea73fc3f625995d2e4b6424e2331ed9a549a880ccdfb0e',
    definer: false,
  },
  'retention.keep': { body: 'a089ac7b90140d376e34648474323bb263c97b61c5306befe7af1ea0121d8dc1', definer: false },
  'retention.keep_while_active': {
    body: '1c58a210f54c66587f6df23faafa993bb5348a1cd7d3bf14ab5d6caadf09ebee',
    definer: false,
  },
  'retention.swept': { body: 'cbd7ae5b10c4ddb1acd5b242f8bc9bc203dbfaf07c42b492c6717d222bd1acf8', definer: false },
  'retention.tenants': { body: '01a8c82c9350456affa1d66adfc55e9ba3ea2c48b036f18b07a11119540e0b8f', definer: false },
  'retention.due': { body: 'a456403adf94d695bb70321ab4dfc4203737d208fbb68e2c028386e066f000f6', definer: true },
  'retention.delete_overdue': {
    body: 'f00fe08b608dcbb9a32f871fdd4d4582d84a2370119539d1f45e4ca5aa5ba093',
    definer: true,
  },
  'retention.overdue': { body: '27fdf7e7113c0c29e0156b58f46c14f21ef047d87936fc1a9b75ede6e60d4030', definer: true },
};
