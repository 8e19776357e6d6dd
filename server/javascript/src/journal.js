'use strict';
/** The journal of a project: what was asked and answered. */

const claims = require('./claims.js');
const { closestOf, soughtOf } = require('./likeness.js');

class Journal {
  #control;

  constructor(control) {
    this.#control = control;
  }

  /** Entries and what stands beside them: `count`, and what was `forgotten`. */
  told(filters = {}) {
    return this.#control.call('GET', 'journal', { query: filters });
  }

  /** The entries of an operation, a video, a status, ..., in order. */
  async entries(filters) {
    return (await this.told(filters)).data;
  }

  /** How many exchanges there were, repeated polls each counted. */
  async count(filters = {}) {
    const told = await this.told(filters);
    claims.checkWhole(told, filters.operation && [filters.operation]);
    return told.count;
  }

  /** The operations in order; repeated polls are one. */
  async order() {
    return (await this.entries()).map((entry) => entry.operation).filter(Boolean);
  }

  /** The entry most like what was expected, and what differs in it. */
  async closest(operation, expected = {}) {
    return closestOf(await this.entries(), soughtOf(operation, expected));
  }

  /** Whether every byte of a video (its thumbnail, its spritesheet) was sent. */
  wasDownloaded(video, variant) {
    return claims.wasDownloaded(this, video, variant);
  }

  /** Forget everything; how many entries there were. */
  async clear() {
    return (await this.#control.call('DELETE', 'journal')).cleared;
  }
}

module.exports = { Journal };
