'use strict';
/** What the package gives. */

const { ReelmockError } = require('./control.js');
const { ReelmockProject } = require('./project.js');
const { ReelmockServer } = require('./server.js');
const { startReelmock } = require('./start.js');

module.exports = { ReelmockError, ReelmockProject, ReelmockServer, startReelmock };
