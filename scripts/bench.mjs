// `npm run bench [-- options]`: sets up, builds, and runs the benches; see docs/bench.md.
import { parseArgs } from 'node:util';
import { giveUp, say, setup } from './setup.mjs';

const USAGE = `usage: npm run bench -- [options]

Speed of the engine in open halls: agent-seconds simulated per second, with a hash of the state reached.

  --quick          small halls, a few seconds in all
  --large          also 100 000 persons at 2 /m²
  --huge           instead: one hall of 1 000 000 persons at 2 /m²; set-up and memory by part, three simulated seconds;
                   then a street of 200 rooms and towers of up to 40 storeys; with --persons N one hall of so many, nothing else
  --dense          instead: 100 000 hurried adults at 6 /m², who touch, on one and on two threads, by turns; --threads, --persons as below
  --scale          instead: what an agent-second costs in crowds of 1 000 to 100 000 at 1 /m², by turns
  --pillars        instead: what an agent-second costs in a hall of 1 000 with 0, 16, 90 and 380 pillars, by turns
  --behaviour      instead: what people who notice, hear, tell, imitate, feel and act cost: 10 000 in four halls, and 2 000 in a building of
                   40 doors with every mechanism at work; by processor time, with the share of each mechanism
  --threads 1,2    instead: 100 000 persons at 2 /m² with these numbers of threads, by turns; --persons N for another crowd
  --kernels A,B    instead: the same on one thread (--threads: others) with these builds of the kernel, simd and scalar, by turns;
                   --dense: the packed crowd
  --peer jupedsim  the same halls on JuPedSim too, in turn; installs it into .venv-peer the first time; many minutes
  --peer-step S    time step of the peer instead of its default [s]
  --repeats N      repeats of every scene (3)
  --save           adds the numbers to bench/results/<machine>.csv
  --json           prints the numbers as JSON`;

function readArguments() {
  const options = {
    quick: { type: 'boolean', default: false },
    large: { type: 'boolean', default: false },
    huge: { type: 'boolean', default: false },
    dense: { type: 'boolean', default: false },
    scale: { type: 'boolean', default: false },
    pillars: { type: 'boolean', default: false },
    behaviour: { type: 'boolean', default: false },
    threads: { type: 'string' },
    kernels: { type: 'string' },
    persons: { type: 'string' },
    peer: { type: 'string' },
    'peer-step': { type: 'string' },
    repeats: { type: 'string', default: '3' },
    save: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  };
  let values;
  try {
    values = parseArgs({ options }).values;
  } catch (error) {
    say(USAGE);
    giveUp(error.message);
  }
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  if (values.peer !== undefined && values.peer !== 'jupedsim') {
    giveUp(`--peer knows \`jupedsim\`, found \`${values.peer}\`.`);
  }
  const repeats = Number(values.repeats);
  if (!Number.isInteger(repeats) || repeats < 1)
    giveUp(`--repeats wants a whole number from 1, found ${values.repeats}.`);
  if (values.huge && (values.large || values.peer !== undefined)) giveUp('--huge goes with --quick and --json only.');
  if (values.quick && values.large) giveUp('--quick and --large exclude each other.');
  if (values.peer !== undefined && values.large) giveUp('--large is for the engine alone, without --peer.');
  for (const name of ['threads', 'kernels']) {
    if (values[name] !== undefined && (values.peer !== undefined || values.large || values.huge)) {
      giveUp(`--${name} excludes --peer, --large and --huge.`);
    }
  }
  const kernels = values.kernels?.split(',');
  if (kernels?.some((build) => build !== 'simd' && build !== 'scalar')) {
    giveUp(`--kernels wants simd and scalar with a comma between, found ${values.kernels}.`);
  }
  if (values.dense && (values.peer !== undefined || values.large || values.huge)) {
    giveUp('--dense excludes --peer, --large and --huge.');
  }
  if (values.scale && [values.peer, values.threads, values.kernels].some((one) => one !== undefined)) {
    giveUp('--scale excludes --peer, --threads and --kernels.');
  }
  if (values.scale && (values.large || values.huge || values.dense))
    giveUp('--scale excludes --large, --huge and --dense.');
  for (const [alone, others] of [
    ['behaviour', ['peer', 'threads', 'kernels', 'large', 'huge', 'dense', 'scale', 'pillars']],
    ['pillars', ['peer', 'threads', 'kernels', 'large', 'huge', 'dense', 'scale']],
  ]) {
    const other = others.find((name) => values[name] !== undefined && values[name] !== false);
    if (values[alone] && other !== undefined) giveUp(`--${alone} excludes --${other}.`);
  }
  const threadsAlone = values.kernels !== undefined ? '1' : values.dense ? '1,2' : undefined;
  const threads = (values.threads ?? threadsAlone)?.split(',').map(Number);
  if (threads?.some((number) => !Number.isInteger(number) || number < 1 || number > 256)) {
    giveUp(`--threads wants whole numbers from 1 to 256 with commas between, found ${values.threads}.`);
  }
  const persons = values.persons === undefined ? undefined : Number(values.persons);
  if (persons !== undefined && ((threads === undefined && !values.huge) || !Number.isInteger(persons) || persons < 1)) {
    giveUp(
      `--persons belongs to --threads, --kernels, --dense or --huge and wants a whole number from 1, found ${values.persons}.`,
    );
  }
  const step = values['peer-step'] === undefined ? null : Number(values['peer-step']);
  if (step !== null && !(step > 0 && step <= 0.1)) giveUp('--peer-step wants a number of seconds up to 0.1.');
  return { ...values, repeats, step, threads, kernels, persons };
}

