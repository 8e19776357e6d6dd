'use strict';
/** How far an entry of the journal is from what was expected, in words. */

/** How much it tells that a part differs; one field of a body or header tells 1. */
const WEIGHTS = { operation: 8, path: 4, method: 4, video: 3, variant: 2, status: 2, rule: 2 };

const PARTS = [...Object.keys(WEIGHTS), 'body', 'headers'];

/** Characters of a text that are compared to say how alike it is. */
const COMPARED = 200;

/** Bytes of a text that the journal keeps. */
const KEPT = 2048;

/** What can be expected of a field besides being equal, and how it is said. */
const LOOKUPS = {
  contains: [(a, e) => textOf(a).includes(e), (e) => `with ${told(e)} in it`],
  startsWith: [(a, e) => textOf(a).startsWith(e), (e) => `that begins with ${told(e)}`],
  endsWith: [(a, e) => textOf(a).endsWith(e), (e) => `that ends with ${told(e)}`],
  oneOf: [(a, e) => e.map(String).includes(String(a)), (e) => `that is one of ${told(e)}`],
  not: [(a, e) => !isLike(a, e), (e) => `that is not ${told(e)}`],
  gt: [(a, e) => Number(a) > e, (e) => `above ${e}`],
  gte: [(a, e) => Number(a) >= e, (e) => `of at least ${e}`],
  lt: [(a, e) => Number(a) < e, (e) => `below ${e}`],
  lte: [(a, e) => Number(a) <= e, (e) => `of at most ${e}`],
};

/** What is expected of an operation: what is no part of an exchange is a field of its body. */
function soughtOf(operation, { body = {}, ...expected }) {
  const said = Object.entries(expected).filter(([, value]) => value !== undefined);
  const isPart = ([name]) => PARTS.includes(name);
  const fields = Object.fromEntries(said.filter((one) => !isPart(one)));
  const parts = Object.fromEntries(said.filter(isPart));
  return { ...(operation && { operation }), ...parts, body: { ...body, ...fields } };
}

/** Everything in which the entry is not as expected: `{ words, size }`. */
function differencesOf(entry, { body = {}, headers = {}, ...parts }) {
  const found = Object.entries(parts).flatMap(([name, value]) =>
    compared(name, partOf(entry, name), value, WEIGHTS[name]),
  );
  const lowered = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  found.push(...compared('headers', entry.headers, Object.fromEntries(lowered)));
  return [...found, ...compared('body', entry.body ?? {}, body)];
}

/** The entry most like what is expected, of several the newest. */
function closestOf(entries, sought) {
  let best = { entry: null, differences: [] };
  let least = Infinity;
  for (const entry of entries) {
    const found = differencesOf(entry, sought);
    const size = found.reduce((sum, one) => sum + one.size, 0);
    if (size > least) continue;
    least = size;
    best = { entry, differences: found.map((one) => one.words) };
  }
  return best;
}

function partOf(entry, name) {
  if (name === 'operation') return entry.operation?.toLowerCase();
  if (name !== 'variant') return entry[name];
  if (!entry.operation?.endsWith('VideoContent')) return null;
  return new URLSearchParams(entry.query).get('variant') ?? 'video';
}

function compared(where, actual, expected, weight = 1) {
  if (isPlain(expected) && !lookupsOf(expected) && isPlain(actual)) {
    return Object.entries(expected).flatMap(([name, value]) =>
      compared(`${where}.${name}`, actual[name], value),
    );
  }
  const wanted = where === 'operation' ? expected.toLowerCase() : expected;
  if (isLike(actual, wanted)) return [];
  const is = actual === undefined ? 'missing' : told(actual);
  const words = `${where} is ${is}, expected ${told(expected)}`;
  return [{ words, size: weight * unlikeness(actual, wanted) }];
}

/** Whether it is as expected. A form has only texts, so that 4 is like '4'. */
function isLike(actual, expected) {
  if (actual === undefined || actual === null) return expected === null;
  if (expected instanceof RegExp) return textOf(actual).search(expected) >= 0;
  if (Array.isArray(expected)) {
    const isList = Array.isArray(actual) && actual.length === expected.length;
    return isList && expected.every((one, place) => isLike(actual[place], one));
  }
  if (!isPlain(expected)) return String(actual) === String(expected) || isHead(actual, expected);
  const lookups = lookupsOf(expected);
  if (lookups) return lookups.every(([name, operand]) => LOOKUPS[name][0](actual, operand));
  return isPlain(actual) && compared('', actual, expected).length === 0;
}

/** Whether the journal kept only the head of a long text. */
function isHead(actual, expected) {
  if (typeof expected !== 'string' || Buffer.byteLength(expected) <= KEPT) return false;
  const [, head] = /^(.*)… \([\d,]+ characters\)$/s.exec(actual) ?? [];
  return head !== undefined && expected.startsWith(head);
}

/** The lookups that an object consists of, if it does. */
function lookupsOf(expected) {
  const found = isPlain(expected) ? Object.entries(expected) : [];
  return found.length && found.every(([name]) => name in LOOKUPS) ? found : null;
}

/** From nearly nothing to 1: texts can be more or less alike, by the letters they share. */
function unlikeness(actual, expected) {
  if (typeof actual !== 'string' || typeof expected !== 'string') return 1;
  const [left, right] = [actual, expected].map((text) => text.slice(0, COMPARED));
  const letters = new Map();
  for (const letter of left) letters.set(letter, (letters.get(letter) ?? 0) + 1);
  let shared = 0;
  for (const letter of right) {
    const there = letters.get(letter) ?? 0;
    if (there > 0) shared += 1;
    letters.set(letter, there - 1);
  }
  return 1 - shared / (left.length + right.length || 1);
}

function told(value) {
  const text = isPlain(value) ? toldObject(value) : toldOther(value);
  return text.length <= COMPARED ? text : `${text.slice(0, COMPARED)}…`;
}

function toldObject(value) {
  const lookups = lookupsOf(value);
  if (lookups) return `one ${lookups.map(([name, one]) => LOOKUPS[name][1](one)).join(' and ')}`;
  const fields = Object.entries(value).map(([name, one]) => `${name}: ${told(one)}`);
  return `{ ${fields.join(', ')} }`;
}

function toldOther(value) {
  if (value instanceof RegExp) return `a match of ${value}`;
  return typeof value === 'string' || Array.isArray(value) ? JSON.stringify(value) : String(value);
}

const textOf = (value) => (typeof value === 'object' ? JSON.stringify(value) : String(value));

const isPlain = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof RegExp);

module.exports = { closestOf, differencesOf, soughtOf, told };
