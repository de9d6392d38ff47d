"""Measures exported trajectories with PedPy and compares them with Crashbar's own measures.

usage: check-with-pedpy.py RUN.sqlite RUN.txt MEASURES.json

MEASURES.json holds what Crashbar measured, in metres and seconds; every entry may be left out:

    rows, persons, frameRate   of the exported sheet; compared exactly, in both files
    line                       [[x1, y1], [x2, y2]], the measurement line of the flow
    flow                       {"value": 1.2, "firstRank": 10, "lastRank": 90}: (lastRank - firstRank) over the time from
                               the firstRank-th to the lastRank-th crossing, each person's first one. Ranks left out:
                               ceil(0.1 n) and floor(0.9 n) of the n who crossed. A plain number is the value alone.
    area                       [[x, y], ...], the measurement area of the speed, convex
    meanSpeed                  mean over all rows (person, frame) in the area that have a speed
    frameStep                  speed of a row = way from frameStep frames before to frameStep after / time; default 5
    border                     "exclude" (default), "adaptive" or "single-sided": rows nearer to their track's end

Exit code 0: all within 1 %; 1: a difference, or PedPy cannot load a file; 2: wrong arguments.
"""

import json
import math
import pathlib
import sys

TOLERANCE = 0.01


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
        first = wanted.get("firstRank", max(1, math.ceil(0.1 * crossed - 1e-9)))
        last = wanted.get("lastRank", math.floor(0.9 * crossed + 1e-9))
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
        }[expected.get("border", "exclude")]
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


def main(arguments):
    if len(arguments) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    sqlite_file, text_file, measures_file = map(pathlib.Path, arguments)
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
                print(f"{name:8}{key:12}{'-':>14}{value:14.5g}")
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