const whole = (value) => Math.round(value).toLocaleString('en');
const seconds = (value) => (Number.isNaN(value) ? '–' : `${value.toFixed(1)} s`);
const percent = (value) => `${value.toFixed(0)} %`;

function table(columns, rows) {
  const cells = [columns.map(([title]) => title), ...rows.map((row) => columns.map(([, read]) => read(row)))];
  const widths = columns.map((_, k) => Math.max(...cells.map((line) => line[k].length)));
  return cells
    .map((line) => line.map((cell, k) => (k === 0 ? cell.padEnd(widths[k]) : cell.padStart(widths[k]))).join('  '))
    .join('\n');
}

function tellHalls(bench, rows, repeats) {
  console.log(`\nCrashbar ${bench.commit}, Node ${bench.node}, one thread. ${bench.machine}, load ${bench.load}.`);
  console.log(
    `Best of ${repeats} warm repeats in one process, 5 simulated seconds of warm-up before each; stepping alone is timed.\n`,
  );
  const columns = [
    ['scene', (row) => row.what],
    ['agent-s/s', (row) => whole(row.rate)],
    ['worst took longer by', (row) => percent(row.spread)],
    ['× real time', (row) => row.realTime.toFixed(1)],
    ['bytes/person', (row) => whole(row.bytesPerPerson)],
    ['set-up', (row) => `${row.setup.toFixed(2)} s`],
    ['state', (row) => row.hash],
  ];
  console.log(table(columns, rows));
}

function tellHuge(bench, row, buildings) {
  const { what, times, bytes, recorded, resident, hash } = row;
  console.log(
    `\nCrashbar ${bench.commit}, Node ${bench.node}, one thread. ${bench.machine}, load ${bench.load}.\n\n${what}\n`,
  );
  const list = (title, entries) =>
    table(
      [
        [title, ([name]) => name],
        ['', ([, value]) => value],
      ],
      entries,
    );
  console.log(
    list(
      'time',
      Object.entries(times).map(([name, value]) => [name, `${value.toFixed(2)} s`]),
    ),
  );
  const withoutFields = Object.entries(bytes).reduce((sum, [name, value]) => sum + (name === 'fields' ? 0 : value), 0);
  const rows = [...Object.entries(bytes), ['all but fields', withoutFields]];
  console.log(
    `\n${list(
      'bytes per person',
      rows.map(([name, value]) => [name, value.toFixed(0)]),
    )}`,
  );
  console.log(
    `\nrecorded ${whole(recorded / 1e6)} MB, the process held ${whole(resident / 1e6)} MB at most, state ${hash}`,
  );
  const columns = [
    ['ten simulated seconds of', (one) => one.what],
    ['persons', (one) => whole(one.persons)],
    ['areas', (one) => whole(one.areas)],
    ['compiling', (one) => `${one.compiling.toFixed(2)} s`],
    ['starting', (one) => `${one.starting.toFixed(2)} s`],
    ['fields', (one) => whole(one.fields)],
    ['their MB', (one) => (one.fieldBytes / 1e6).toFixed(1)],
    ['agent-s/s', (one) => whole(one.rate)],
    ['state', (one) => one.hash],
  ];
  if (buildings.length > 0) console.log(`\n${table(columns, buildings)}`);
}

