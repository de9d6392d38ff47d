"""Compares what Crashbar measures of trajectories with PedPy, and reads Crashbar's exports with the readers of the field.

usage: check-tracks-with-pedpy.py

1. Experiments of the Jülich data archive (../shared/data, where it is): `crashbar report` against PedPy: persons past the line and flow of
   the middle 80 % within 1 %, classic and Voronoi density, and speed in the area, within 2 %; every sample of the Voronoi density too.
2. A run of scenarios/bottleneck: its exports as SQLite, text, HDF5, CSV, Parquet hold the same rows for PedPy, h5py and DuckDB, and
   `crashbar report` measures the run, and each export of it, as PedPy does.

Exit code 0: all agree; 1: a difference; 2: something cannot be run. Needs scripts/requirements-check.txt, node and the built program.
"""

import json
import math
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"

CROWDQUEUE = (
    "POLYGON ((3.5 -2, 3.5 8, -3.5 8, -3.5 -2, 3.5 -2), "
    "(-0.7 -1.1, -0.25 -1.1, -0.25 -0.15, -0.4 0, -2.8 0, -2.8 6.7, -3.05 6.7, -3.05 -0.3, -0.7 -0.3, -0.7 -1.1), "
    "(0.7 -1.1, 0.25 -1.1, 0.25 -0.15, 0.4 0, 2.8 0, 2.8 6.7, 3.05 6.7, 3.05 -0.3, 0.7 -0.3, 0.7 -1.1))"
)
HERMES = (
    "POLYGON ((4 6.25, 4 0.53, 2.4 0.53, 2.4 -0.53, 4 -0.53, 4 -8, -2.25 -8, -2.25 -0.53, -0.6 -0.53, -0.6 0.53, "
    "-2.25 0.53, -2.25 6.25, 4 6.25))"
)
# Heads lean over the barriers of this plan, where PedPy knows no cell: they are 0.2 m shorter and lower here.
GYMBAY = (
    "POLYGON ((-4 -4, -4 6, 4 6, 4 -4, -4 -4), (0.6 -0.1, 2.2 -0.1, 2.2 0.1, 0.6 0.1, 0.6 -0.1), "
    "(-2.2 -0.1, -0.6 -0.1, -0.6 0.1, -2.2 0.1, -2.2 -0.1))"
)
# Places: our choice, in front of each opening. `flow`: middle 80 % [1/s], as known of the experiment.
EXPERIMENTS = [
    {
        "file": "bottleneck-hermes2009/ao-300-400_reduced.txt",
        "geometry": "bottleneck-hermes2009/geo_AO_300.xml",
        "wkt": HERMES,
        "line": [[-0.6, 0], [2.4, 0]],
        "area": [[-0.1, -2.5], [1.9, -2.5], [1.9, -0.5], [-0.1, -0.5]],
        "flow": 7.158,
    },
    {
        "file": "bottleneck-crowdqueue2018/040_c_56_h-.txt",
        "wkt": CROWDQUEUE,
        "line": [[-0.25, -0.15], [0.25, -0.15]],
        "area": [[-0.4, 0.5], [0.4, 0.5], [0.4, 1.3], [-0.4, 1.3]],
        "flow": 1.155,
        "cutOff": 0.8,
    },
    {
        "file": "bottleneck-gymbay2014/00_01a.txt",
        "wkt": GYMBAY,
        "line": [[-0.4, 0], [0.4, 0]],
        "area": [[-0.5, 0.5], [0.5, 0.5], [0.5, 1.5], [-0.5, 1.5]],
        "flow": 2.676,
    },
]

failures = 0


def compare(what, own, other, tolerance):
    """Prints a line and counts a failure where two numbers differ by more than the tolerance, or one is missing."""
    global failures
    if own is None or math.isnan(other):
        difference = math.inf
    else:
        difference = 0.0 if own == other else abs(own - other) / max(abs(other), 1e-12)
    good = difference <= tolerance
    failures += 0 if good else 1
    shown = "none" if own is None else f"{own:.6g}"
    print(f"  {what:34}{shown:>14}{other:14.6g}{100 * difference:11.4f}%{'' if good else '  <-- differs'}")


def crashbar(*arguments):
    """Runs a command and returns its JSON document."""
    command = ["node", "bin/crashbar.mjs", *map(str, arguments), "--json"]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}\n{done.stderr}")
    return json.loads(done.stdout)


def points(ring):
    return " ".join(f"{x},{y}" for x, y in ring)


def report(source, case, output, *more):
    """Crashbar's measures of a file or a run."""
    cut = ["--cut-off", case["cutOff"]] if "cutOff" in case else []
    arguments = ["--line", points(case["line"]), "--area", points(case["area"]), *cut, *more, "-o", output]
    return crashbar("report", source, *arguments)["measures"]


