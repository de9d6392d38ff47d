"""Measures exported trajectories with PedPy and compares them with Crashbar's own measures.

usage: check-with-pedpy.py                                   runs scenarios/bottleneck, exports and checks it
       check-with-pedpy.py RUN_FOLDER PLACES.json            exports a run and checks it (see measure-for-pedpy.mjs)
       check-with-pedpy.py RUN.sqlite RUN.txt MEASURES.json  checks two exported files

The first two need node and the built program. MEASURES.json holds what Crashbar measured, in metres and seconds; every entry may be left out:

    rows, persons, frameRate   of the exported sheet; compared exactly, in both files
    line                       [[x1, y1], [x2, y2]], the measurement line of the flow
    flow                       {"value": 1.2, "firstRank": 10, "lastRank": 90}: (lastRank - firstRank) over the time from
                               the firstRank-th to the lastRank-th crossing, each person's first one. Ranks left out:
                               1 + ceil(n / 10) and n - ceil(n / 10) of the n who crossed. A plain number is the value.
    crossed                    persons who crossed the line; compared exactly
    area                       [[x, y], ...], the measurement area of the speed, convex
    meanSpeed                  mean over all rows (person, frame) in the area that have a speed
    frameStep                  speed of a row = way from frameStep frames before to frameStep after / time; default 5
    border                     "single-sided" (default), "exclude" or "adaptive": rows nearer to their track's end

Exit code 0: all within 1 %; 1: a difference, or PedPy cannot load a file; 2: wrong arguments.
"""

import json
import math
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOLERANCE = 0.01
# scenarios/bottleneck: the passage is x 0 to 1, y -0.5 to 0.5; the crowd comes from -x.
BOTTLENECK = {
    "sheet": 0,
    "line": [[0.5, -0.5], [0.5, 0.5]],
    "area": [[-3, -1.5], [-0.5, -1.5], [-0.5, 1.5], [-3, 1.5]],
    "frameStep": 5,
}


def measure(trajectory, expected):
    """Returns the measures that `expected` asks for, as name -> number."""
    import pedpy

    data = trajectory.data
    found = {
        "rows": len(data),
        "persons": data.id.nunique(),
        "frameRate": trajectory.frame_rate,
    }
    if "line" in expected and "flow" in expected:
        line = pedpy.MeasurementLine(expected["line"])
        n_t, _ = pedpy.compute_n_t(traj_data=trajectory, measurement_line=line)
        counts = n_t["cumulative_pedestrians"].to_numpy()
        times = n_t["time"].to_numpy()
        crossed = int(counts[-1])
        wanted = expected["flow"] if isinstance(expected["flow"], dict) else {}
        first = wanted.get("firstRank", 1 + math.ceil(crossed / 10))
        last = wanted.get("lastRank", crossed - math.ceil(crossed / 10))
        found["crossed"] = crossed
        if 1 <= first < last <= crossed:
            # The time of the n-th crossing is the first at which n have crossed.
            start, end = (times[(counts >= rank).argmax()] for rank in (first, last))
            found["flow"] = (last - first) / (end - start) if end > start else math.inf
        else:
            found["flow"] = math.nan
    if "area" in expected and "meanSpeed" in expected:
        border = {
            "exclude": pedpy.SpeedCalculation.BORDER_EXCLUDE,
            "adaptive": pedpy.SpeedCalculation.BORDER_ADAPTIVE,
            "single-sided": pedpy.SpeedCalculation.BORDER_SINGLE_SIDED,
        }[expected.get("border", "single-sided")]
        speed = pedpy.compute_individual_speed(
            traj_data=trajectory,
            frame_step=expected.get("frameStep", 5),
            speed_calculation=border,
        )
        import shapely

        area = pedpy.MeasurementArea(expected["area"])
        rows = speed.merge(data, on=["id", "frame"])
        inside = shapely.covers(area.polygon, shapely.points(rows["x"], rows["y"]))
        found["meanSpeed"] = float(rows["speed"][inside].mean())
    return found