function tellThreads(bench, rows, repeats) {
  console.log(`\nCrashbar ${bench.commit}, Node ${bench.node}. ${bench.machine}, load ${bench.load}.`);
  console.log(
    `By turns of a simulated second in one process, ${repeats} repeats after 5 simulated seconds of warm-up; stepping alone is timed.\n`,
  );
  const columns = [
    ['scene', (row) => row.what],
    ['agent-s/s', (row) => whole(row.rate)],
    ['worst took longer by', (row) => percent(row.spread)],
    ['× real time', (row) => row.realTime.toFixed(2)],
    ['touching one', (row) => row.touching.toFixed(2)],
    [
      `× ${rows[0].threads} thread${rows[0].threads === 1 ? '' : 's'}, ${rows[0].kernel ?? ''}`.replace(/, $/, ''),
      (row) => row.ratio.toFixed(2),
    ],
    ['from … to', (row) => `${row.ratioMin.toFixed(2)} … ${row.ratioMax.toFixed(2)}`],
    ['state', (row) => row.hash],
  ];
  console.log(table(columns, rows));
}

function tellScale(bench, rows, repeats) {
  console.log(`\nCrashbar ${bench.commit}, Node ${bench.node}, one thread. ${bench.machine}, load ${bench.load}.`);
  console.log(
    `By turns of a simulated second in one process, seconds 5 to 10 of ${repeats} repeats; stepping alone is timed.\n`,
  );
  const columns = [
    ['scene', (row) => row.what],
    ['copies', (row) => whole(row.copies)],
    ['agent-s/s', (row) => whole(row.rate)],
    ['worst took longer by', (row) => percent(row.spread)],
    ['cost rises by', (row) => percent(row.rise)],
    ['from … to', (row) => `${row.riseMin.toFixed(0)} … ${row.riseMax.toFixed(0)} %`],
    ['state', (row) => row.hash],
  ];
  console.log(table(columns, rows));
}

function tellPillars(bench, rows, repeats) {
  console.log(`\nCrashbar ${bench.commit}, Node ${bench.node}, one thread. ${bench.machine}, load ${bench.load}.`);
  console.log(
    `By turns of a simulated second in one process until all are out, ${repeats} warm repeats; stepping alone is timed. Cost of an agent-second over the\n` +
      'hall without pillars, median and range of the repeats: of the whole, and of the first 10 s, in which nearly all are there.\n',
  );
  const over = (value, least, most) => `× ${value.toFixed(2)} (${least.toFixed(2)} … ${most.toFixed(2)})`;
  const columns = [
    ['scene', (row) => row.what],
    ['agent-s/s', (row) => whole(row.rate)],
    ['worst took longer by', (row) => percent(row.spread)],
    ['cost, whole', (row) => over(row.cost, row.costMin, row.costMax)],
    ['cost, first 10 s', (row) => over(row.first, row.firstMin, row.firstMax)],
    ['state', (row) => row.hash],
  ];
  console.log(table(columns, rows));
}

function tellBehaviour(bench, rows, repeats) {
  console.log(`\nCrashbar ${bench.commit}, Node ${bench.node}, one thread. ${bench.machine}, load ${bench.load}.`);
  console.log(
    `Whole runs, the best of ${repeats} warm repeats in one process by its processor time; setting up is not timed. Cold: the first run of\n` +
      'its process by processor time. Of a step: the share of behaviour with the choice of ways, and what is on top of choosing ways in the same crowd without.\n',
  );
  const columns = [
    ['scene', (row) => row.what],
    ['simulated', (row) => seconds(row.simulated)],
    ['processor', (row) => `${row.processor.toFixed(2)} s`],
    ['worst took longer by', (row) => percent(row.spread)],
    ['× real time', (row) => row.realTime.toFixed(1)],
    ['on the wall', (row) => row.realTimeWall.toFixed(1)],
    ['cold', (row) => row.realTimeCold.toFixed(1)],
    ['of a step', (row) => percent(row.share)],
    ['on top', (row) => percent(row.onTop)],
    ['state', (row) => row.hash],
  ];
  console.log(table(columns, rows));
  for (const { what, mechanisms } of rows) {
    const shares = mechanisms
      .filter(({ share }) => share >= 0.05)
      .map(({ name, share }) => `${name} ${share.toFixed(1)} %`);
    console.log(`\n${what}: ${shares.join(', ')}`);
  }
}

