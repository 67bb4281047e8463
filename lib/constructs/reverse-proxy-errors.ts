import type { Directive } from './reverse-proxy';

/** nginx's own word for a client that left; no answer ever carries it, and `error_page` refuses it. */
const CLIENT_LEFT = 499;
/** nginx's own word for headers that are too large, which it would answer with 400. */
const HEADERS_TOO_LARGE = 494;

const CODES = Array.from({ length: 200 }, (_, index) => 400 + index).filter(
  (code) => code !== CLIENT_LEFT && code !== HEADERS_TOO_LARGE,
);

/**
 * Replaces every error, nginx's own and the application's. Every code is named, since one that is not would pass with the words of the
 * application; the answer keeps its code.
 */
export function errorPages(location: '@error' | '@error_json' = '@error'): readonly Directive[] {
  return [
    'proxy_intercept_errors on;',
    `error_page ${CODES.join(' ')} ${location};`,
    `error_page ${HEADERS_TOO_LARGE} =431 ${location};`,
  ];
}

/** Each server needs them: a named location is not inherited. `return 200` gives the body; nginx keeps the code of the error. */
export function errorLocations(): readonly Directive[] {
  return [
    ['location @error', ['default_type text/html;', `return 200 '${page()}';`]],
    [
      'location @error_json',
      ['default_type application/json;', `return 200 '{"status":$status,"error":"request failed"}';`],
    ],
  ];
}

function page(): string {
  const title = 'This did not work';
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title></head><body><h1>${title}</h1><p>Error $status</p></body></html>`;
}
