import { array, assert, constantFrom, property, string, tuple } from 'fast-check';
import { readNginxConfiguration } from '../../lib/template/nginx-configuration';
import { inForce, levelsOf, type NginxLevel } from '../../lib/template/nginx-levels';
import { fateOf, forwardingLevels, type NginxRequest } from '../../lib/template/nginx-request';
import { NginxVariables } from '../../lib/template/nginx-variables';

function read(text: string) {
  const result = readNginxConfiguration(text);
  if (result.kind !== 'read') {
    throw new Error(`line ${result.line}: ${result.reason}`);
  }
  return result;
}

const words = (text: string) => read(text).directives.map(({ name, words }) => [name, ...words]);

function refusal(text: string) {
  const result = readNginxConfiguration(text);
  return result.kind === 'unreadable' ? `${result.line}: ${result.reason}` : 'read';
}

describe('cutting a text into directives', () => {
  test('takes words apart at spaces, and keeps what is quoted together', () => {
    expect(words(`add_header  X "a; b {c} # d"\n 'e "f"' always;`)).toEqual([
      ['add_header', 'X', 'a; b {c} # d', 'e "f"', 'always'],
    ]);
  });

  test('leaves comments out, but not a # within a word', () => {
    expect(words('# a b;\na x#y; # c;\n#')).toEqual([['a', 'x#y']]);
  });

  test('resolves the escapes that nginx knows, and leaves the others', () => {
    expect(words(String.raw`a "\"\\\d\t" b\ c \;;`)).toEqual([['a', '"\\\\d\t', 'b\\ c', '\\;']]);
  });

  test('a brace after a dollar belongs to the variable', () => {
    expect(words('set $a ${b}c;')).toEqual([['set', '$a', '${b}c']]);
  });

  test('blocks hold directives, with the line of each', () => {
    expect(read('http {\n  server {\n    listen 80;\n  }\n}').directives).toEqual([
      {
        name: 'http',
        words: [],
        line: 1,
        block: [{ name: 'server', words: [], line: 2, block: [{ name: 'listen', words: ['80'], line: 3 }] }],
      },
    ]);
  });

  test('empty words are words', () => {
    expect(words(`map_key "" '';`)).toEqual([['map_key', '', '']]);
  });

  test('what is included is a gap', () => {
    expect(read('http { include mime.types; }').gaps).toEqual([
      { line: 1, reason: 'it includes mime.types, which is not in the text' },
    ]);
  });

  test.each([
    ['a', "1: 'a' ends with the text: expected ';' or '{'"],
    ['a {', "1: the block 'a' is never closed"],
    ['a;\n}', "2: unexpected '}'"],
    ['a b }', "1: unexpected '}'"],
    ['{}', "1: unexpected '{'"],
    [';', "1: unexpected ';'"],
    ['a "b', '1: a quote is never closed'],
    ['a "b"c;', "1: unexpected 'c' after a quote"],
    ['a { b }', "1: unexpected '}'"],
    ['access_by_lua_block { return }', "1: 'access_by_lua_block' holds a program, which is not read"],
    ['a{'.repeat(100_000), '1: more than 32 blocks within each other'],
  ])('fails on %p', (text, reason) => {
    expect(refusal(text)).toBe(reason);
  });

  test('any text gives an answer', async () => {
    const pieces = constantFrom(
      'a',
      ' ',
      ';',
      '{',
      '}',
      '"',
      "'",
      '\\',
      '$',
      '#',
      '\n',
      'if',
      '(',
      ')',
      '~',
      'include',
    );
    await assert(
      property(array(pieces, { maxLength: 60 }), (parts) => {
        const result = readNginxConfiguration(parts.join(''));
        expect(result.kind === 'read' || result.line >= 1).toBe(true);
      }),
      { numRuns: 2000 },
    );
    await assert(property(string({ maxLength: 200 }), (text) => readNginxConfiguration(text) !== undefined));
  });

  test('whatever is quoted comes back as it was', async () => {
    const anything = string({ unit: 'grapheme', maxLength: 20 });
    const quote = (text: string) => `"${text.replace(/["\\]/g, (character) => `\\${character}`)}"`;
    await assert(
      property(array(tuple(anything, anything), { minLength: 1, maxLength: 8 }), (pairs) => {
        const text = pairs.map(([one, two]) => `set ${quote(one)} ${quote(two)};`).join('\n');
        expect(words(text)).toEqual(pairs.map(([one, two]) => ['set', one, two]));
      }),
    );
  });
});

function levels(server: string, http = ''): readonly NginxLevel[] {
  return levelsOf(read(`http { ${http} server { ${server} } }`).directives);
}

function level(server: string, path: string, http?: string): NginxLevel {
  const found = levels(server, http).find(({ directive }) => directive.words.at(-1) === path);
  if (!found) {
    throw new Error(`no location ${path}`);
  }
  return found;
}

