'use strict';
/** A project's clock. */

class Clock {
  #control;

  constructor(control) {
    this.#control = control;
  }

  /** Stop it, now or at an instant. */
  freeze(at) {
    return this.#control.call('POST', 'clock/freeze', { json: { at } });
  }

  /** Move it ahead: when this is answered, what was due within the span has happened. */
  advance(seconds) {
    return this.#control.call('POST', 'clock/advance', { json: { seconds } });
  }

  resume() {
    return this.#control.call('POST', 'clock/resume');
  }

  speed(speed) {
    return this.#control.call('POST', 'clock/speed', { json: { speed } });
  }

  told() {
    return this.#control.call('GET', 'clock');
  }

  async now() {
    return new Date((await this.told()).now);
  }

  async isFrozen() {
    return (await this.told()).state === 'frozen';
  }
}

module.exports = { Clock };
