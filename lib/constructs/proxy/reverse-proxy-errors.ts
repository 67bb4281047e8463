import type { Directive } from './reverse-proxy';

/** nginx's own word for a client that left; no answer ever carries it, and `error_page` refuses it. */
const CLIENT_LEFT = 499;
/** nginx's own word for headers that are too large, which it would answer with 400. */
const HEADERS_TOO_LARGE = 494;

const CODES = Array.from({ length: 200 }, (_, index) => 400 + index).filter(
  (code) => code !== CLIENT_LEFT && code !== HEADERS_TOO_LARGE,
);

/** Paths of our own error answers; a client that asks for one gets 404. */
const PAGE = '/-/error';
const JSON_PAGE = '/-/error.json';

/**
 * Replaces every error, nginx's own and the application's. Every code is named, since one that is not would pass with the words of the
 * application; the answer keeps its code. Not to a named location: a request line that nginx could not read has no path yet, and the way
 * there ends in nginx's own page.
 */
export function errorPages(format: 'html' | 'json' = 'html'): readonly Directive[] {
  const page = format === 'html' ? PAGE : JSON_PAGE;
  return [
    'proxy_intercept_errors on;',
    `error_page ${CODES.join(' ')} ${page};`,
    `error_page ${HEADERS_TOO_LARGE} =431 ${page};`,
  ];
}

/** Every server needs them, without a guard: what is refused there would be refused again. `return 200` gives the body; nginx keeps the code. */
export function errorLocations(): readonly Directive[] {
  const json = '{"status":$status,"error":"request failed"}';
  return [
    [`location = ${PAGE}`, ['internal;', 'default_type text/html;', `return 200 '${html()}';`]],
    [`location = ${JSON_PAGE}`, ['internal;', 'default_type application/json;', `return 200 '${json}';`]],
  ];
}

function html(): string {
  const title = 'This did not work';
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title></head><body><h1>${title}</h1><p>Error $status</p></body></html>`;
}
