import type { KernelFunctions } from '../kernel.ts';
import {
  INTEGER_NUMBERS,
  NUMBER_TABLE_OFFSET,
  NUMBERS,
  type NumberName,
  POINTER_TABLE_OFFSET,
  POINTERS,
  type PointerName,
  SHEET_WORDS,
} from '../table.ts';

/*
 * The kernel's twin in plain TypeScript, for tests: every operation rounded to f32, sums in the same four lanes, so that
 * the state is equal byte for byte. It is written from the equations, one neighbour at a time; the lane of neighbour k
 * is (k − start) mod 4, and a lane takes part in a sum where any lane of its group of four does.
 */

const f = Math.fround;
const SEGMENT = 16;
type Four = [number, number, number, number];

const sumLanes = (v: Four): number => f(f(v[0] + v[1]) + f(v[2] + v[3]));

const bits = new Int32Array(1);
const asFloat = new Float32Array(bits.buffer);
const DECAY = [
  -0.00001525273380405984,
  0.0001540353039338161,
  -0.0013333558146428443,
  0.009618129107628477,
  -0.05550410866482158,
  0.2402265069591007,
  -Math.LN2,
  1,
].map(f);

/** e^−x for x ≥ 0. */
export function decay(x: number): number {
  const scaled = Math.min(f(x * f(Math.LOG2E)), f(120));
  const whole = Math.trunc(scaled);
  const part = f(scaled - whole);
  let p = DECAY[0];
  for (let k = 1; k < 8; k++) p = f(f(p * part) + DECAY[k]);
  bits[0] = (127 - whole) << 23;
  return f(p * asFloat[0]);
}