function tellComparison(bench, rows, costs, repeats) {
  console.log(
    `\nCrashbar ${bench.commit}, Node ${bench.node}, and ${rows[0].peer}. ${bench.machine}, load ${bench.load}.\n` +
      `Best of ${repeats} turns, ours and theirs by turns, each turn a process; stepping alone is timed. Ours is the second run\n` +
      'of its process (first: `cold`). Our step: decisions every 0.1 s, moves at 60 or 120 Hz.\n',
  );
  const end = (time, out, row) => (Number.isNaN(time) ? `${out} of ${row.persons} at ${row.seconds} s` : seconds(time));
  const speeds = [
    ['agent-seconds per second', (row) => row.what],
    ['ours', (row) => whole(row.ours)],
    ['spread', (row) => percent(row.oursSpread)],
    ['cold', (row) => whole(row.oursCold)],
    ['JuPedSim', (row) => whole(row.theirs)],
    ['spread', (row) => percent(row.theirSpread)],
    ['ratio', (row) => row.ratio.toFixed(2)],
  ];
  const outcomes = [
    ['everybody out at', (row) => row.what],
    ['ours', (row) => end(row.oursEnd, row.oursOut, row)],
    ['JuPedSim', (row) => end(row.theirEnd, row.theirOut, row)],
    ['our state', (row) => row.hash],
    ['JuPedSim’s places', (row) => row.theirHash],
  ];
  const flows = [
    ['flow, middle 80 %', (row) => row.what],
    ['ours', (row) => `${row.oursFlow.toFixed(2)} /s`],
    ['JuPedSim', (row) => `${row.theirFlow.toFixed(2)} /s`],
  ];
  const pillars = [
    ['cost of an agent-second', (row) => row.scene],
    ['ours', (row) => `× ${row.ours.toFixed(2)}`],
    ['JuPedSim', (row) => `× ${row.theirs.toFixed(2)}`],
  ];
  const withFlow = rows.filter((row) => !Number.isNaN(row.oursFlow) || !Number.isNaN(row.theirFlow));
  console.log([table(speeds, rows), table(outcomes, rows), table(flows, withFlow), table(pillars, costs)].join('\n\n'));
}

const {
  quick,
  large,
  huge,
  dense,
  scale,
  pillars,
  behaviour,
  peer,
  repeats,
  step,
  threads,
  kernels,
  persons,
  save,
  json,
} = readArguments();
await setup();
const { appendResults, describeBench } = await import('../bench/results.mjs');
const bench = describeBench();
const tell = ({ what }) => say(`measured: ${what}`);
/** Prints rows of the engine alone; returns them as `appendResults` wants them. */
function report(found, tellRows) {
  if (json) console.log(JSON.stringify({ ...bench, repeats, rows: found }, null, 2));
  else tellRows(bench, found, repeats);
  return found.map((row) => ({ ...row, ours: row.rate, oursSpread: row.spread }));
}

let rows;
if (huge) {
  const { benchHuge } = await import('../bench/huge.mjs');
  const row = benchHuge({ count: persons ?? (quick ? 20_000 : 1_000_000), tell });
  const { benchBuildings } = await import('../bench/buildings.mjs');
  const buildings = persons === undefined ? benchBuildings({ quick, tell }) : [];
  if (json) console.log(JSON.stringify({ ...bench, ...row, buildings }, null, 2));
  else tellHuge(bench, row, buildings);
  process.exit(0);
}
if (behaviour) {
  const { benchBehaviour } = await import('../bench/behaviour.mjs');
  rows = report(benchBehaviour({ quick, repeats, tell }), tellBehaviour);
} else if (pillars) {
  const { benchPillars } = await import('../bench/pillars.mjs');
  rows = report(benchPillars({ quick, repeats, tell }), tellPillars);
} else if (scale) {
  const { benchScale } = await import('../bench/scale.mjs');
  rows = report(benchScale({ quick, repeats, tell }), tellScale);
} else if (threads !== undefined) {
  const { benchThreads } = await import('../bench/threads.mjs');
  rows = report(await benchThreads({ threads, kernels, persons, dense, quick, repeats, tell }), tellThreads);
} else if (peer === undefined) {
  const { benchHalls } = await import('../bench/halls.mjs');
  rows = report(benchHalls({ quick, large, repeats, tell }), tellHalls);
} else {
  const { compareWithPeer, pillarCosts } = await import('../bench/against-peer.mjs');
  rows = compareWithPeer({ quick, repeats, step, tell });
  const costs = pillarCosts(rows);
  if (json) console.log(JSON.stringify({ ...bench, repeats, rows, pillarCosts: costs }, null, 2));
  else tellComparison(bench, rows, costs, repeats);
}
if (save || (peer !== undefined && !quick)) say(`\nadded to ${appendResults(bench, rows)}`);