def run_node(*arguments):
    """Runs a program of this repository; its complaints go to the terminal."""
    subprocess.run(["node", *map(str, arguments)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def check_run(folder, places, temporary):
    """Exports a run, measures it with Crashbar's analysis and compares."""
    sqlite_file, text_file, measures_file = (temporary / name for name in ("run.sqlite", "run.txt", "measures.json"))
    sheet = places["sheet"]
    places_file = temporary / "places.json"
    places_file.write_text(json.dumps(places), encoding="utf-8")
    run_node("scripts/measure-for-pedpy.mjs", folder, places_file, measures_file)
    for name, file in (("sqlite", sqlite_file), ("txt", text_file)):
        run_node("bin/crashbar.mjs", "export", folder, "--format", name, "-o", file, "--sheet", str(sheet))
    return check_files(sqlite_file, text_file, measures_file)


def main(arguments):
    if len(arguments) == 3:
        return check_files(*map(pathlib.Path, arguments))
    if len(arguments) not in (0, 2):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with tempfile.TemporaryDirectory() as name:
            temporary = pathlib.Path(name)
            if len(arguments) == 2:
                places = json.loads(pathlib.Path(arguments[1]).read_text(encoding="utf-8"))
                return check_run(pathlib.Path(arguments[0]).resolve(), places, temporary)
            folder = temporary / "run"
            run_node("bin/crashbar.mjs", "run", "scenarios/bottleneck", "-o", folder, "--no-report", "--quiet")
            return check_run(folder, BOTTLENECK, temporary)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr)
        return 2


def check_files(sqlite_file, text_file, measures_file):
    """Compares PedPy's measures of both files with the given ones, prints a table, returns the exit code."""
    try:
        expected = json.loads(measures_file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        print(f"{measures_file}: {error}", file=sys.stderr)
        return 2
    import pedpy

    failures = 0
    trajectories = {}
    loaders = {
        "sqlite": lambda: pedpy.load_trajectory_from_jupedsim_sqlite(trajectory_file=sqlite_file),
        "text": lambda: pedpy.load_trajectory_from_txt(trajectory_file=text_file),
        "sqlite floor": lambda: pedpy.load_walkable_area_from_jupedsim_sqlite(trajectory_file=sqlite_file),
    }
    for name, load in loaders.items():
        try:
            trajectories[name] = load()
        except Exception as error:  # noqa: BLE001  PedPy raises errors of many kinds; each means "cannot load"
            print(f"PedPy cannot load the {name}: {error}")
            failures += 1
    floor = trajectories.pop("sqlite floor", None)
    if floor is not None:
        print(f"floor: {floor.area:.3f} m2 walkable")

    print(f"{'file':8}{'measure':12}{'Crashbar':>14}{'PedPy':>14}{'difference':>12}")
    compared = 0
    for name, trajectory in trajectories.items():
        for key, value in measure(trajectory, expected).items():
            own = expected.get(key)
            if isinstance(own, dict):
                own = own.get("value")
            if own is None:
                # Asked for but without a number (null): Crashbar could not measure what PedPy could.
                missing = key in expected and not math.isnan(value)
                failures += 1 if missing else 0
                print(f"{name:8}{key:12}{'-':>14}{value:14.6g}{'  <-- missing' if missing else ''}")
                continue
            compared += 1
            exact = key in ("rows", "persons", "frameRate", "crossed")
            difference = 0.0 if own == value else abs(value - own) / abs(own) if own != 0 else math.inf
            good = difference == 0 if exact else difference <= TOLERANCE
            failures += 0 if good else 1
            verdict = "" if good else "  <-- differs"
            print(f"{name:8}{key:12}{own:14.6g}{value:14.6g}{100 * difference:11.3f}%{verdict}")
    if compared == 0:
        print("nothing was compared")
        failures += 1
    print("all within 1 %" if failures == 0 else f"{failures} failed")
    return 0 if failures == 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
