import { types } from 'pg';

type Parse = (text: string) => unknown;

const number: Parse = (text) => (/^-?\d/.test(text) && Number.isFinite(Number(text)) ? Number(text) : text);
const json: Parse = (text) => JSON.parse(text);
/** A time of a session that speaks UTC: `2026-03-02 12:00:00.5+00` is `2026-03-02T12:00:00.5Z`. `infinity` stays a word. */
const time: Parse = (text) => text.replace(/^(\d{4,}-\d\d-\d\d) /, '$1T').replace(/\+00$/, 'Z');
const bytes: Parse = (text) => text.replace(/^\\x/, '');
const truth: Parse = (text) => text === 't';

/** Types whose values are more than text, by their fixed numbers (`SELECT oid, typname FROM pg_type`). */
const scalars: Readonly<Record<number, Parse>> = {
  16: truth, // bool
  17: bytes, // bytea
  21: number, // int2
  23: number, // int4
  26: number, // oid
  700: number, // float4
  701: number, // float8
  114: json, // json
  3802: json, // jsonb
  1114: time, // timestamp
  1184: time, // timestamptz
};

/** Arrays, by their own numbers: their members are those of the scalar type, or text. */
const arrays: Readonly<Record<number, Parse>> = {
  1000: truth, // bool[]
  1005: number, // int2[]
  1007: number, // int4[]
  1028: number, // oid[]
  1002: String, // "char"[]
  1003: String, // name[]
  1009: String, // text[]
  1015: String, // varchar[]
  1016: String, // int8[]
  1034: String, // aclitem[]
  2951: String, // uuid[]
  1231: String, // numeric[]
};

const textArrayType: number = 1009;
const textArray: Parse = types.getTypeParser(textArrayType);

/** Turns what the server sends as text into plain data; what JSON has no form for stays the text that it was sent as. */
export function valueParser(oid: number): Parse {
  const scalar = scalars[oid];
  if (scalar) {
    return scalar;
  }
  const member = arrays[oid];
  return member ? (text) => members(textArray(text), member) : String;
}

function members(list: unknown, parse: Parse): unknown {
  return Array.isArray(list)
    ? list.map((each) => (Array.isArray(each) ? members(each, parse) : each === null ? null : parse(String(each))))
    : list;
}
