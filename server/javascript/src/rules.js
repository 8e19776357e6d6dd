'use strict';
/** The faults and the scenarios of a project. */

const { readFile } = require('node:fs/promises');

const { part } = require('./control.js');

class Faults {
  #control;

  constructor(control) {
    this.#control = control;
  }

  /** Arm one, in the words of a scenario's `when` and `fault` side by side. */
  add(words) {
    return this.#control.call('POST', 'faults', { json: words });
  }

  async list() {
    return (await this.#control.call('GET', 'faults')).data;
  }

  /** How often one was served; 0 for one that is not armed. */
  async served(fault) {
    const id = idOf(fault);
    return (await this.list()).find((one) => one.id === id)?.served ?? 0;
  }

  /** Disarm one, by its id or as `add` told it. */
  async remove(fault) {
    await this.#control.call('DELETE', `faults/${part(idOf(fault))}`);
  }

  async clear() {
    return (await this.#control.call('DELETE', 'faults')).disarmed;
  }
}

class Scenarios {
  #control;

  constructor(control) {
    this.#control = control;
  }

  /** A ready-made one's name, a file's path, or the text of one. */
  async use(scenario) {
    const text = await textOf(scenario);
    const more = text === null ? { query: { use: scenario } } : { body: text };
    return (await this.#control.call('PUT', 'scenarios', more)).data;
  }

  async clear() {
    await this.#control.call('DELETE', 'scenarios');
  }

  /** How often each rule was applied, by its name. */
  async applied() {
    const { data } = await this.#control.call('GET', 'scenarios');
    const rules = data.flatMap((scenario) => scenario.rules);
    return Object.fromEntries(rules.map(({ name, applied }) => [name, applied]));
  }
}

/** What a scenario is written as; null for the name of one that the server has. */
async function textOf(scenario) {
  if (scenario instanceof URL) return readFile(scenario, 'utf8');
  if (scenario.includes('\n')) return scenario;
  return /[/\\.]/.test(scenario) ? readFile(scenario, 'utf8') : null;
}

const idOf = (told) => (typeof told === 'string' ? told : told.id);

module.exports = { Faults, Scenarios, idOf };
