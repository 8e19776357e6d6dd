'use strict';
/**
 * What tests claim of a project: a claim that fails shows the call that came closest, and
 * one that cannot be judged because something was forgotten says so.
 */

const { AssertionError } = require('node:assert');

const { closestOf, differencesOf, soughtOf, told } = require('./likeness.js');

/** AssertionError unless there was such a call, or exactly so many. */
async function assertCalled(journal, operation, { times, ...expected } = {}) {
  const sought = soughtOf(operation, expected);
  const found = await journal.told({ operation }); // an unknown operation is refused
  const met = found.data.filter((entry) => differencesOf(entry, sought).length === 0);
  const called = met.reduce((sum, entry) => sum + countOf(entry), 0);
  if (called > 0 && times === undefined) return;
  if (times === undefined || called <= times) checkWhole(found, [operation]);
  if (called === times) return;
  failed(unmet(await journal.entries(), sought, called, times));
}

/** AssertionError unless these came one after the other, whatever came between them. */
async function assertOrder(journal, operations) {
  const wanted = operations.map((name) => name.toLowerCase());
  for (const operation of new Set(operations)) await journal.told({ operation, limit: 0 });
  const found = await journal.told();
  const met = metOf(eventsOf(found.data), wanted);
  if (met === wanted.length) return;
  checkWhole(found, operations);
  const before = met ? `after ${operations.slice(0, met).join(', ')}` : 'at all';
  const order = found.data.map((entry) => entry.operation).filter(Boolean).join(', ');
  failed(`There was no ${operations[met]} ${before}. There was: ${order || 'nothing'}.`);
}

/** AssertionError unless every byte was sent. */
async function assertDownloaded(journal, video, variant = 'video') {
  if (await wasDownloaded(journal, video, variant)) return;
  const asked = await journal.entries({ operation: 'getVideoContent', video });
  const words = asked.map(line).join('; ') || 'it was never asked for';
  failed(`The ${variant} of ${video} was not downloaded: ${words}.`);
}

/** AssertionError if the contract let anything pass with a warning. */
async function assertNoContractWarnings(journal) {
  const found = await journal.told();
  const warned = found.data.flatMap((entry) =>
    entry.warnings.map(({ rule, message }) => `  ${line(entry)}: ${rule}: ${message}`),
  );
  if (warned.length) {
    failed(['The contract let pass what the hosted service refused:', ...warned].join('\n'));
  }
  checkWhole(found);
}

/** AssertionError unless all videos together would have cost less. */
function checkSpend(spend, usd) {
  if (spend.usd < usd) return;
  const dollars = (amount) => `$${amount.toFixed(2)}`;
  const models = Object.entries(spend.models).map(([name, one]) => `${name} ${dollars(one.usd)}`);
  const number = Object.keys(spend.videos).length;
  failed(
    `${number} ${number === 1 ? 'video' : 'videos'} would have cost ${dollars(spend.usd)}, ` +
      `which is not below ${dollars(usd)}: ${models.join(', ') || 'nothing'}.`,
  );
}

/** AssertionError if exchanges of these operations were forgotten; without any, of all. */
function checkWhole({ forgotten }, operations) {
  const asked = operations?.map((name) => name.toLowerCase());
  const lost = Object.entries(forgotten)
    .filter(([name, number]) => number && (!asked || asked.includes(name.toLowerCase())))
    .map(([name, number]) => `${number} of ${name || 'no operation'}`);
  if (!lost.length) return;
  failed(
    `This cannot be said: the journal was full and forgot exchanges (${lost.join(', ')}). ` +
      'Clear it before what you test, or give the test a project of its own.',
  );
}

/** Whether every byte was sent, in one answer or in several. */
async function wasDownloaded(journal, video, variant = 'video') {
  const found = await journal.told({ operation: 'getVideoContent', video, variant });
  const whole = found.data.filter((entry) => !entry.fault?.corrupt);
  if (isCovered(whole.map(placed))) return true;
  checkWhole(found, ['getVideoContent']);
  return false;
}

function unmet(entries, sought, called, times) {
  const { operation, body, ...parts } = sought;
  const asked = { ...parts, ...body };
  const more = Object.keys(asked).length ? ` with ${told(asked)}` : '';
  const expected = times === undefined ? 'at least once' : timesOf(times);
  const words = `${operation}${more} was called ${timesOf(called)}, expected ${expected}.`;
  const { entry, differences } = closestOf(entries, sought);
  if (!entry) return `${words} The journal is empty.`;
  if (!differences.length) return `${words} The last one: ${line(entry)}.`;
  return `${words} The closest call: ${line(entry)}; ${differences.join('; ')}.`;
}

/** An entry in a line. */
function line(entry) {
  const count = countOf(entry);
  const said = `#${entry.number} ${entry.operation ?? 'no operation'} ${entry.method} ${entry.path}`;
  return `${said} -> ${entry.status ?? 'no answer'}${count > 1 ? ` x${count}` : ''}`;
}

/** Operations in order: repeated polls were first and last at two places. */
function eventsOf(entries) {
  const events = entries.flatMap((entry) => {
    const first = [entry.wall.serial, entry.operation, 1];
    const more = countOf(entry) - 1;
    return more ? [first, [entry.wall.last_serial, entry.operation, more]] : [first];
  });
  return events.sort(([left], [right]) => left - right);
}

function metOf(events, wanted) {
  let met = 0;
  for (const [, operation, number] of events) {
    const end = Math.min(wanted.length, met + number);
    while (met < end && wanted[met] === operation?.toLowerCase()) met += 1;
  }
  return met;
}

/** Whether the parts that were sent make a whole. */
function isCovered(parts) {
  const size = parts.findLast((one) => one.size !== null)?.size ?? null;
  let reached = 0;
  for (const { start, end } of parts.sort((left, right) => left.start - right.start)) {
    if (start !== null && start <= reached) reached = Math.max(reached, end);
  }
  return size !== null && reached >= size;
}

/** Where an answer's bytes lie in the file, and the file's size, if it tells. */
function placed({ status, fault, answer: { headers, bytes } }) {
  const nowhere = { start: null, end: null, size: null };
  if (status === 200) {
    // A truncating fault may announce what it sends as the whole.
    const isCut = fault?.truncate !== undefined;
    const length = headers['content-length'];
    return { start: 0, end: bytes, size: length && !isCut ? Number(length) : null };
  }
  const span = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers['content-range'] ?? '');
  if (status !== 206 || !span) return nowhere;
  const start = Number(span[1]);
  return { start, end: start + bytes, size: Number(span[2]) };
}

const countOf = (entry) => entry.polls?.count ?? 1;

const timesOf = (number) => (number === 1 ? 'once' : `${number} times`);

function failed(message) {
  throw new AssertionError({ message, stackStartFn: failed });
}

module.exports = {
  assertCalled, assertDownloaded, assertNoContractWarnings, assertOrder, checkSpend, checkWhole,
  wasDownloaded,
};
