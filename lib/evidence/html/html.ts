import { escape as escapeText } from 'html-escaper';
import { printable } from '../printable';

/** Markup that is already safe. Only `html` makes it from text; everything else that meets a template is escaped. */
export class Markup {
  constructor(readonly text: string) {}
}

/** What a template accepts between its tags: text to escape, markup, several of either, or nothing. */
export type Content = string | number | Markup | undefined | false | readonly Content[];

function render(content: Content): string {
  if (content === undefined || content === false) {
    return '';
  }
  if (content instanceof Markup) {
    return content.text;
  }
  if (typeof content === 'string') {
    return escapeText(printable(content));
  }
  return typeof content === 'number' ? String(content) : content.map(render).join('');
}

const unindentedTemplates = new WeakMap<TemplateStringsArray, readonly string[]>();

/** The literal parts without indentation: thousands of rows would carry it into the file. */
function unindented(strings: TemplateStringsArray): readonly string[] {
  const known = unindentedTemplates.get(strings);
  if (known) {
    return known;
  }
  const parts = strings.map((part) => part.replace(/\n\s*/g, '\n'));
  unindentedTemplates.set(strings, parts);
  return parts;
}

/**
 * A template of HTML whose values are escaped and whose unseen characters are spelled out. Indentation of the template
 * does not reach the page.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  const [first = '', ...rest] = unindented(strings);
  let text = first;
  for (const [position, value] of values.entries()) {
    text += render(value) + (rest[position] ?? '');
  }
  return new Markup(text);
}

/** Values from outside between their own marks, so that right-to-left text cannot reorder what stands around it. */
export function code(text: string): Markup {
  return html`<code><bdi>${text}</bdi></code>`;
}

/** A fragment identifier: ids of the evidence are lower-case words, anything else is replaced. */
export function anchor(kind: string, id: string): string {
  return `${kind}-${id.replace(/[^\w-]/g, '_')}`;
}

/** Links to evidence parts, separated by commas. */
export function commaSeparated(items: readonly Markup[]): Content {
  return items.map((item, position) => (position === 0 ? item : html`, ${item}`));
}