/** Same face and same bytes as `instantiateKernel`, some twenty times slower. */
export function createReferenceKernel(memory: WebAssembly.Memory): KernelFunctions {
  const f32 = new Float32Array(memory.buffer);
  const i32 = new Int32Array(memory.buffer);
  const at = {} as Record<PointerName, number>;
  const n = {} as Record<NumberName, number>;
  function readTables(): void {
    POINTERS.forEach((name, k) => {
      at[name] = i32[POINTER_TABLE_OFFSET / 4 + k] / 4;
    });
    NUMBERS.forEach((name, k) => {
      n[name] = (INTEGER_NUMBERS.includes(name) ? i32 : f32)[NUMBER_TABLE_OFFSET / 4 + k];
    });
  }

  function sortPersons(count: number): number {
    readTables();
    const cells = n.gridColumns * n.gridRows;
    i32.fill(0, at.cellStart, at.cellStart + cells + 2);
    for (let i = 0; i < count; i++) {
      if (i32[at.state + i] === 3) {
        i32[at.cellOf + i] = -1;
        continue;
      }
      const column = Math.trunc(f(f(f32[at.x + i] - n.gridX0) * n.gridInverseCell));
      const row = Math.trunc(f(f(f32[at.y + i] - n.gridY0) * n.gridInverseCell));
      const cell =
        Math.min(Math.max(row, 1), n.gridRows - 2) * n.gridColumns + Math.min(Math.max(column, 1), n.gridColumns - 2);
      i32[at.cellOf + i] = cell;
      i32[at.cellStart + cell + 2]++;
    }
    let sum = 0;
    for (let c = 2; c < cells + 2; c++) {
      sum += i32[at.cellStart + c];
      i32[at.cellStart + c] = sum;
    }
    for (let i = 0; i < count; i++) {
      const cell = i32[at.cellOf + i];
      if (cell >= 0) i32[at.order + i32[at.cellStart + cell + 1]++] = i;
    }
    return sum;
  }

  function gather(names: readonly [PointerName, PointerName][], count: number): void {
    for (const [from, to] of names) {
      for (let k = 0; k < count; k++) i32[at[to] + k] = i32[at[from] + i32[at.order + k]];
    }
  }

  function gatherMotion(count: number): void {
    gather(
      [
        ['x', 'sortedX'],
        ['y', 'sortedY'],
        ['vx', 'sortedVx'],
        ['vy', 'sortedVy'],
        ['radius', 'sortedRadius'],
        ['mass', 'sortedMass'],
        ['area', 'sortedArea'],
        ['near', 'sortedNear'],
      ],
      count,
    );
  }

  function gatherSteering(count: number): void {
    gather(
      [
        ['headX', 'sortedHeadX'],
        ['headY', 'sortedHeadY'],
        ['potential', 'sortedPotential'],
        ['goal', 'sortedGoal'],
      ],
      count,
    );
  }

  function inSight(i: number, k: number): boolean {
    const area = i32[at.sortedArea + i];
    const other = i32[at.sortedArea + k];
    return other === area || other === i32[at.sortedNear + i] || i32[at.sortedNear + k] === area;
  }

  function wallsAt(sheet: number, x: number, y: number): [number, number] {
    const row = at.sheets + SHEET_WORDS * sheet;
    const column = Math.trunc(f(f(x - f32[row]) * f32[row + 2]));
    const line = Math.trunc(f(f(y - f32[row + 1]) * f32[row + 2]));
    const columns = i32[row + 3];
    const cell =
      i32[row + 5] +
      Math.min(Math.max(line, 0), i32[row + 4] - 1) * columns +
      Math.min(Math.max(column, 0), columns - 1);
    return [i32[at.wallCellStart + cell], i32[at.wallCellStart + cell + 1]];
  }

  const sideOf = (s: number, x: number, y: number): number =>
    f(f(f32[s + 2] * f(y - f32[s + 1])) - f(f32[s + 3] * f(x - f32[s])));
  const alongOf = (s: number, x: number, y: number): number =>
    f(f(f(x - f32[s]) * f32[s + 2]) + f(f(y - f32[s + 1]) * f32[s + 3]));

  function movePersons(from: number, to: number, h64: number): void {
    readTables();
    const h = f(h64);
    const capRate = f(n.capShare / h);
    const loadShare = f(h / n.loadTime);
    const relaxRate = f(1 / n.relaxTime);
    for (let i = from; i < to; i++) {
      const id = i32[at.order + i];
      const x = f32[at.sortedX + i];
      const y = f32[at.sortedY + i];
      const vx = f32[at.sortedVx + i];
      const vy = f32[at.sortedVy + i];
      const radius = f32[at.sortedRadius + i];
      const mass = f32[at.sortedMass + i];
      const fx4: Four = [0, 0, 0, 0];
      const fy4: Four = [0, 0, 0, 0];
      const sxx4: Four = [0, 0, 0, 0];
      const sxy4: Four = [0, 0, 0, 0];
      const syy4: Four = [0, 0, 0, 0];
      const cell = i32[at.cellOf + id];
      for (let line = -1; line <= 1; line++) {
        const middle = cell + line * n.gridColumns;
        const start = i32[at.cellStart + middle - 1];
        const end = i32[at.cellStart + middle + 2];
        for (let k = start; k < end; k++) {
          const dx = f(x - f32[at.sortedX + k]);
          const dy = f(y - f32[at.sortedY + k]);
          const squared = f(f(dx * dx) + f(dy * dy));
          const reach = f(radius + f32[at.sortedRadius + k]);
          if (!(squared < f(reach * reach)) || k === i || !inSight(i, k)) continue;
          const lane = (k - start) % 4;
          const distance = f(Math.sqrt(Math.max(squared, f(1e-12))));
          const nx = f(dx / distance);
          const ny = f(dy / distance);
          const dvx = f(vx - f32[at.sortedVx + k]);
          const dvy = f(vy - f32[at.sortedVy + k]);
          const otherMass = f32[at.sortedMass + k];
          const reduced = f(f(mass * otherMass) / f(mass + otherMass));
          const cap = f(capRate * reduced);
          const damping = Math.min(f(n.dampingShare * f(Math.sqrt(f(n.stiffness * reduced)))), cap);
          const normalSpeed = f(f(dvx * nx) + f(dvy * ny));
          const normal = Math.max(0, f(f(n.stiffness * f(reach - distance)) - f(damping * normalSpeed)));
          const slideSpeed = f(f(dvy * nx) - f(dvx * ny));
          const limit = f(n.friction * normal);
          const tangential = Math.min(limit, Math.max(-limit, -f(Math.min(n.slideDamping, cap) * slideSpeed)));
          fx4[lane] = f(fx4[lane] + f(f(nx * normal) - f(ny * tangential)));
          fy4[lane] = f(fy4[lane] + f(f(ny * normal) + f(nx * tangential)));
          const px = f(nx * normal);
          sxx4[lane] = f(sxx4[lane] + f(px * nx));
          sxy4[lane] = f(sxy4[lane] + f(px * ny));
          syy4[lane] = f(syy4[lane] + f(f(ny * normal) * ny));
        }
      }
      let fx = sumLanes(fx4);
      let fy = sumLanes(fy4);
      let sxx = sumLanes(sxx4);
      let sxy = sumLanes(sxy4);
      let syy = sumLanes(syy4);

      const wallCap = f(capRate * mass);
      const wallDamping = Math.min(f(n.dampingShare * f(Math.sqrt(f(n.stiffness * mass)))), wallCap);
      const wallSlide = Math.min(n.slideDamping, wallCap);
      const [first, last] = wallsAt(i32[at.sheet + id], x, y);
      for (let w = first; w < last; w++) {
        const s = at.segments + SEGMENT * i32[at.wallCellItems + w];
        if (f32[s + 9] === 0) continue;
        const kind = f32[s + 7];
        const rx = f(x - f32[s]);
        const ry = f(y - f32[s + 1]);
        const along = f(f(rx * f32[s + 2]) + f(ry * f32[s + 3]));
        let nx = -f32[s + 3];
        let ny = f32[s + 2];
        let distance = f(f(f32[s + 2] * ry) - f(f32[s + 3] * rx));
        if (along >= 0) {
          if (along > f32[s + 4] || (distance < 0 && kind !== 1)) continue;
          if (distance < 0) {
            distance = -distance;
            nx = f32[s + 3];
            ny = -f32[s + 2];
          }
          if (distance >= radius) continue;
        } else {
          if (kind !== 0 || f(f(rx * f32[s + 5]) + f(ry * f32[s + 6])) < 0) continue;
          const squared = f(f(rx * rx) + f(ry * ry));
          if (squared >= f(radius * radius)) continue;
          distance = f(Math.sqrt(Math.max(squared, f(1e-12))));
          nx = f(rx / distance);
          ny = f(ry / distance);
        }
        const normalSpeed = f(f(vx * nx) + f(vy * ny));
        const normal = Math.max(0, f(f(n.stiffness * f(radius - distance)) - f(wallDamping * normalSpeed)));
        const slideSpeed = f(f(vy * nx) - f(vx * ny));
        const limit = f(n.friction * normal);
        const tangential = Math.min(limit, Math.max(-limit, -f(wallSlide * slideSpeed)));
        fx = f(fx + f(f(nx * normal) - f(ny * tangential)));
        fy = f(fy + f(f(ny * normal) + f(nx * tangential)));
        const px = f(nx * normal);
        sxx = f(sxx + f(px * nx));
        sxy = f(sxy + f(px * ny));
        syy = f(syy + f(f(ny * normal) * ny));
        if (kind === 1) {
          i32[at.touched + id] = f32[s + 8] + 1;
          f32[at.leafImpulse + id] = f(f32[at.leafImpulse + id] + f(normal * h));
        }
      }

      const mean = f(0.5 * f(sxx + syy));
      const difference = f(0.5 * f(sxx - syy));
      const load = f(0.5 * f(mean + f(Math.sqrt(f(f(difference * difference) + f(sxy * sxy))))));
      const before = f32[at.chestLoad + id];
      const after = f(before + f(f(load - before) * loadShare));
      f32[at.chestLoad + id] = after;
      f32[at.chestLoadMax + id] = Math.max(f32[at.chestLoadMax + id], after);

      const push = f32[at.pushNow + id];
      let legX = f(f(f32[at.wishX + id] - vx) * relaxRate);
      let legY = f(f(f32[at.wishY + id] - vy) * relaxRate);
      if (push !== 0) {
        legX = f(legX + f(f(push * f32[at.wantX + id]) / mass));
        legY = f(legY + f(f(push * f32[at.wantY + id]) / mass));
      }
      const legSquared = f(f(legX * legX) + f(legY * legY));
      if (legSquared > f(n.grip * n.grip)) {
        const scale = f(n.grip / f(Math.sqrt(legSquared)));
        legX = f(legX * scale);
        legY = f(legY * scale);
      }
      const touched = fx !== 0 || fy !== 0;
      const ax = touched ? f(legX + f(fx / mass)) : legX;
      const ay = touched ? f(legY + f(fy / mass)) : legY;
      let newVx = f(vx + f(h * ax));
      let newVy = f(vy + f(h * ay));
      const speedSquared = f(f(newVx * newVx) + f(newVy * newVy));
      if (speedSquared > f(n.speedCap * n.speedCap)) {
        const scale = f(n.speedCap / f(Math.sqrt(speedSquared)));
        newVx = f(newVx * scale);
        newVy = f(newVy * scale);
      }
      let newX = f(x + f(h * newVx));
      let newY = f(y + f(h * newVy));

      let passed = false;
      for (let round = 0; round < 3; round++) {
        let hit = false;
        for (let w = first; w < last; w++) {
          const s = at.segments + SEGMENT * i32[at.wallCellItems + w];
          const kind = f32[s + 7];
          if (f32[s + 9] === 0 || kind === 2) continue;
          const along = alongOf(s, newX, newY);
          if (along < 0 || along > f32[s + 4]) continue;
          const newSide = sideOf(s, newX, newY);
          const sign = sideOf(s, x, y) < 0 ? -1 : 1;
          if (sign < 0 && kind === 0) continue;
          const depth = f(n.clearance - f(sign * newSide));
          if (depth <= 0) continue;
          if (round === 2) {
            if (sign * newSide <= 0) passed = true;
            continue;
          }
          hit = true;
          const nx = -f(sign * f32[s + 3]);
          const ny = f(sign * f32[s + 2]);
          newX = f(newX + f(depth * nx));
          newY = f(newY + f(depth * ny));
          const into = f(f(newVx * nx) + f(newVy * ny));
          if (into < 0) {
            newVx = f(newVx - f(into * nx));
            newVy = f(newVy - f(into * ny));
          }
        }
        if (!hit && round < 2) break;
      }
      if (passed) {
        newX = x;
        newY = y;
        newVx = 0;
        newVy = 0;
      }

      for (let w = first; w < last; w++) {
        const s = at.segments + SEGMENT * i32[at.wallCellItems + w];
        if (f32[s + 7] !== 2) continue;
        const along = alongOf(s, newX, newY);
        if (along < f(-0.05) || along > f(f32[s + 4] + f(0.05))) continue;
        const oldSide = sideOf(s, x, y);
        const newSide = sideOf(s, newX, newY);
        const now = i32[at.area + id];
        let mark = 0;
        if (oldSide >= 0 && newSide < 0 && now === f32[s + 11]) {
          i32[at.area + id] = f32[s + 12];
          i32[at.sheet + id] = f32[s + 14];
          mark = f32[s + 8] + 1;
        } else if (oldSide < 0 && newSide >= 0 && now === f32[s + 12]) {
          i32[at.area + id] = f32[s + 11];
          i32[at.sheet + id] = f32[s + 13];
          mark = -(f32[s + 8] + 1);
        }
        if (mark !== 0) {
          if (i32[at.crossedA + id] === 0) i32[at.crossedA + id] = mark;
          else i32[at.crossedB + id] = mark;
        }
      }
      f32[at.x + id] = newX;
      f32[at.y + id] = newY;
      f32[at.vx + id] = newVx;
      f32[at.vy + id] = newVy;
    }
  }

  function steerPersons(from: number, to: number, interval: number): void {
    readTables();
    const turnShare = f(f(interval) / n.turnShare);
    const inverseRange = f(1 / n.steerRange);
    for (let i = from; i < to; i++) {
      const id = i32[at.order + i];
      const x = f32[at.sortedX + i];
      const y = f32[at.sortedY + i];
      const vx = f32[at.sortedVx + i];
      const vy = f32[at.sortedVy + i];
      const radius = f32[at.sortedRadius + i];
      const wx = f32[at.wantX + id];
      const wy = f32[at.wantY + id];
      const hx = f32[at.sortedHeadX + i];
      const hy = f32[at.sortedHeadY + i];
      const speedMax = f32[at.wishSpeed + id];
      const reach = f32[at.packing + id] < 2 ? n.gridReachFar : n.gridReachNear;
      const cell = i32[at.cellOf + id];
      const row = Math.trunc(cell / n.gridColumns);
      const column = cell - row * n.gridColumns;
      const rowFrom = Math.max(row - reach, 0);
      const rowTo = Math.min(row + reach, n.gridRows - 1);
      const columnFrom = Math.max(column - reach, 0);
      const columnTo = Math.min(column + reach, n.gridColumns - 1);
      const forNeighbours = (visit: (k: number, lane: number, dx: number, dy: number, squared: number) => void) => {
        for (let line = rowFrom; line <= rowTo; line++) {
          const start = i32[at.cellStart + line * n.gridColumns + columnFrom];
          const end = i32[at.cellStart + line * n.gridColumns + columnTo + 1];
          for (let k = start; k < end; k++) {
            const dx = f(f32[at.sortedX + k] - x);
            const dy = f(f32[at.sortedY + k] - y);
            const squared = f(f(dx * dx) + f(dy * dy));
            if (squared < f(n.cutFar * n.cutFar) && k !== i && inSight(i, k))
              visit(k, (k - start) % 4, dx, dy, squared);
          }
        }
      };

      const goal = i32[at.sortedGoal + i];
      const potential = f32[at.sortedPotential + i];
      const insists = goal >= 0 && f32[at.blockedTime + id] > 1;
      const isNearer = (k: number) => {
        const other = f32[at.sortedPotential + k];
        return other < potential || (other === potential && i32[at.order + k] < id);
      };
      const side4: Four = [0, 0, 0, 0];
      const density4: Four = [0, 0, 0, 0];
      const oncoming4: Four = [0, 0, 0, 0];
      forNeighbours((k, lane, dx, dy, squared) => {
        const inside = Math.max(0, f(1 - squared));
        density4[lane] = f(density4[lane] + f(inside * inside));
        const jvx = f32[at.sortedVx + k];
        const jvy = f32[at.sortedVy + k];
        const distance = f(Math.sqrt(Math.max(squared, f(1e-12))));
        const ex = f(dx / distance);
        const ey = f(dy / distance);
        const front = f(f(wx * ex) + f(wy * ey)) >= 0 || f(f(hx * ex) + f(hy * ey)) >= 0;
        const oncoming = f(f(jvx * hx) + f(jvy * hy)) < 0;
        const faces = f(f(f32[at.sortedHeadX + k] * hx) + f(f32[at.sortedHeadY + k] * hy)) < f(-0.3);
        if (front && faces) oncoming4[lane] = f(oncoming4[lane] + inside);
        if (!front || !(oncoming || squared < f(n.cutNear * n.cutNear))) return;
        if (insists && i32[at.sortedGoal + k] === goal && !isNearer(k)) return;
        const closing = f(f(f(vx - jvx) * ex) + f(f(vy - jvy) * ey));
        const touch = f(radius + f32[at.sortedRadius + k]);
        const gap = Math.max(0, f(f(distance - touch) - f(closing * n.anticipation)));
        const aheadX = f(dx + f(jvx * n.anticipation));
        const aheadY = f(dy + f(jvy * n.anticipation));
        const cross = f(f(wx * aheadY) - f(wy * aheadX));
        const facing = f(f(wx * f32[at.sortedHeadX + k]) + f(wy * f32[at.sortedHeadY + k]));
        const factor = f(1 + f(0.5 * f(1 - facing)));
        const size = f(f(n.steerStrength * factor) * decay(f(gap * inverseRange)));
        side4[lane] = f(side4[lane] + (cross >= 0 ? size : -size));
      });
      f32[at.oncoming + id] = sumLanes(oncoming4);
      f32[at.packing + id] = f(f(0.954929658551372) * f(1 + sumLanes(density4)));
      if (speedMax <= 0) {
        f32[at.wishX + id] = 0;
        f32[at.wishY + id] = 0;
        continue;
      }

      const side = sumLanes(side4);
      let ex = f(wx + f(side * wy));
      let ey = f(wy - f(side * wx));
      let size = f(Math.sqrt(Math.max(f(f(ex * ex) + f(ey * ey)), f(1e-12))));
      ex = f(ex / size);
      ey = f(ey / size);
      ex = f(hx + f(f(ex - hx) * turnShare));
      ey = f(hy + f(f(ey - hy) * turnShare));
      size = f(Math.sqrt(f(f(ex * ex) + f(ey * ey))));
      if (size < f(1e-3)) {
        ex = wx;
        ey = wy;
      } else {
        ex = f(ex / size);
        ey = f(ey / size);
      }
      f32[at.headX + id] = ex;
      f32[at.headY + id] = ey;

      let wayX = ex;
      let wayY = ey;
      let leafGap = f(1e9);
      const [first, last] = wallsAt(i32[at.sheet + id], x, y);
      for (let w = first; w < last; w++) {
        const s = at.segments + SEGMENT * i32[at.wallCellItems + w];
        const kind = f32[s + 7];
        if (f32[s + 9] === 0 || kind === 2) continue;
        const rx = f(x - f32[s]);
        const ry = f(y - f32[s + 1]);
        const along = f(f(rx * f32[s + 2]) + f(ry * f32[s + 3]));
        let nx = -f32[s + 3];
        let ny = f32[s + 2];
        let distance = f(f(f32[s + 2] * ry) - f(f32[s + 3] * rx));
        if (along >= 0) {
          if (along > f32[s + 4]) continue;
          if (distance < 0) {
            if (kind !== 1) continue;
            distance = -distance;
            nx = -nx;
            ny = -ny;
          }
        } else {
          if (kind === 1 || f(f(rx * f32[s + 5]) + f(ry * f32[s + 6])) < 0) continue;
          distance = f(Math.sqrt(Math.max(f(f(rx * rx) + f(ry * ry)), f(1e-12))));
          nx = f(rx / distance);
          ny = f(ry / distance);
        }
        const gap = f(distance - radius);
        if (kind === 1) {
          const towards = -f(f(wayX * nx) + f(wayY * ny));
          if (towards > f(0.1)) leafGap = Math.min(leafGap, f(Math.max(0, f(gap + n.leafTouch)) / towards));
          continue;
        }
        if (gap >= n.wallBuffer) continue;
        const into = f(f(wayX * nx) + f(wayY * ny));
        if (into >= 0) continue;
        const share = Math.min(1, f(1 - f(gap / n.wallBuffer)));
        wayX = f(wayX - f(f(into * share) * nx));
        wayY = f(wayY - f(f(into * share) * ny));
      }

      let gap = f(1e9);
      forNeighbours((k, _lane, dx, dy, squared) => {
        const touch = f(radius + f32[at.sortedRadius + k]);
        if (!(f(f(ex * dx) + f(ey * dy)) > 0)) return;
        if (!(Math.abs(f(f(ex * dy) - f(ey * dx))) <= f(n.laneShare * touch))) return;
        if (goal >= 0 && i32[at.sortedGoal + k] === goal && !isNearer(k)) return;
        gap = Math.min(gap, f(f(Math.sqrt(squared)) - touch));
      });
      gap = Math.min(gap, leafGap);
      const speed = Math.min(speedMax, Math.max(0, f(gap / f32[at.timeGap + id])));
      f32[at.wishX + id] = f(wayX * speed);
      f32[at.wishY + id] = f(wayY * speed);
    }
  }

  return { sortPersons, gatherMotion, gatherSteering, steerPersons, movePersons, useScratch: () => undefined };
}
