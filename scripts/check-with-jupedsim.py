"""Takes a JuPedSim scenario round: import, run, export to SQLite; read by PedPy and by JuPedSim's own Recording.

usage: check-with-jupedsim.py [SCENARIO.json|zip PLACES.json]

Without arguments: the two of test/foreign, a bottleneck, and one with waiting, slowing, throttling and a flow. PLACES.json: as for measure-for-pedpy.mjs, the line and area to measure at. Needs node, the
built program, the packages of requirements-check.txt and, without their dependencies, those of requirements-peer.txt.

Compared with what Crashbar itself measures, within 1 %: persons and frames (exactly), the time at which the last one is out, the flow over the line. Where
jupedsim-scenarios is installed, the evacuation time of JuPedSim's own run of the scenario is printed beside, as information: another model, another time.

Exit code 0: all within 1 %; 1: a difference, or a reader that cannot read; 2: wrong arguments.
"""

import importlib.util
import json
import math
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOLERANCE = 0.01
# test/foreign/hall.jupedsim.json: the passage is x 16 to 18, y 5.4 to 6.6; people walk to +x.
HALL = {
    "sheet": 0,
    "line": [[17, 5.4], [17, 6.6]],
    "area": [[12, 4], [15.5, 4], [15.5, 8], [12, 8]],
    "frameStep": 5,
}
# test/foreign/stages.jupedsim.json: behind the zone that slows, people walk to +x.
STAGES = {
    "sheet": 0,
    "line": [[20, 0], [20, 10]],
    "area": [[15, 1], [18, 1], [18, 9], [15, 9]],
    "frameStep": 5,
}


def load_pedpy_check():
    """The functions of check-with-pedpy.py, whose name is no module's."""
    spec = importlib.util.spec_from_file_location("check_with_pedpy", ROOT / "scripts" / "check-with-pedpy.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def crashbar(*arguments):
    """Runs a command of the program and returns its JSON document."""
    command = ["node", "bin/crashbar.mjs", *map(str, arguments), "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ValueError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout)


def read_recording(file, line):
    """Persons, frames, last time and first crossings, as JuPedSim's Recording has them."""
    import jupedsim

    recording = jupedsim.Recording(str(file))
    (ax, ay), (bx, by) = line
    before = {}
    crossings = {}
    rows = 0
    last = 0
    for index in range(recording.num_frames):
        agents = recording.frame(index).agents
        last = index if agents else last
        rows += len(agents)
        for agent in agents:
            x, y = agent.position
            px, py = before.get(agent.id, (x, y))
            before[agent.id] = (x, y)
            # Sides of the line at both ends of the step, and where on the line the step passes it.
            now = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
            then = (bx - ax) * (py - ay) - (by - ay) * (px - ax)
            if agent.id in crossings or now == then or (now > 0) == (then > 0):
                continue
            share = then / (then - now)
            cx, cy = px + share * (x - px), py + share * (y - py)
            along = ((cx - ax) * (bx - ax) + (cy - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)
            if 0 <= along <= 1:
                crossings[agent.id] = (index - 1 + share) / recording.fps
    return {
        "persons": len(before),
        "rows": rows,
        "frameRate": recording.fps,
        "lastTime": last / recording.fps,
        "area": recording.geometry().area,
        "times": sorted(crossings.values()),
    }


def compare(table):
    """Prints (what, own, found, exact) and returns how many differ."""
    failures = 0
    print(f"{'measure':26}{'Crashbar':>14}{'found':>14}{'difference':>12}")
    for what, own, found, exact in table:
        difference = 0.0 if own == found else abs(found - own) / abs(own) if own != 0 else math.inf
        good = difference == 0 if exact else difference <= TOLERANCE
        failures += 0 if good else 1
        print(f"{what:26}{own:14.6g}{found:14.6g}{100 * difference:11.3f}%{'' if good else '  <-- differs'}")
    return failures


def tell_peer(scenario, seed):
    """JuPedSim's own run of the scenario; nothing depends on it."""
    try:
        from jupedsim_scenarios import load_scenario, run_scenario

        result = run_scenario(load_scenario(str(scenario)), seed=seed)
        print(f"information: JuPedSim's own run of it takes {result.evacuation_time:.1f} s (other model, other time)")
    except Exception as error:  # noqa: BLE001  information only: whatever goes wrong there is no fault of ours
        print(f"information: no run by jupedsim-scenarios ({type(error).__name__}: {str(error).splitlines()[0][:80]})")


def check(scenario, places, temporary):
    """Takes the scenario round; returns the exit code."""
    pedpy_check = load_pedpy_check()
    plan, folder, sqlite_file, text_file, measures_file, places_file = (
        temporary / name for name in ("plan.json", "run", "run.sqlite", "run.txt", "measures.json", "places.json")
    )
    places_file.write_text(json.dumps(places), encoding="utf-8")
    imported = crashbar("import", scenario, "-o", plan)
    print(f"{pathlib.Path(scenario).name}: {'; '.join(imported['report']['read'])}")
    run = crashbar("run", plan, "-o", folder, "--no-report", "--quiet")
    pedpy_check.run_node("scripts/measure-for-pedpy.mjs", folder, places_file, measures_file)
    for kind, file in (("sqlite", sqlite_file), ("txt", text_file)):
        crashbar("export", folder, "--format", kind, "-o", file, "--sheet", places["sheet"])
    print("\nPedPy")
    code = pedpy_check.check_files(sqlite_file, text_file, measures_file)

    own = json.loads(measures_file.read_text(encoding="utf-8"))
    found = read_recording(sqlite_file, places["line"])
    first, last = own["flow"]["firstRank"], own["flow"]["lastRank"]
    times = found["times"]
    flow = (last - first) / (times[last - 1] - times[first - 1]) if len(times) >= last else math.nan
    print("\nJuPedSim's Recording")
    failures = compare(
        [
            ("persons", own["persons"], found["persons"], True),
            ("rows", own["rows"], found["rows"], True),
            ("frames a second", own["frameRate"], found["frameRate"], True),
            ("crossed the line", own["crossed"], len(times), True),
            ("flow [1/s]", own["flow"]["value"], flow, False),
            ("last one out [s]", run["endTime"], found["lastTime"], False),
        ]
    )
    print(f"floor: {found['area']:.3f} m2")
    print("all within 1 %" if failures == 0 else f"{failures} failed")
    print()
    tell_peer(scenario, run["seed"])
    return 1 if code != 0 or failures > 0 else 0


def main(arguments):
    if len(arguments) not in (0, 2):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with tempfile.TemporaryDirectory() as name:
            temporary = pathlib.Path(name)
            if len(arguments) == 2:
                places = json.loads(pathlib.Path(arguments[1]).read_text(encoding="utf-8"))
                return check(pathlib.Path(arguments[0]).resolve(), places, temporary)
            code = 0
            for scenario, places in (("hall", HALL), ("stages", STAGES)):
                folder = temporary / scenario
                folder.mkdir()
                code = max(code, check(ROOT / "test" / "foreign" / f"{scenario}.jupedsim.json", places, folder))
            return code
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
