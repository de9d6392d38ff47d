import { readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { PlanUnit } from '../importers/index.ts';
import type { ExportOptions } from './export-command.ts';
import { EXPORT_FORMATS } from './export-formats.ts';
import { systemReason } from './files.ts';
import { THREADS_MAX } from './helper-threads.ts';
import type { ImportCommandOptions } from './import-command.ts';
import type { NarrateOptions } from './narrate-command.ts';
import type { CommandOutcome } from './outcome.ts';
import type { ReplayOptions } from './replay-command.ts';
import type { ReportOptions } from './report-command.ts';
import type { RunCommandOptions } from './run-command.ts';
import type { VerifyOptions } from './verify-command.ts';

/** Where to report what should not have happened. */
const ISSUES_ADDRESS = 'the project’s issue tracker';

const UNITS: readonly PlanUnit[] = ['m', 'cm', 'mm', 'ft', 'in'];
const FORMATS = Object.keys(EXPORT_FORMATS);

/** Version in package.json, beside `src` and `dist` alike. */
export function readVersion(): string {
  const file = fileURLToPath(new URL('../../package.json', import.meta.url));
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/**
 * Runs one command line (`process.argv`) and sets the process's exit code: 0 it worked, 1 the run or the program
 * failed, 2 the input or the command line is at fault.
 */
export async function runCommandLine(argv: readonly string[]): Promise<void> {
  // A reader that has seen enough (`crashbar schema | head`) is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    throw error;
  });
  try {
    await createProgram().parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      if (error.exitCode !== 0 && argv.includes('--json')) {
        const message = error.message.replace(/^error: /, '');
        const issues = [{ severity: 'error', code: 'command-line', path: argv.slice(2).join(' '), message }];
        process.stdout.write(`${JSON.stringify({ ok: false, subject: 'command line', issues }, null, 2)}\n`);
      }
      return;
    }
    process.exitCode = 1;
    process.stderr.write(`${describeFailure(error)}\n`);
    if (process.env.CRASHBAR_DEBUG === '1') process.stderr.write(`${(error as Error).stack ?? ''}\n`);
  }
}

/** One line for the user: the system's refusal in words, or how to report a fault of the program. */
function describeFailure(error: unknown): string {
  const system = error as NodeJS.ErrnoException;
  if (system?.syscall !== undefined) return `crashbar: ${system.path ?? system.syscall}: ${systemReason(error)}.`;
  if ((error as Error)?.name === 'HelperFailure') return `crashbar: ${(error as Error).message}`;
  const message = (error instanceof Error ? error.message : String(error)).split('\n')[0];
  return `crashbar: this should not have happened: ${message} Please report it to ${ISSUES_ADDRESS} with the scenario and the output of the same command under CRASHBAR_DEBUG=1.`;
}

