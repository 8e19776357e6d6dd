'use strict';
/** What `startReelmock` takes, and what it makes of it on the command line of a server. */

const WAYS = ['url', 'image', 'command'];

const KNOWN = {
  url: ['adminToken'],
  image: ['engine', 'engineArgs'],
  command: [],
};

/** What a server that is started here can be told. */
const SETTINGS = [
  'pace', 'contract', 'dialect', 'scenario', 'port', 'args', 'adminToken', 'startTimeout',
];

const USUAL = { pace: 'fast', contract: 'strict', dialect: 'openai-exact', port: 0, args: [] };

/** The options with what was not said; TypeError for those that make no sense. */
function readOptions(options) {
  const said = Object.entries(options).filter(([, value]) => value !== undefined);
  const given = Object.fromEntries(said);
  const ways = WAYS.filter((way) => way in given);
  if (ways.length > 1) {
    throw new TypeError(`startReelmock: give ${ways.join(' or ')}, and not both.`);
  }
  const way = ways[0] ?? 'command';
  const known = [way, ...KNOWN[way], ...(way === 'url' ? [] : SETTINGS)];
  for (const name of Object.keys(given)) check(name, way, known);
  return { ...(way === 'url' ? {} : USUAL), ...given, way };
}

function check(name, way, known) {
  if (known.includes(name)) return;
  const isOther = [...SETTINGS, ...Object.values(KNOWN).flat()].includes(name);
  if (isOther && way === 'url') {
    throw new TypeError(
      `startReelmock: ${name} is for a server that is started here, and the one at the url ` +
        'runs already; of a project, setTerms() and scenario() say it.',
    );
  }
  const options = isOther ? `with ${way} there is no option` : 'there is no option';
  throw new TypeError(`startReelmock: ${options} '${name}'; it takes ${known.join(', ')}.`);
}

/** The flags of `reelmock serve` that these options are. */
function flagsOf({ pace, contract, dialect, scenario, args }) {
  return [
    '--until-eof', '--ephemeral', '--log-level', 'warning',
    '--pace', pace, '--contract', contract, '--dialect', dialect,
    ...listed(scenario).flatMap((one) => ['--scenario', one]),
    ...args.map(String),
  ];
}

/** A command in words: a text is split at its spaces. */
function wordsOf(command) {
  return Array.isArray(command) ? command.map(String) : command.split(/\s+/).filter(Boolean);
}

const listed = (one) => (one === undefined ? [] : [one].flat());

module.exports = { flagsOf, readOptions, wordsOf };
