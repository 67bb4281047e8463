// Jest learns from a first run which files take long. In a clean checkout it starts with the largest ones, and a small one that takes minutes,
// begun last, leaves the other core idle.

const Sequencer = require('@jest/test-sequencer').default;

const slowest = [
  'shipped.test.ts',
  'database-controls.test.ts',
  'cli.test.ts',
  'provision-tenant.test.ts',
  'report-browser.test.ts',
];

function rank({ path }) {
  const place = slowest.findIndex((name) => path.endsWith(`/${name}`));
  return place < 0 ? slowest.length : place;
}

module.exports = class SlowestFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).sort((left, right) => rank(left) - rank(right));
  }
};
