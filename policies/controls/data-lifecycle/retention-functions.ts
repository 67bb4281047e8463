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
  'retention.check_table': { body: '3852ef39fbded732e8abd89b95b9444d2d93bcaf84df6f1a354735061bd120fa', definer: false },
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
  'retention.prepare_query': {
    body: '0ff99d288e8c0c959b58a471e9ac4dc2f62b319130df6ab8e439ce189b0beb9d',
    definer: false,
  },
  'retention.due': { body: '153c9eede6abd4547e4e3c3d74e2115cee7abbc6deff66d6d789cfa7fdbadb8c', definer: true },
  'retention.delete_overdue': {
    body: 'f00fe08b608dcbb9a32f871fdd4d4582d84a2370119539d1f45e4ca5aa5ba093',
    definer: true,
  },
  'retention.overdue': { body: 'fa37b52dd7850b5d8bb15b77deabd163f2e4400eb6a161b7feef63fed75bbfdd', definer: true },
};