// Each command is loaded when it is asked for: the report's drawing library alone takes half a second to start.
function createProgram(): Command {
  const program = new Command('crashbar')
    .description('Simulates how people get out of a building, or don’t.')
    .version(readVersion())
    .exitOverride()
    .showHelpAfterError('(crashbar --help shows every command, crashbar COMMAND --help one with examples)')
    .addHelpText(
      'after',
      `
Start here:
  $ crashbar check plan.json                        what is wrong with a scenario, all at once
  $ crashbar run plan.json                          simulate it; writes runs/NAME-SEED/ and a report in it
  $ crashbar replay runs/NAME-SEED                  run it again: is every bit the same?
  $ crashbar import plan.wkt -o plan.json           make a scenario of a plan from another program

Exit codes: 0 it worked, 1 the run or the program failed, 2 the input is at fault (nothing was written).
With --json every command prints one JSON document on standard output, and text for people on standard error.`,
    );

  define(program, 'check <file>', 'says everything that is wrong with a scenario')
    .alias('validate')
    .addHelpText(
      'after',
      examples(
        ['crashbar check plan.json', 'one paragraph a problem: where, expected, found, how to mend it'],
        ['crashbar check scenarios/corridor', 'a folder stands for the scenario.json in it'],
        ['crashbar check plan.json --json', 'all issues as JSON'],
      ),
    )
    .action(act(async (file: string) => (await import('./check-command.ts')).checkScenarioFile(file)));

  define(
    program,
    'import <file>',
    'makes a scenario of a plan or scenario from another program: a file, a folder or a zip',
  )
    .requiredOption('-o, --output <file>', 'scenario to write; a folder for a source of several')
    .option(
      '--exit <line>',
      'end points of an exit, "x,y x,y", or corners of an exit region [m]; may be repeated',
      collect,
      [],
    )
    .option('--persons <number>', 'persons to spread over the plan', parseCount)
    .option('--density <number>', 'or persons per square metre', parseDensity)
    .option('--name <name>', 'name of the scenario (default: of the file)')
    .addOption(new Option('--unit <unit>', 'unit of the plan’s coordinates').choices(UNITS))
    .option(
      '--epsg <code>',
      'coordinate system of the plan, where the file does not say it: 4326 for degrees',
      parseCode,
    )
    .option(
      '--layer <name=role>',
      'what a layer of a drawing holds: floor, wall, door, window, exit, stairs, furniture, obstacle, area, text, persons, ignore; * in the name; may be repeated',
      collect,
      [],
    )
    .option('--tolerance <metres>', 'gaps up to this are closed (default: 0.05)', parseLength)
    .option('--sagitta <metres>', 'greatest distance of curves from their chords (default: 0.01)', parseLength)
    .option('--wall-thickness <metres>', 'of walls drawn as single lines (default: 0.1)', parseLength)
    .option('--repair', 'mends the plan and lists every repair: gaps, overlaps, slivers, crossings, needless corners')
    .option(
      '--gaps',
      'makes every narrow opening between two spaces a door without a leaf (default: where the plan has no doors)',
    )
    .option('--no-gaps', 'makes none')
    .option('--gap-widths <low,high>', 'widths of such openings [m] (default: 0.6,3)', parseWidths)
    .option('--preview <file>', 'draws the plan as it will be simulated, SVG')
    .option('--force', 'replace files that exist')
    .addHelpText(
      'after',
      examples(
        ['crashbar import hall.wkt -o hall.json --exit "30,4 30,6" --persons 200', ''],
        ['crashbar import hall.wkt -o hall.json --unit cm --density 0.5', 'coordinates in the file are centimetres'],
        ['crashbar import office.dxf -o office.json --preview office.svg', 'look at what was understood of a drawing'],
        ['crashbar import office.dxf -o office.json --layer "A-200=wall" --layer "X*=ignore"', 'say what layers hold'],
        ['crashbar import site.geojson -o site.json --repair --tolerance 0.1', 'close gaps up to 10 cm, and tell each'],
      ),
    )
    .action(
      act(async (file: string, options: ImportCommandOptions) =>
        (await import('./import-command.ts')).importPlan(file, options),
      ),
    );

  define(program, 'run [file]', 'simulates a scenario and writes a run’s folder with a report')
    .option('-o, --output <folder>', 'folder of the run (default: runs/NAME-SEED)')
    .option('--seed <number>', 'seed instead of the scenario’s', parseSeed)
    .option('--time <seconds>', 'ends the run at this simulated time, instead of the scenario’s [s]', parseSeconds)
    .option('--resume <folder>', 'goes on with an interrupted or killed run from its last snapshot')
    .option('--force', 'replaces the run in the folder, if there is one')
    .option(
      '--threads <number>',
      'threads in all (default: one a core, fewer for small crowds); changes no bit',
      parseThreads,
    )
    .addOption(
      new Option(
        '--kernel <build>',
        'build of the kernel (default: simd where the host has it, else scalar, which is slower); changes no bit',
      ).choices(['simd', 'scalar']),
    )
    .option('--no-report', 'writes no report')
    .option('--profile', 'says where the time went, by phase')
    .option('--validate', 'checks every person after every step (slow) and stops at the first fault')
    .option('--sensitivity', 'also runs it at both ends of every uncertain parameter: how far the numbers spread')
    .option('--seeds <number>', 'seeds of that study, from the scenario’s on (default: 3)')
    .option('--vary <parameter=end>', 'an uncertain parameter at an end: threshold=low; may be repeated', collect, [])
    .option('--quiet', 'shows no progress')
    .addHelpText(
      'after',
      `${examples(
        ['crashbar run scenarios/factory-breakout', 'writes runs/factory-breakout-1/'],
        ['crashbar run hall.json --seed 7 -o runs/hall-7', 'another seed, a folder of your choice'],
        ['crashbar run --resume runs/hall-7', 'goes on after Ctrl-C, a crash or kill -9'],
        [
          'crashbar run hall.json --sensitivity --seeds 5',
          'writes sensitivity.json beside the run, a table in the report',
        ],
        [
          'crashbar run hall.json --vary push=high -o runs/hall-hard',
          'one run of that study, with everything recorded',
        ],
      )}
Ctrl-C ends a run in good order: what was simulated can be read, and --resume goes on. The exit code is then 1.`,
    )
    .action(
      act(async (file: string | undefined, options: RunCommandOptions & { resume?: string }) => {
        const { resumeRun, runScenario } = await import('./run-command.ts');
        return options.resume === undefined ? runScenario(file, options) : resumeRun(file, options.resume, options);
      }),
    );

  define(
    program,
    'report <run>',
    'measures a run, or trajectories of a laboratory or another program, and writes its report',
  )
    .option('-o, --output <file>', 'file to write (default: report.html in the run’s folder, or NAME-report.html here)')
    .addOption(new Option('--markdown', 'Markdown instead of HTML').conflicts('csv'))
    .option(
      '--csv',
      'two tables instead: NAME-curve.csv and NAME-doors.csv; of trajectories NAME-passed.csv and NAME-areas.csv',
    )
    .option('--damaged', 'uses what can be read of a damaged run')
    .option('--line <points>', 'measures who passes: "x,y x,y" [m], or "NAME=x,y x,y"; may be repeated', collect, [])
    .option('--area <points>', 'measures density and speed: corners of a convex area; may be repeated', collect, [])
    .option(
      '--geometry <file>',
      'walkable area of the trajectories: WKT, JuPedSim’s or crowd:it’s XML, Vadere scenario',
    )
    .option('--rate <number>', 'frames a second, where the file does not say', parseRate)
    .addOption(new Option('--unit <unit>', 'unit of the coordinates, where the file does not say').choices(['m', 'cm']))
    .option('--cut-off <metres>', 'longest reach of a Voronoi cell (default: walls and neighbours alone)', parseMetres)
    .option('--sheet <id>', 'floor to measure, where there are several')
    .addHelpText(
      'after',
      examples(
        ['crashbar report runs/hall-7', 'writes runs/hall-7/report.html, one file, no network needed'],
        ['crashbar report runs/hall-7 --csv -o hall', 'writes hall-curve.csv and hall-doors.csv'],
        [
          'crashbar report ao-300.txt --geometry geo.xml --line "gap=-0.6,0 2.4,0" --area "0,-2.5 2,-2.5 2,-0.5 0,-0.5"',
          'a laboratory’s trajectories: N–t, flow, classic and Voronoi density, speed, fundamental diagram, maps',
        ],
        ['crashbar report uo-050.txt --rate 16 --unit cm --line "0,0 1.8,0"', 'a file that says neither'],
        ['crashbar report runs/hall-7 --line "10,4 10,6"', 'the same measures of a run; writes NAME-report.html here'],
      ),
    )
    .action(
      act(async (run: string, options: ReportOptions) => (await import('./report-command.ts')).report(run, options)),
    );

  define(program, 'narrate <run>', 'tells what happened in a run, in plain words and order of time')
    .option('--person <number>', 'only what happened to this person or by them', parseNumber)
    .option('--from <seconds>', 'from this simulated time on [s]', parseSeconds)
    .option('--until <seconds>', 'until this simulated time [s]', parseSeconds)
    .option('--damaged', 'uses what can be read of a damaged run')
    .addHelpText(
      'after',
      examples(
        ['crashbar narrate runs/hall-7', 'alike events within 3 s of each other are one line'],
        ['crashbar narrate runs/hall-7 --person 12 --until 60', 'one person’s first minute'],
      ),
    )
    .action(
      act(async (run: string, options: NarrateOptions) =>
        (await import('./narrate-command.ts')).narrateRun(run, options),
      ),
    );

  define(program, 'export <run>', 'writes the trajectories of a run, or of another program’s file, for other tools')
    .addOption(new Option('--format <format>', FORMATS.join(', ')).choices(FORMATS).makeOptionMandatory())
    .requiredOption('-o, --output <file>', 'file to write')
    .option('--sheet <id>', 'level or link to export (needed where there are several and the format holds one)')
    .option('--damaged', 'uses what can be read of a damaged run')
    .option(
      '--geometry <file>',
      'walkable area of a file’s trajectories: WKT, JuPedSim’s or crowd:it’s XML, Vadere scenario',
    )
    .option('--rate <number>', 'frames a second, where a file does not say', parseRate)
    .addOption(new Option('--unit <unit>', 'unit of a file’s coordinates, where it does not say').choices(['m', 'cm']))
    .option('--epsg <code>', 'coordinate system that the plan’s coordinates are in (GeoJSON)', parseEpsg)
    .option('--force', 'replaces the file if it exists')
    .option('--quiet', 'shows no progress')
    .addHelpText(
      'after',
      `
Formats:
${Object.entries(EXPORT_FORMATS)
  .map(([name, use]) => `  ${name.padEnd(9)}${use}`)
  .join('\n')}
${examples(
  ['crashbar export runs/hall-7 --format sqlite -o hall.sqlite', 'JuPedSim; opens in PedPy and the JuPedSim tools'],
  ['crashbar export runs/hall-7 --format hdf5 -o hall.h5', 'HDF5 of the Jülich data archive'],
  ['crashbar export runs/tower-1 --format txt --sheet "first floor" -o first.txt', 'the format holds one floor'],
  ['crashbar export runs/hall-7 --format gltf -o hall.glb', 'opens in any 3-D viewer and plays'],
  [
    'crashbar export postvis.traj --rate 10 --geometry hall.scenario --format sqlite -o hall.sqlite',
    'Vadere to JuPedSim; reads whatever crashbar report reads',
  ],
)}
The file is whole or not there: it is written beside its place and renamed; Ctrl-C leaves nothing.`,
    )
    .action(
      act(async (run: string, options: ExportOptions) =>
        (await import('./export-command.ts')).exportTracks(run, options),
      ),
    );

  define(program, 'replay <run>', 'runs a run again and compares the state second by second')
    .option('--threads <number>', 'threads in all (default: one a core, fewer for small crowds)', parseThreads)
    .option('--quiet', 'shows no progress')
    .addHelpText(
      'after',
      examples([
        'crashbar replay runs/hall-7',
        'exit code 0: every bit the same; 1: names the first second that differs',
      ]),
    )
    .action(
      act(async (run: string, options: ReplayOptions) => (await import('./replay-command.ts')).replayRun(run, options)),
    );

  define(program, 'verify <file>', 'runs a scenario with many seeds: in how many does what is expected of it come out?')
    .option('--seeds <number>', 'so many seeds instead of the file’s', parseCount)
    .option(
      '--first-seed <number>',
      'the first of them; seeds that a scene was not set up on are a fair test (default 1)',
      parseCount,
    )
    .option('--variants', 'compares the scene’s variants instead: one table with 95 % intervals')
    .option('--quiet', 'shows no progress')
    .addHelpText(
      'after',
      examples(
        ['crashbar verify incident', 'the gallery’s, by name'],
        ['crashbar verify incident --variants', 'what unchaining, keys, a console, the sign and a guide change'],
        ['crashbar verify scenarios/two-exits-one-chained', 'a folder stands for the expectations.json in it'],
        ['crashbar verify hall.expectations.json --seeds 5', 'exit code 0: everything holds often enough; 1: not'],
        ['crashbar verify incident --first-seed 101 --seeds 40', 'the same with seeds 101 to 140'],
      ),
    )
    .action(
      act(async (file: string, options: VerifyOptions) =>
        options.variants === true
          ? (await import('./verify-variants.ts')).verifyVariants(file, options)
          : (await import('./verify-command.ts')).verifyExpectations(file, options),
      ),
    );

  define(program, 'inspect <run>', 'says what a run’s folder holds and whether it is whole')
    .addHelpText('after', examples(['crashbar inspect runs/hall-7', 'exit code 1 if any piece is damaged; says which']))
    .action(act(async (run: string) => (await import('./inspect-command.ts')).inspectRun(run)));

  program
    .command('schema')
    .description('prints the JSON Schema of scenarios')
    .option('--json', 'the same: it is JSON')
    .addHelpText(
      'after',
      examples(['crashbar schema > scenario.schema.json', 'then "$schema": "./scenario.schema.json" in your scenario']),
    )
    .action(async () => {
      process.stdout.write((await import('./schema-command.ts')).printSchema());
    });

  return program;
}

