/**
 * All the script of a report: it shows the search field, hides what does not match, and opens everything for the printer.
 * Without it the report is complete and only cannot be searched, except by the browser's own search.
 */
export const script = `(() => {
const form = document.getElementById('find');
const field = form.querySelector('input');
const told = form.querySelector('output');
let items;
form.hidden = false;
form.addEventListener('submit', (event) => event.preventDefault());
field.addEventListener('input', () => {
  items ??= [...document.querySelectorAll('[data-find]')].map((node) => [node, node.textContent.toLowerCase()]);
  const words = field.value.toLowerCase().split(' ').filter(Boolean);
  let shown = 0;
  for (const [node, text] of items) {
    node.hidden = !words.every((word) => text.includes(word));
    shown += node.hidden ? 0 : 1;
  }
  for (const group of document.querySelectorAll('[data-group]')) {
    group.hidden = group.querySelector('[data-find]:not([hidden])') === null;
  }
  told.textContent = words.length ? shown + ' of ' + items.length + ' promises and controls match' : '';
});
addEventListener('beforeprint', () => document.querySelectorAll('details').forEach((part) => { part.open = true; }));
})();`;
