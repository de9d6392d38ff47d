"""Simulates one scene with JuPedSim's collision-free speed model and prints what it took as JSON.

usage: peer-jupedsim.py SCENE.json

SCENE.json, lengths in metres, times in seconds:

    floor, holes  rings of the walkable area
    exits         [{"line": [a, b], "polygon": ring}]: floor behind an exit line; whoever enters it is taken out
    persons       [[x, y, freeSpeed], ...]
    seconds       simulated time at most
    countAt       x of a line whose first crossings towards +x are noted, or null
    step          time step instead of JuPedSim's default, or null

Everything else is the default of JuPedSim's Python interface: radius 0.2 m, time gap 1 s, strengths and ranges of
repulsion, dt = 0.01 s. Everybody walks to the exit whose line is nearest at the start. Only calls of iterate() are timed,
0.1 s of simulated time each; nothing is written to a file.
"""

import hashlib
import json
import pathlib
import struct
import sys
import time

import jupedsim
import shapely

LOOKS_PER_SECOND = 10


def build(scene):
    """Returns the simulation with everybody in it."""
    floor = shapely.union_all(
        [shapely.Polygon(scene["floor"], scene["holes"])]
        + [shapely.Polygon(way["polygon"]) for way in scene["exits"]]
    )
    step = {} if scene["step"] is None else {"dt": scene["step"]}
    simulation = jupedsim.Simulation(model=jupedsim.CollisionFreeSpeedModel(), geometry=floor, **step)
    goals = []
    for way in scene["exits"]:
        stage = simulation.add_exit_stage(way["polygon"])
        journey = simulation.add_journey(jupedsim.JourneyDescription([stage]))
        goals.append((shapely.LineString(way["line"]), journey, stage))
    for x, y, speed in scene["persons"]:
        _, journey, stage = min(goals, key=lambda goal: goal[0].distance(shapely.Point(x, y)))
        simulation.add_agent(
            jupedsim.CollisionFreeSpeedModelAgentParameters(
                position=(x, y), desired_speed=speed, journey_id=journey, stage_id=stage
            )
        )
    return simulation


def positions(simulation):
    return {agent.id: agent.position for agent in simulation.agents()}


def main(path):
    scene = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    started = time.perf_counter()
    simulation = build(scene)
    setup = time.perf_counter() - started
    steps = round(1 / LOOKS_PER_SECOND / simulation.delta_time())
    if abs(steps * simulation.delta_time() * LOOKS_PER_SECOND - 1) > 1e-9:
        raise SystemExit(f"0.1 s is not a whole number of time steps of {simulation.delta_time()} s")
    count_at = scene["countAt"]
    persons = simulation.agent_count()
    before = positions(simulation) if count_at is not None else {}
    crossed = {}
    slices = []
    places = hashlib.sha256()
    looks = 0
    while simulation.agent_count() > 0 and looks < scene["seconds"] * LOOKS_PER_SECOND:
        if looks % LOOKS_PER_SECOND == 0:
            slices.append([0.0, 0.0])
        slices[-1][0] += simulation.agent_count() / LOOKS_PER_SECOND
        clock = time.perf_counter()
        simulation.iterate(steps)
        slices[-1][1] += time.perf_counter() - clock
        looks += 1
        if count_at is not None:
            now = positions(simulation)
            for identity, (x, _) in now.items():
                old = before[identity][0]
                if identity not in crossed and old < count_at <= x:
                    crossed[identity] = (looks - 1 + (count_at - old) / (x - old)) / LOOKS_PER_SECOND
            before = now
        if looks % LOOKS_PER_SECOND == 0:
            for identity, (x, y) in sorted(positions(simulation).items()):
                places.update(struct.pack("<qdd", identity, x, y))
    for identity, (x, y) in sorted(positions(simulation).items()):
        places.update(struct.pack("<qdd", identity, x, y))
    print(
        json.dumps(
            {
                "setup": setup,
                "slices": slices,
                "persons": persons,
                "out": persons - simulation.agent_count(),
                "endTime": looks / LOOKS_PER_SECOND,
                "crossings": sorted(crossed.values()),
                "hash": places.hexdigest()[:16],
                "version": jupedsim.__version__,
                "step": simulation.delta_time(),
            }
        )
    )
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(main(sys.argv[1]))
