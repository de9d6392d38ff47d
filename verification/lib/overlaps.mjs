/** Finds pairs of bodies that overlap deeply for long, by a grid of its own, so that it checks the engine. */

/** Cell of the grid [m]: more than two radii of anybody. */
const CELL = 0.5;
/** Pairs are looked for every so many decision intervals. */
const EVERY = 2;

/**
 * Watcher that collects pairs of persons in one area who overlap by more than `depth` of the smaller radius for longer
 * than `seconds`, while neither is in a crush: chest load above `load` [N], the least that does harm.
 */
export function watchOverlaps({ depth, seconds, load }) {
  let open = new Map();
  return {
    pairs: new Set(),
    see({ views: { clock, persons }, personCount }) {
      if (clock.tick[0] % EVERY !== 0) return;
      const cells = new Map();
      const keyOf = (column, row) => column * 1e5 + row;
      const held = new Map();
      for (let i = 0; i < personCount; i++) {
        if (persons.state[i] >= 2 && persons.state[i] !== 4) continue;
        // who stands is stepped over whoever lies: those two have no contact (docs/decisions/010)
        if (persons.posture[i] !== 0) continue;
        const [column, row] = [Math.floor(persons.x[i] / CELL), Math.floor(persons.y[i] / CELL)];
        for (let c = column - 1; c <= column + 1; c++) {
          for (let r = row - 1; r <= row + 1; r++) {
            for (const j of cells.get(keyOf(c, r)) ?? []) {
              if (persons.area[i] !== persons.area[j]) continue;
              const least = Math.min(persons.radius[i], persons.radius[j]);
              const reach = persons.radius[i] + persons.radius[j] - depth * least;
              const [dx, dy] = [persons.x[i] - persons.x[j], persons.y[i] - persons.y[j]];
              if (dx * dx + dy * dy >= reach * reach) continue;
              if (persons.chestLoad[i] > load || persons.chestLoad[j] > load) continue;
              const pair = j * personCount + i;
              const since = open.get(pair) ?? clock.tick[0];
              held.set(pair, since);
              if (clock.tick[0] - since > 10 * seconds) this.pairs.add(pair);
            }
          }
        }
        const key = keyOf(column, row);
        if (!cells.has(key)) cells.set(key, []);
        cells.get(key).push(i);
      }
      open = held;
    },
  };
}