function define(program: Command, usage: string, description: string): Command {
  return program
    .command(usage)
    .description(description)
    .option('--json', 'one JSON document on standard output, text for people on standard error');
}

/** Wraps a command: prints what it hands back and sets the exit code. */
function act<A extends unknown[]>(command: (...args: A) => Promise<CommandOutcome>) {
  return async (...args: unknown[]): Promise<void> => {
    // Commander passes the arguments, the options and the command itself.
    const options = args[args.length - 2] as { json?: boolean };
    const outcome = await command(...(args.slice(0, -1) as A));
    if (options.json) {
      process.stdout.write(`${JSON.stringify(outcome.document, null, 2)}\n`);
      process.stderr.write(`${outcome.text}\n`);
    } else {
      const stream = outcome.exitCode === 0 ? process.stdout : process.stderr;
      stream.write(`${outcome.text}\n`);
    }
    process.exitCode = outcome.exitCode;
  };
}

function examples(...lines: readonly (readonly [string, string])[]): string {
  const shown = lines.map(([line, comment]) => (comment === '' ? `  $ ${line}` : `  $ ${line}\n      ${comment}`));
  return `\nExamples:\n${shown.join('\n')}`;
}

function parseCount(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('Expected a whole number, 1 or more, such as 20.');
  return value;
}

function parseNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < 0)
    throw new InvalidArgumentError('Expected the number of a person, 0 or more, such as 12.');
  return value;
}

function parseThreads(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > THREADS_MAX) {
    throw new InvalidArgumentError(`Expected a whole number from 1 to ${THREADS_MAX}; leave it out for one a core.`);
  }
  return value;
}

function parseSeconds(text: string): number {
  return parsePositive(text, 'Expected a number of seconds above 0, such as 300.');
}

function parseLength(text: string): number {
  return parsePositive(text, 'Expected a number of metres above 0, such as 0.05.');
}

function parseCode(text: string): number {
  const value = Number(text.replace(/^EPSG:/i, ''));
  if (!Number.isInteger(value) || value < 1024 || value > 1_000_000)
    throw new InvalidArgumentError('Expected the number of a coordinate system, such as 4326 or 25832.');
  return value;
}

function parseWidths(text: string): [number, number] {
  const parts = text.split(',').map(Number);
  if (parts.length !== 2 || !parts.every((value) => Number.isFinite(value) && value > 0))
    throw new InvalidArgumentError('Expected two widths in metres, the smaller first, such as 0.6,3.');
  return [parts[0], parts[1]];
}

function parseDensity(text: string): number {
  return parsePositive(text, 'Expected a number of persons per square metre above 0, such as 0.5.');
}

function parseEpsg(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1024 || value > 999_999) {
    throw new InvalidArgumentError('Expected the number of a coordinate system, such as 25832.');
  }
  return value;
}

function parseRate(text: string): number {
  return parsePositive(text, 'Expected a number of frames a second above 0, such as 16.');
}

function parseMetres(text: string): number {
  return parsePositive(text, 'Expected a length above 0 [m], such as 0.8.');
}

function parsePositive(text: string, expected: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError(expected);
  return value;
}

function parseSeed(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < 0 || value > 4_294_967_295) {
    throw new InvalidArgumentError('Expected a whole number from 0 to 4294967295.');
  }
  return value;
}

const collect = (text: string, before: readonly string[]): string[] => [...before, text];

// Also when started as a file of its own, as the tests and some debuggers do.
if (process.argv[1] !== undefined && existsAs(process.argv[1])) await runCommandLine(process.argv);

function existsAs(path: string): boolean {
  try {
    return realpathSync(path) === fileURLToPath(import.meta.url);
  } catch {
    return false;
  }
}
