'use strict';
/**
 * The control plane of a server, as a client sees it. By node:http, because a test may have
 * put another `fetch` into the place of the real one.
 */

const http = require('node:http');
const https = require('node:https');

const PREFIX = '/_reelmock/';

/** Real milliseconds in which nothing comes: an advance answers after a minute. */
const PATIENCE = 90_000;

/** What a server refused (`status` is HTTP's), or that none answers (`status` is null). */
class ReelmockError extends Error {
  constructor(message, { hint = '', status = null, cause } = {}) {
    super(hint ? `${message.replace(/[^.!?]$/, '$&.')} ${hint}` : message, cause && { cause });
    this.name = 'ReelmockError';
    this.hint = hint;
    this.status = status;
  }
}

/** The calls of one project, or, without a key, of nobody in particular. */
class Control {
  /** `epitaph` says why nobody answers any more, if that is known. */
  constructor(address, { apiKey, openaiProject, adminToken, epitaph } = {}) {
    this.address = address;
    this.epitaph = epitaph;
    this.headers = Object.fromEntries(
      [
        ['Authorization', apiKey && `Bearer ${apiKey}`],
        ['OpenAI-Project', openaiProject],
        ['X-Reelmock-Admin-Token', adminToken],
      ]
        .filter(([, value]) => value)
        .map(([name, value]) => [name, Buffer.from(value).toString('latin1')]),
    );
  }

  /** What a call answers, as `call('POST', 'clock/advance', { json: { seconds: 60 } })`. */
  async call(method, path, more) {
    const answer = await this.send(method, path, more);
    try {
      return JSON.parse(answer.toString());
    } catch {
      throw this.foreign();
    }
  }

  /** The same, of any bytes. */
  async send(method, path, { json, query = {}, body, patience = 0 } = {}) {
    const url = new URL(this.address + PREFIX + path);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined && value !== null) url.searchParams.set(name, written(value));
    }
    const sent = json === undefined ? body : JSON.stringify(json);
    const type = json === undefined ? {} : { 'Content-Type': 'application/json' };
    const headers = { ...this.headers, ...type, 'Content-Length': Buffer.byteLength(sent ?? '') };
    const asked = { method, headers, timeout: PATIENCE + patience };
    const answer = await exchanged(url, asked, sent).catch((cause) => {
      throw this.unreached(cause);
    });
    if (answer.status >= 200 && answer.status < 300) return answer.bytes;
    throw this.refusal(answer);
  }

  refusal({ status, bytes }) {
    try {
      const { message, hint } = JSON.parse(bytes.toString()).error;
      return new ReelmockError(message, { hint, status });
    } catch {
      return this.foreign(status);
    }
  }

  foreign(status) {
    const hint = 'Give the address that "reelmock serve" prints.';
    const message = `What answers at ${this.address} is no Reelmock with a control plane.`;
    return new ReelmockError(message, { hint, status });
  }

  unreached(cause) {
    const why = cause.code ?? cause.message;
    const hint = this.epitaph?.() ?? '';
    return new ReelmockError(`No Reelmock answers at ${this.address} (${why}).`, { hint, cause });
  }
}

/** A part of a path. */
const part = (text) => encodeURIComponent(String(text));

const written = (value) => (value instanceof Date ? value.toISOString() : String(value));

/** One exchange on a connection of its own: none is left behind when a test has ended. */
function exchanged(url, asked, body) {
  return new Promise((resolve, reject) => {
    const { request } = url.protocol === 'https:' ? https : http;
    const going = request(url, { ...asked, agent: false }, (answer) => {
      const pieces = [];
      answer.on('data', (piece) => pieces.push(piece));
      answer.on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode, bytes: Buffer.concat(pieces) }));
    });
    going.on('timeout', () => going.destroy(new Error('nothing came in time')));
    going.on('error', reject);
    going.end(body);
  });
}

module.exports = { Control, ReelmockError, part };