describe('what is in force at a level', () => {
  const names = (at: NginxLevel) => inForce(at, 'add_header').map(({ words }) => words[0]);

  test('a location inherits what it does not write', () => {
    expect(names(level('add_header A 1; location / { }', '/'))).toEqual(['A']);
  });

  test('one of its own drops all those above', () => {
    expect(names(level('add_header A 1; add_header B 1; location / { add_header C 1; }', '/'))).toEqual(['C']);
  });

  test('unless it merges', () => {
    const merging = 'add_header A 1; location / { add_header_inherit merge; add_header C 1; }';
    expect(names(level(merging, '/'))).toEqual(['A', 'C']);
    expect(names(level('add_header A 1; location / { add_header_inherit off; }', '/'))).toEqual([]);
  });

  test('an if within a location is a level of its own, one within a server is none', () => {
    const found = levels('if ($a) { return 403; } location / { if ($b) { add_header C 1; } }');
    expect(found.map(({ kind }) => kind)).toEqual(['server', 'location', 'if']);
  });
});

describe('variables', () => {
  const value = (http: string, name: string, request: NginxRequest = {}) =>
    new NginxVariables(read(http).directives, request).valueOf(name);
  const origins =
    'map $http_origin $o { default no; "" silent; https://a.eu exact; ~^https://b\\.eu$ pattern; ~*C\\.EU any; }';

  test.each([
    ['', 'silent'],
    ['https://a.eu', 'exact'],
    ['HTTPS://A.EU', 'exact'],
    ['https://b.eu', 'pattern'],
    ['https://B.eu', 'no'],
    ['https://c.eu', 'any'],
    ['https://evil.example', 'no'],
  ])('a map of %p gives %p', (origin, expected) => {
    expect(value(origins, 'o', { http_origin: origin })).toBe(expected);
  });

  test('maps of maps, and several variables together', () => {
    const http = 'map $request_method $w { default 1; GET 0; } map $w/$http_origin $f { default bad; ~^0/ fine; }';
    expect(value(http, 'f', { request_method: 'GET' })).toBe('fine');
    expect(value(http, 'f', { request_method: 'POST' })).toBe('bad');
  });

  test.each([
    ['a variable that nobody defines', 'map $nobody $o { default 1; a 2; }'],
    ['maps in a circle', 'map $o $p { default $o; } map $p $o { default $p; }'],
    ['entries from a file', 'map $http_origin $o { include origins; }'],
    ['a pattern of another dialect', 'map $http_origin $o { "~(?>a)" 1; default 2; }'],
    ['what a pattern captured', 'map $http_origin $o { "~(.*)" $1; }'],
  ])('%s: not known', (_name, http) => {
    expect(value(http, 'o', { http_origin: 'a' })).toBeUndefined();
  });
});

describe('what becomes of a request', () => {
  const request = { request_method: 'POST', http_origin: 'https://evil.example' };
  const fate = (server: string, path = '/', http?: string) => {
    const all = levels(server, http);
    const at = all.find(({ kind, directive }) => kind === 'location' && directive.words.at(-1) === path);
    return at && fateOf(request, at, all);
  };
  const pass = 'proxy_pass http://a;';

  test.each([
    ['nothing stands in its way', `location / { ${pass} }`, 'forwarded'],
    ['the server returns', `if ($http_origin) { return 403; } location / { ${pass} }`, 'answered'],
    ['the location returns', `location / { if ($request_method = POST) { return 403; } ${pass} }`, 'answered'],
    ['another method is meant', `location / { if ($request_method = PUT) { return 403; } ${pass} }`, 'forwarded'],
    [
      'a flag is set before',
      `set $bad ""; if ($http_origin !~ "^https://a\\.eu$") { set $bad 1; } if ($bad) { return 403; } location / { ${pass} }`,
      'answered',
    ],
    ['methods are excepted', `location / { limit_except GET { deny all; } ${pass} }`, 'answered'],
    ['only neighbours may call', `location / { allow 10.0.0.0/8; deny all; ${pass} }`, 'answered'],
    ['all may call after all', `location / { allow all; deny all; ${pass} }`, 'forwarded'],
    ['a condition cannot be told, and refuses', `location / { if ($geo) { return 403; } ${pass} }`, 'forwarded'],
    ['a condition cannot be told, and decides', `location / { if ($geo) { set $x 1; } ${pass} }`, 'unknown'],
    [
      'the answer is a page of the application',
      `error_page 403 /no; if ($http_origin) { return 403; } location / { ${pass} } location = /no { ${pass} }`,
      'unknown',
    ],
  ])('%s', (_name, server, expected) => {
    expect(fate(server)).toBe(expected);
  });

  test.each([
    ['by themselves or through a named one', `location / { try_files $uri @app; } location @app { ${pass} }`, ['/']],
    ['through an internal one', `location / { try_files $uri /app; } location = /app { internal; ${pass} }`, ['/']],
    ['by a rewrite', `location / { rewrite ^ /app last; } location /app { internal; ${pass} }`, ['/app']],
    ['none for files and for questions of nginx itself', `location /static { } location /x { internal; ${pass} }`, []],
  ])('places that hand on to the application: %s', (_name, server, expected) => {
    expect(forwardingLevels(levels(server)).map(({ directive }) => directive.words.at(-1))).toEqual(expected);
  });
});