def compare_measures(measures, trajectory, walkable_area, case):
    """One set of measures against PedPy's of the same trajectories."""
    import pedpy

    line = pedpy.MeasurementLine(case["line"])
    area = pedpy.MeasurementArea(case["area"])
    n_t, _ = pedpy.compute_n_t(traj_data=trajectory, measurement_line=line)
    counts, times = n_t["cumulative_pedestrians"].to_numpy(), n_t["time"].to_numpy()
    crossed = int(counts[-1])
    drop = math.ceil(crossed / 10)
    start, end = (times[(counts >= rank).argmax()] for rank in (1 + drop, crossed - drop))
    own_line, own_area = measures["lines"][0], measures["areas"][0]
    compare("persons past the line", own_line["flow"]["count"], crossed, 0)
    compare("flow, middle 80 % [1/s]", own_line["flow"]["flowMiddle"], (crossed - 2 * drop - 1) / (end - start), 0.01)
    if "flow" in case:
        compare("flow known of the experiment [1/s]", own_line["flow"]["flowMiddle"], case["flow"], 0.01)
    classic = pedpy.compute_classic_density(traj_data=trajectory, measurement_area=area)
    compare("classic density [1/m2]", own_area["whole"]["classic"], float(classic.density.mean()), 0.02)
    cut_off = pedpy.Cutoff(radius=case["cutOff"], quad_segments=3) if "cutOff" in case else None
    cells = pedpy.compute_individual_voronoi_polygons(
        traj_data=trajectory, walkable_area=walkable_area, cut_off=cut_off
    )
    voronoi, intersections = pedpy.compute_voronoi_density(individual_voronoi_data=cells, measurement_area=area)
    compare("Voronoi density [1/m2]", own_area["whole"]["voronoi"], float(voronoi.density.mean()), 0.02)
    first = round(own_area["t"][0] * trajectory.frame_rate)
    own = dict(zip((round(t * trajectory.frame_rate) for t in own_area["t"]), own_area["voronoi"], strict=True))
    worst = max(abs(own[frame] - density) for frame, density in zip(voronoi.frame, voronoi.density, strict=True))
    compare("Voronoi density, worst frame + 1", 1 + worst, 1.0, 0.02)
    compare("first frame", first, int(voronoi.frame.min()), 0)
    step = max(1, round(0.5 * trajectory.frame_rate))
    speeds = pedpy.compute_individual_speed(
        traj_data=trajectory, frame_step=step, speed_calculation=pedpy.SpeedCalculation.BORDER_SINGLE_SIDED
    )
    flowing = pedpy.compute_voronoi_speed(
        traj_data=trajectory,
        individual_voronoi_intersection=intersections,
        individual_speed=speeds,
        measurement_area=area,
    )
    # Frames in which nobody's cell meets the area count as 0 there and not at all here.
    moving = flowing.speed[flowing.speed > 0]
    compare("Voronoi speed [m/s]", own_area["whole"]["voronoiSpeed"], float(moving.mean()), 0.02)


def check_experiments(temporary):
    import pedpy

    for case in EXPERIMENTS:
        file = DATA / case["file"]
        if not file.exists():
            print(f"not there: {file.name}")
            continue
        print(file.name)
        if "geometry" in case:
            more = ["--geometry", DATA / case["geometry"]]
        else:
            plan = temporary / "plan.wkt"
            plan.write_text(case["wkt"], encoding="utf-8")
            more = ["--geometry", plan]
        measures = report(file, case, temporary / "report.html", *more)
        trajectory = pedpy.load_trajectory_from_txt(trajectory_file=file)
        compare_measures(measures, trajectory, pedpy.WalkableArea(case["wkt"]), case)


def check_exports(temporary):
    import duckdb
    import pedpy

    run = temporary / "run"
    crashbar("run", "scenarios/bottleneck", "-o", run, "--no-report", "--quiet")
    case = {"line": [[0.5, -0.5], [0.5, 0.5]], "area": [[-3, -1.5], [-0.5, -1.5], [-0.5, 1.5], [-3, 1.5]]}
    files = {name: temporary / f"run.{name}" for name in ("sqlite", "txt", "hdf5", "csv", "parquet")}
    for name, file in files.items():
        crashbar("export", run, "--format", name, "-o", file)
    trajectories = {
        "sqlite": pedpy.load_trajectory_from_jupedsim_sqlite(trajectory_file=files["sqlite"]),
        "txt": pedpy.load_trajectory_from_txt(trajectory_file=files["txt"]),
        "hdf5": pedpy.load_trajectory_from_ped_data_archive_hdf5(trajectory_file=files["hdf5"]),
    }
    floor = pedpy.load_walkable_area_from_ped_data_archive_hdf5(trajectory_file=files["hdf5"])
    reference = trajectories["sqlite"].data
    print("exports of a run")
    for name in ("txt", "hdf5"):
        both = trajectories[name].data.merge(reference, on=["id", "frame"])
        compare(f"{name}: rows", len(both), len(reference), 0)
        apart = max(abs(both.x_x - both.x_y).max(), abs(both.y_x - both.y_y).max())
        compare(f"{name}: farthest apart [m] + 1", 1 + float(apart), 1.0, 1e-4)
    for name in ("csv", "parquet"):
        query = f"SELECT count(*), sum(id), sum(frame), sum(x), sum(y) FROM '{files[name]}'"
        found = duckdb.sql(query).fetchall()[0]
        wanted = [len(reference), *(float(reference[column].sum()) for column in ("id", "frame", "x", "y"))]
        for what, own, other in zip(("rows", "ids", "frames", "x", "y"), wanted, found, strict=True):
            compare(f"{name}: sum of {what}", float(own), float(other), 1e-5)
    for source in (run, files["sqlite"], files["hdf5"]):
        print(f"measures of {source.name}")
        compare_measures(report(source, case, temporary / "report.html"), trajectories["sqlite"], floor, case)


def main():
    try:
        with tempfile.TemporaryDirectory() as name:
            check_exports(pathlib.Path(name))
            check_experiments(pathlib.Path(name))
    except (OSError, ValueError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 2
    print("all agree" if failures == 0 else f"{failures} differ")
    return 0 if failures == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
