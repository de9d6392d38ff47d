import { blockLanes } from '../../../math/index.ts';
import { unsteadyChange } from '../../falls.ts';
import { BLOCK_KINDS, type KernelFunctions } from '../kernel.ts';
import {
  BLOCK_COLUMN,
  BLOCK_ROW,
  CHOICE_ASKED,
  CONTACT_FAR,
  CONTACTS_MAX,
  INFO_COUNT,
  INFO_SCAN,
  INFO_STRAYED,
  INFO_WALLS_SHIFT,
  INTEGER_NUMBERS,
  MARK_NODE,
  NUMBER_TABLE_OFFSET,
  NUMBERS,
  type NumberName,
  POINTER_TABLE_OFFSET,
  POINTERS,
  type PointerName,
  ROW_BYTES,
  WALLS_ALL,
} from '../table.ts';

/*
 * The kernel's twin in plain TypeScript, for tests: every operation rounded to f32, sums in the same four lanes, so that the state is
 * equal byte for byte. It is written from the equations, one neighbour at a time; the lane of a neighbour is its place among all
 * neighbours in reach, modulo 4. What ways people choose and what they want it leaves wholly to `chooseWay` and `sensePerson`, in f64.
 */

const f = Math.fround;
/** Nothing is listed: whom and what one touches is looked for in the cells around. */
const LOOKS = INFO_SCAN | (WALLS_ALL << INFO_WALLS_SHIFT);
const SEGMENT = 16;
type Four = [number, number, number, number];

/** Cosine and sine of the lanes: straight on, 20° and 40° to the left and to the right. */
const LANES = [
  [1, 0],
  [0.9396926, 0.3420201],
  [0.9396926, -0.3420201],
  [0.7660444, 0.6427876],
  [0.7660444, -0.6427876],
].map(([cosine, sine]) => [f(cosine), f(sine)]);

const COLUMNS_OF_LEAN = ['vx', 'vy', 'wishX', 'wishY', 'leanX', 'leanY'] as const;

const sumLanes = (v: Four): number => f(f(v[0] + v[1]) + f(v[2] + v[3]));

const bits = new Int32Array(1);
const asFloat = new Float32Array(bits.buffer);
const DECAY = [
  -0.0013333558146428443,
  0.009618129107628477,
  -0.05550410866482158,
  0.2402265069591007,
  -Math.LN2,
  1,
].map(f);
/** Adding it rounds to whole numbers. */
const SHIFT = 12_582_912;

/** e^−x for x ≥ 0. */
export function decay(x: number): number {
  const scaled = Math.min(f(x * f(Math.LOG2E)), f(120));
  const whole = f(f(scaled + SHIFT) - SHIFT);
  const part = f(scaled - whole);
  const square = f(part * part);
  const [high, middle, low] = [0, 2, 4].map((k) => f(f(DECAY[k] * part) + DECAY[k + 1]));
  const p = f(low + f(square * f(middle + f(square * high))));
  bits[0] = (127 - whole) << 23;
  return f(p * asFloat[0]);
}

/** Sixteenth of the circle in which a velocity points. */
export function sectorOf(vx: number, vy: number): number {
  const quarter = vy >= 0 ? (vx >= 0 ? 0 : 1) : vx >= 0 ? 3 : 2;
  const ax = Math.abs(vx);
  const ay = Math.abs(vy);
  const u = quarter % 2 === 0 ? ax : ay;
  const w = quarter % 2 === 0 ? ay : ax;
  const part = w > f(f(Math.SQRT2 + 1) * u) ? 3 : w > u ? 2 : w > f(f(Math.SQRT2 - 1) * u) ? 1 : 0;
  return 4 * quarter + part;
}

/** Same face and same bytes as `instantiateKernel`, some twenty times slower. */
export function createReferenceKernel(memory: WebAssembly.Memory): KernelFunctions {
  const f32 = new Float32Array(memory.buffer);
  const i32 = new Int32Array(memory.buffer);
  const f64 = new Float64Array(memory.buffer);
  const i16 = new Int16Array(memory.buffer);
  const u8 = new Uint8Array(memory.buffer);
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

  function setNumber(name: NumberName, value: number): void {
    (INTEGER_NUMBERS.includes(name) ? i32 : f32)[NUMBER_TABLE_OFFSET / 4 + NUMBERS.indexOf(name)] = value;
    n[name] = f(value);
  }

  function choosePersons(from: number, to: number, turn: number): void {
    readTables();
    for (let i = from; i < to; i++) {
      if ((u8[4 * at.rethink + i] === 0 && (i + turn) % 20 !== 0) || u8[4 * at.state + i] === 3) continue;
      i32[at.choice + i] = CHOICE_ASKED;
      u8[4 * at.unsensed + i] = MARK_NODE;
    }
  }

  function sensePersons(from: number, to: number): void {
    readTables();
    for (let i = from; i < to; i++) if (u8[4 * at.state + i] !== 3) u8[4 * at.unsensed + i] = 1;
  }

  const columnAt = (x: number) => Math.trunc(f(f(x - n.gridX0) * n.gridInverseCell));
  const rowAt = (y: number) => Math.trunc(f(f(y - n.gridY0) * n.gridInverseRow));

  function sortPersons(count: number): number {
    readTables();
    const cells = n.gridColumns * n.gridRows;
    const blockRows = (n.gridRows >> BLOCK_ROW) + 3;
    i32.fill(0, at.cellStart, at.cellStart + cells + 2);
    i32.fill(0, at.flowHere, at.flowHere + n.gridBlocks * blockRows);
    let fastest = 0;
    for (let i = 0; i < count; i++) {
      if (u8[4 * at.state + i] === 3) {
        i32[at.cellOf + i] = -1;
        continue;
      }
      const column = Math.min(Math.max(columnAt(f32[at.x + i]), 1), n.gridColumns - 2);
      const row = Math.min(Math.max(rowAt(f32[at.y + i]), 1), n.gridRows - 2);
      const cell = row * n.gridColumns + column;
      i32[at.cellOf + i] = cell;
      i32[at.cellStart + cell + 2]++;
      const vx = f32[at.vx + i];
      const vy = f32[at.vy + i];
      const squared = f(f(vx * vx) + f(vy * vy));
      if (squared === 0) continue;
      fastest = Math.max(fastest, squared);
      i32[at.flowHere + ((row >> BLOCK_ROW) + 1) * n.gridBlocks + (column >> BLOCK_COLUMN) + 1] |=
        1 << sectorOf(vx, vy);
    }
    for (let line = 1; line < blockRows - 1; line++) {
      for (let block = 1; block < n.gridBlocks - 1; block++) {
        let all = 0;
        for (let dy = -1; dy <= 1; dy++) {
          for (let dx = -1; dx <= 1; dx++) all |= i32[at.flowHere + (line + dy) * n.gridBlocks + block + dx];
        }
        i32[at.flow + line * n.gridBlocks + block] = all;
      }
    }
    setNumber('speedMax', Math.sqrt(fastest));
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

  function gatherPersons(from: number, to: number): void {
    readTables();
    for (let k = from; k < to; k++) {
      const id = i32[at.order + k];
      const radius = f32[at.radius + id];
      f32[at.sortedX + k] = f32[at.x + id];
      f32[at.sortedY + k] = f32[at.y + id];
      f32.set([f32[at.x + id], f32[at.y + id], f32[at.vx + id], f32[at.vy + id]], at.bodiesFrom + 4 * k);
      f32.set(
        [u8[4 * at.posture + id] === 0 ? radius : -radius, f32[at.mass + id], 0, f32[at.potential + id]],
        at.traits + 4 * k,
      );
      i32[at.traits + 4 * k + 2] = (i16[2 * at.area + id] & 0xffff) | (i16[2 * at.near + id] << 16);
      f32.set([f32[at.headX + id], f32[at.headY + id]], at.aims + 2 * k);
      i16[2 * at.goals + k] = i16[2 * at.goal + id];
    }
  }

  const areaAt = (k: number) => i32[at.traits + 4 * k + 2] & 0xffff;
  const nearAt = (k: number) => i32[at.traits + 4 * k + 2] >> 16;
  function inSight(i: number, k: number): boolean {
    return areaAt(k) === areaAt(i) || areaAt(k) === nearAt(i) || nearAt(k) === areaAt(i);
  }

  /**
   * Places, in cell order, of all others within `around`; of those ahead of one of two directions within `front`; and of those ahead
   * within `far` who come towards the second.
   */
  function neighboursOf(
    i: number,
    x: number,
    y: number,
    around: number,
    front: number,
    far: number,
    ways: number[],
  ): number[] {
    const [wx, wy, hx, hy] = ways;
    const found: number[] = [];
    const rowTo = Math.min(rowAt(f(y + far)), n.gridRows - 1);
    const columnFrom = Math.max(columnAt(f(x - far)), 0);
    const columnTo = Math.min(columnAt(f(x + far)), n.gridColumns - 1);
    for (let line = Math.max(rowAt(f(y - far)), 0); line <= rowTo; line++) {
      const end = i32[at.cellStart + line * n.gridColumns + columnTo + 1];
      for (let k = i32[at.cellStart + line * n.gridColumns + columnFrom]; k < end; k++) {
        const dx = f(f32[at.sortedX + k] - x);
        const dy = f(f32[at.sortedY + k] - y);
        const squared = f(f(dx * dx) + f(dy * dy));
        const ahead = f(f(wx * dx) + f(wy * dy)) >= 0 || f(f(hx * dx) + f(hy * dy)) >= 0;
        const [, , jvx, jvy] = f32.subarray(at.bodiesFrom + 4 * k);
        const nears = f(f(jvx * hx) + f(jvy * hy)) < 0 && squared < f(far * far);
        const counts = squared < f(around * around) || (ahead && (squared < f(front * front) || nears));
        if (k === i || !counts) continue;
        found.push(k);
      }
    }
    return found;
  }

  function contactReach(radius: number, speed: number, horizon: number): number {
    const far = f(f(n.radiusMax + f(2 * n.margin)) + f(horizon * n.speedMax));
    return f(f(radius + f(horizon * speed)) + far);
  }

  /** Lists which of the neighbours can be touched within the horizon, and whether walls can. */
  function writeContacts(i: number, neighbours: readonly number[], horizon: number): void {
    const [x, y, vx, vy] = f32.subarray(at.bodiesFrom + 4 * i);
    const [radius] = f32.subarray(at.traits + 4 * i);
    const listed: number[] = [];
    for (const k of radius > 0 ? neighbours : []) {
      const [jx, jy, jvx, jvy] = f32.subarray(at.bodiesFrom + 4 * k);
      const [other] = f32.subarray(at.traits + 4 * k);
      const dx = f(jx - x);
      const dy = f(jy - y);
      const distance = f(Math.sqrt(Math.max(f(1e-12), f(f(dx * dx) + f(dy * dy)))));
      const gap = f(f(distance - f(radius + other)) - f(2 * n.margin));
      const dvx = f(jvx - vx);
      const dvy = f(jvy - vy);
      const nearing = f(f(horizon * horizon) * f(f(dvx * dvx) + f(dvy * dvy)));
      if ((gap < 0 || f(gap * gap) < nearing) && other > 0 && inSight(i, k)) listed.push(k);
    }
    let info = INFO_SCAN;
    if (listed.length <= CONTACTS_MAX && listed.every((k) => Math.abs(k - i) <= CONTACT_FAR)) {
      info = listed.length;
      i16.set(
        listed.map((k) => k - i),
        2 * at.contacts + CONTACTS_MAX * i,
      );
    }
    const speed = f(Math.sqrt(f(f(vx * vx) + f(vy * vy))));
    const reach = f(f(f(Math.abs(radius) + n.margin) + f(horizon * speed)) + f(0.1));
    const [first, last] = wallsAt(i16[2 * at.sheet + i32[at.order + i]], x, y);
    for (let w = first; w < last; w++) {
      const s = at.segments + SEGMENT * i32[at.wallCellItems + w];
      if (f32[s + 9] === 0 && f32[s + 7] !== 2) continue;
      const rx = f(x - f32[s]);
      const ry = f(y - f32[s + 1]);
      const along = f(f(rx * f32[s + 2]) + f(ry * f32[s + 3]));
      const away = Math.abs(f(f(f32[s + 2] * ry) - f(f32[s + 3] * rx)));
      if (away < reach && along > -reach && along < f(f32[s + 4] + reach)) info |= WALLS_ALL << INFO_WALLS_SHIFT;
    }
    i32[at.contactInfo + i] = info;
  }

  function listContacts(from: number, to: number, horizon64: number): void {
    readTables();
    const horizon = f(horizon64);
    for (let i = from; i < to; i++) {
      const [x, y, vx, vy] = f32.subarray(at.bodiesFrom + 4 * i);
      const [radius] = f32.subarray(at.traits + 4 * i);
      const speed = f(Math.sqrt(f(f(vx * vx) + f(vy * vy))));
      const around = contactReach(radius, speed, horizon);
      writeContacts(i, neighboursOf(i, x, y, around, around, around, [0, 0, 0, 0]), horizon);
    }
  }

  function wallsAt(sheet: number, x: number, y: number): [number, number] {
    const row = at.sheets + (ROW_BYTES.sheet / 4) * sheet;
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

  /** Acceleration of the legs, within the grip of the floor. */
  function legsOf(id: number, vx: number, vy: number, mass: number): [number, number] {
    const relaxRate = f(1 / n.relaxTime);
    const push = f32[at.pushNow + id];
    let legX = f(f(f32[at.wishX + id] - vx) * relaxRate);
    let legY = f(f(f32[at.wishY + id] - vy) * relaxRate);
    if (push !== 0) {
      legX = f(legX + f(f(push * f32[at.wantX + id]) / mass));
      legY = f(legY + f(f(push * f32[at.wantY + id]) / mass));
    }
    const squared = f(f(legX * legX) + f(legY * legY));
    if (!(squared > f(n.grip * n.grip))) return [legX, legY];
    const scale = f(n.grip / f(Math.sqrt(squared)));
    return [f(legX * scale), f(legY * scale)];
  }

  function capSpeed(vx: number, vy: number): [number, number] {
    const squared = f(f(vx * vx) + f(vy * vy));
    if (!(squared > f(n.speedCap * n.speedCap))) return [vx, vy];
    const scale = f(n.speedCap / f(Math.sqrt(squared)));
    return [f(vx * scale), f(vy * scale)];
  }

  /** Whom a person may touch now, in fours: as listed, or where these were too many or hold no more, all in the cells around, four places at a time. */
  function foursOf(i: number, x: number, y: number, radius: number): number[][] {
    const info = i32[at.contactInfo + i];
    const fours: number[][] = [];
    if ((info & INFO_SCAN) === 0) {
      const first = 2 * at.contacts + CONTACTS_MAX * i;
      const listed = Array.from(i16.subarray(first, first + (info & INFO_COUNT)), (away) => i + away);
      for (let k = 0; k < listed.length; k += 4) fours.push(listed.slice(k, k + 4));
      return fours;
    }
    const spread = f(n.strayMost + f(n.elapsed * n.speedMax));
    const reach = f(radius + f(n.radiusMax + spread));
    const rowTo = Math.min(rowAt(f(y + reach)), n.gridRows - 1);
    for (let line = Math.max(rowAt(f(y - reach)), 0); line <= rowTo; line++) {
      const columnFrom = Math.max(columnAt(f(x - reach)), 0);
      const columnTo = Math.min(columnAt(f(x + reach)), n.gridColumns - 1);
      const end = i32[at.cellStart + line * n.gridColumns + columnTo + 1];
      for (let k = i32[at.cellStart + line * n.gridColumns + columnFrom]; k < end; k += 4) {
        fours.push(
          [k, k + 1, k + 2, k + 3].map((j) =>
            j < end && j !== i && i32[at.contactInfo + j] !== 0 && f32[at.traits + 4 * j] > 0 && inSight(i, j)
              ? j
              : n.empty,
          ),
        );
      }
    }
    return fours;
  }

  function movePersons(from: number, to: number, h64: number): void {
    readTables();
    const h = f(h64);
    const capRate = f(n.capShare / h);
    const loadShare = f(h / n.loadTime);
    for (let i = from; i < to; i++) {
      const info = i32[at.contactInfo + i];
      if (info === 0) continue;
      const id = i32[at.order + i];
      const [x, y, vx, vy] = f32.subarray(at.bodiesFrom + 4 * i);
      const radius = Math.abs(f32[at.traits + 4 * i]);
      const mass = f32[at.traits + 4 * i + 1];
      const fx4: Four = [0, 0, 0, 0];
      const fy4: Four = [0, 0, 0, 0];
      const sxx4: Four = [0, 0, 0, 0];
      const sxy4: Four = [0, 0, 0, 0];
      const syy4: Four = [0, 0, 0, 0];
      for (const four of foursOf(i, x, y, radius)) {
        for (let lane = 0; lane < four.length; lane++) {
          const k = four[lane];
          if (k === n.empty) continue;
          const [jx, jy, jvx, jvy] = f32.subarray(at.bodiesFrom + 4 * k);
          const dx = f(x - jx);
          const dy = f(y - jy);
          const squared = f(f(dx * dx) + f(dy * dy));
          const reach = f(radius + f32[at.traits + 4 * k]);
          if (!(squared < f(reach * reach))) continue;
          const distance = f(Math.sqrt(Math.max(squared, f(1e-12))));
          const nx = f(dx / distance);
          const ny = f(dy / distance);
          const dvx = f(vx - jvx);
          const dvy = f(vy - jvy);
          const otherMass = f32[at.traits + 4 * k + 1];
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
      const [first, last] = info >> INFO_WALLS_SHIFT === 0 ? [0, 0] : wallsAt(i16[2 * at.sheet + id], x, y);
      for (let w = first; w < last; w++) {
        const s = at.segments + SEGMENT * i32[at.wallCellItems + w];
        if (f32[s + 9] === 0 || f32[s + 7] === 2) continue;
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
          i16[2 * at.touched + id] = f32[s + 8] + 1;
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

      const [legX, legY] = legsOf(id, vx, vy, mass);
      const touched = fx !== 0 || fy !== 0;
      const ax = touched ? f(legX + f(fx / mass)) : legX;
      const ay = touched ? f(legY + f(fy / mass)) : legY;
      let [newVx, newVy] = capSpeed(f(vx + f(h * ax)), f(vy + f(h * ay)));
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
        const now = i16[2 * at.area + id];
        let mark = 0;
        if (oldSide >= 0 && newSide < 0 && now === f32[s + 11]) {
          i16[2 * at.area + id] = f32[s + 12];
          i16[2 * at.sheet + id] = f32[s + 14];
          mark = f32[s + 8] + 1;
        } else if (oldSide < 0 && newSide >= 0 && now === f32[s + 12]) {
          i16[2 * at.area + id] = f32[s + 11];
          i16[2 * at.sheet + id] = f32[s + 13];
          mark = -(f32[s + 8] + 1);
        }
        if (mark !== 0) {
          if (i16[2 * at.crossedA + id] === 0) i16[2 * at.crossedA + id] = mark;
          else i16[2 * at.crossedB + id] = mark;
        }
      }
      f32.set([newX, newY, newVx, newVy], at.bodiesTo + 4 * i);
      const strayX = f(newX - f(f32[at.x + id] + f(f32[at.vx + id] * n.elapsed)));
      const strayY = f(newY - f(f32[at.y + id] + f(f32[at.vy + id] * n.elapsed)));
      const stray = f(f(strayX * strayX) + f(strayY * strayY));
      if (!(stray > f(n.margin * n.margin))) continue;
      setNumber('strayed', Math.max(n.strayed, stray > f(n.strayMost * n.strayMost) ? 2 : 1));
      i32[at.contactInfo + i] = f32[at.traits + 4 * i] > 0 ? INFO_STRAYED | LOOKS : WALLS_ALL << INFO_WALLS_SHIFT;
    }
  }

  /** Everybody who is near somebody who strayed is tried, wherever they are in the order. */
  function wakeAround(present: number, h64: number, most: number): boolean {
    readTables();
    const strayed: number[] = [];
    for (let i = 0; i < present; i++) if ((i32[at.contactInfo + i] & INFO_STRAYED) !== 0) strayed.push(i);
    if (strayed.length > most) return false;
    for (const i of strayed) {
      const [x, y] = f32.subarray(at.bodiesFrom + 4 * i);
      for (let k = 0; k < present; k++) {
        const info = i32[at.contactInfo + k];
        const other = f32[at.traits + 4 * k];
        if (k === i || (info & INFO_SCAN) !== 0 || other <= 0 || !inSight(i, k)) continue;
        const id = i32[at.order + k];
        const isFree = info === 0;
        const [bx, by] = f32.subarray(at.bodiesFrom + 4 * k);
        const dx = f((isFree ? f(f32[at.x + id] + f(f32[at.vx + id] * n.elapsed)) : bx) - x);
        const dy = f((isFree ? f(f32[at.y + id] + f(f32[at.vy + id] * n.elapsed)) : by) - y);
        const touch = f(f(f32[at.traits + 4 * i] + other) + (isFree ? n.margin : f(0.01)));
        if (f(f(dx * dx) + f(dy * dy)) >= f(touch * touch)) continue;
        if (isFree) f32.set(walkFreely(id, f(h64)), at.bodiesFrom + 4 * k);
        i32[at.contactInfo + k] = LOOKS;
      }
    }
    return true;
  }

  /** Place and velocity after `stepsDone` steps on legs alone; the chest load dies away. */
  function walkFreely(id: number, h: number): number[] {
    const loadShare = f(h / n.loadTime);
    let [x, y, vx, vy] = [f32[at.x + id], f32[at.y + id], f32[at.vx + id], f32[at.vy + id]];
    for (let k = 0; k < n.stepsDone; k++) {
      const [legX, legY] = legsOf(id, vx, vy, f32[at.mass + id]);
      [vx, vy] = capSpeed(f(vx + f(h * legX)), f(vy + f(h * legY)));
      x = f(x + f(h * vx));
      y = f(y + f(h * vy));
      f32[at.chestLoad + id] = f(f32[at.chestLoad + id] - f(f32[at.chestLoad + id] * loadShare));
    }
    return [x, y, vx, vy];
  }

  function settleMotion(from: number, to: number, h64: number): void {
    readTables();
    const h = f(h64);
    for (let i = from; i < to; i++) {
      const id = i32[at.order + i];
      let [x, y, vx, vy] = f32.subarray(at.bodiesFrom + 4 * i);
      if (i32[at.contactInfo + i] === 0) [x, y, vx, vy] = walkFreely(id, h);
      if (f32[at.chestLoad + id] < f(0.001)) f32[at.chestLoad + id] = 0;
      f32[at.x + id] = x;
      f32[at.y + id] = y;
      f32[at.vx + id] = vx;
      f32[at.vy + id] = vy;
    }
  }

  /** Distance from a wall or leaf and the direction away from it, where a place lies in front of it or nearest to its corner. */
  function wallAhead(s: number, x: number, y: number): [number, number, number] | undefined {
    const isLeaf = f32[s + 7] === 1;
    const rx = f(x - f32[s]);
    const ry = f(y - f32[s + 1]);
    const along = f(f(rx * f32[s + 2]) + f(ry * f32[s + 3]));
    if (along >= 0) {
      const distance = f(f(f32[s + 2] * ry) - f(f32[s + 3] * rx));
      if (along > f32[s + 4] || (distance < 0 && !isLeaf)) return undefined;
      return distance < 0 ? [-distance, f32[s + 3], -f32[s + 2]] : [distance, -f32[s + 3], f32[s + 2]];
    }
    if (isLeaf || f(f(rx * f32[s + 5]) + f(ry * f32[s + 6])) < 0) return undefined;
    const distance = f(Math.sqrt(Math.max(f(f(rx * rx) + f(ry * ry)), f(1e-12))));
    return [distance, f(rx / distance), f(ry / distance)];
  }

  function steerPersons(from: number, to: number, interval: number): void {
    readTables();
    const turnShare = f(f(interval) / n.turnShare);
    const inverseRange = f(1 / n.steerRange);
    for (let i = from; i < to; i++) {
      const id = i32[at.order + i];
      const [x, y, vx, vy] = f32.subarray(at.bodiesFrom + 4 * i);
      const radius = Math.abs(f32[at.traits + 4 * i]);
      const wx = f32[at.wantX + id];
      const wy = f32[at.wantY + id];
      const [hx, hy] = f32.subarray(at.aims + 2 * i);
      const speedMax = f32[at.wishSpeed + id];
      let reach = 1;
      let far = 0;
      if (speedMax > 0) {
        const ahead = f(f(f(speedMax * f32[at.timeGap + id]) + radius) + n.radiusMax);
        reach = Math.max(n.cutNear, Math.min(n.cutFar, ahead));
        if (f32[at.packing + id] < 2) {
          const block = ((rowAt(y) >> BLOCK_ROW) + 1) * n.gridBlocks + (columnAt(x) >> BLOCK_COLUMN) + 1;
          const own = sectorOf(hx, hy);
          for (let turn = 4; turn <= 12; turn++) {
            if ((i32[at.flow + block] & (1 << ((own + turn) % 16))) !== 0) far = n.cutFar;
          }
        }
      }
      const speed = f(Math.sqrt(f(f(vx * vx) + f(vy * vy))));
      const around = Math.max(1, contactReach(radius, speed, f(interval)));
      const front = Math.max(reach, around);
      const found = neighboursOf(i, x, y, around, front, Math.max(front, far), [wx, wy, hx, hy]);
      writeContacts(i, found, f(interval));
      const forNeighbours = (visit: (k: number, lane: number, dx: number, dy: number, squared: number) => void) => {
        found.forEach((k, place) => {
          const dx = f(f32[at.sortedX + k] - x);
          const dy = f(f32[at.sortedY + k] - y);
          const squared = f(f(dx * dx) + f(dy * dy));
          if (inSight(i, k)) visit(k, place % 4, dx, dy, squared);
        });
      };

      const goal = i16[2 * at.goals + i];
      const potential = f32[at.traits + 4 * i + 3];
      const insists = goal >= 0 && f32[at.blockedTime + id] > 1;
      const treads = f32[at.pace + id] < 1;
      const slips = f32[at.blockedTime + id] > 1 && f32[at.oncoming + id] > f(0.2);
      const laneShare = slips ? f(n.laneShare * f(0.6)) : n.laneShare;
      const isNearer = (k: number) => {
        const other = f32[at.traits + 4 * k + 3];
        return other < potential || (other === potential && k < i);
      };
      const isBehind = (k: number) => i16[2 * at.goals + k] === goal && !isNearer(k);
      const side4: Four = [0, 0, 0, 0];
      const density4: Four = [0, 0, 0, 0];
      const oncoming4: Four = [0, 0, 0, 0];
      const elsewhere4: Four = [0, 0, 0, 0];
      forNeighbours((k, lane, dx, dy, squared) => {
        const inside = Math.max(0, f(1 - squared));
        density4[lane] = f(density4[lane] + f(inside * inside));
        const [, , jvx, jvy] = f32.subarray(at.bodiesFrom + 4 * k);
        const [jhx, jhy] = f32.subarray(at.aims + 2 * k);
        const distance = f(Math.sqrt(Math.max(squared, f(1e-12))));
        const front = f(f(wx * dx) + f(wy * dy)) >= 0 || f(f(hx * dx) + f(hy * dy)) >= 0;
        const oncoming = f(f(jvx * hx) + f(jvy * hy)) < 0;
        const faces = f(f(jhx * hx) + f(jhy * hy)) < f(-0.3);
        const other = i16[2 * at.goals + k];
        const goesElsewhere = other >= 0 && other !== goal;
        if (front && goesElsewhere) elsewhere4[lane] = f(elsewhere4[lane] + inside);
        if (front && faces && other !== goal) oncoming4[lane] = f(oncoming4[lane] + inside);
        if (!front || !(oncoming || squared < f(n.cutNear * n.cutNear))) return;
        if (insists && isBehind(k)) return;
        const touch = f(radius + Math.abs(f32[at.traits + 4 * k]));
        const isLying = f32[at.traits + 4 * k] <= 0;
        if (isLying && (treads || f32[at.blockedTime + id] > 1 || f(distance - touch) < 0)) return;
        const closing = f(f(f(f(jvx - vx) * dx) + f(f(jvy - vy) * dy)) / distance);
        const gap = Math.max(0, f(f(distance - touch) + f(closing * n.anticipation)));
        const aheadX = f(dx + f(jvx * n.anticipation));
        const aheadY = f(dy + f(jvy * n.anticipation));
        const cross = f(f(wx * aheadY) - f(wy * aheadX));
        const facing = f(f(wx * jhx) + f(wy * jhy));
        const factor = f(1 + f(0.5 * f(1 - facing)));
        const size = f(f(n.steerStrength * factor) * decay(f(gap * inverseRange)));
        side4[lane] = f(side4[lane] + (cross >= (faces && goesElsewhere ? -n.passRight : 0) ? size : -size));
      });
      f32[at.oncoming + id] = sumLanes(oncoming4);
      f32[at.packing + id] = f(f(0.954929658551372) * f(1 + sumLanes(density4)));
      if (speedMax <= 0) {
        f32[at.wishX + id] = 0;
        f32[at.wishY + id] = 0;
        continue;
      }

      const timeGap = f32[at.timeGap + id];
      const inverseGap = f(1 / timeGap);
      const enough = f(speedMax * timeGap);
      const [first, last] = wallsAt(i16[2 * at.sheet + id], x, y);
      const lanes = LANES.map(([cosine, sine]) => {
        let free = enough;
        forNeighbours((k, _lane, dx, dy, squared) => {
          if (f32[at.traits + 4 * k] <= 0 || (sine === 0 && goal >= 0 && isBehind(k))) return;
          const touch = f(radius + f32[at.traits + 4 * k]);
          const along = f(f(wx * dx) + f(wy * dy));
          const across = f(f(wx * dy) - f(wy * dx));
          const ahead = f(f(along * cosine) + f(across * sine));
          const beside = f(f(across * cosine) - f(along * sine));
          if (!(along > 0) || !(ahead > 0) || !(Math.abs(beside) <= f(laneShare * touch))) return;
          free = Math.min(free, f(f(Math.sqrt(Math.max(squared, f(1e-12)))) - touch));
        });
        return { x: f(f(cosine * wx) - f(sine * wy)), y: f(f(cosine * wy) + f(sine * wx)), cosine, free };
      });
      let chosen = lanes[0];
      if (chosen.free < enough) {
        for (let w = first; w < last; w++) {
          const s = at.segments + SEGMENT * i32[at.wallCellItems + w];
          const wall = f32[s + 9] === 0 || f32[s + 7] === 2 ? undefined : wallAhead(s, x, y);
          if (wall === undefined) continue;
          for (const lane of lanes.slice(1)) {
            const towards = -f(f(lane.x * wall[1]) + f(lane.y * wall[2]));
            if (towards > f(0.05)) lane.free = Math.min(lane.free, f(Math.max(0, f(wall[0] - radius)) / towards));
          }
        }
        const progress = lanes.map(({ cosine, free }) =>
          f(cosine * Math.min(speedMax, f(Math.max(0, free) * inverseGap))),
        );
        const leaning = f(f(hy * wx) - f(hx * wy));
        const leansLeft = leaning > 0 || (leaning === 0 && (id & 1) === 0);
        let best = f(progress[0] + f(n.passMargin * speedMax));
        for (const left of [1, 3]) {
          const isLeft = progress[left] > progress[left + 1] || (progress[left] === progress[left + 1] && leansLeft);
          const lane = isLeft ? left : left + 1;
          if (progress[lane] > best) {
            best = progress[lane];
            chosen = lanes[lane];
          }
        }
      }

      const side = sumLanes(side4);
      let ex = f(chosen.x + f(side * chosen.y));
      let ey = f(chosen.y - f(side * chosen.x));
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
      for (let w = first; w < last; w++) {
        const s = at.segments + SEGMENT * i32[at.wallCellItems + w];
        const kind = f32[s + 7];
        if (f32[s + 9] === 0 || kind === 2) continue;
        const wall = wallAhead(s, x, y);
        if (wall === undefined) continue;
        const [distance, nx, ny] = wall;
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
        const alongX = f(wayX - f(into * nx));
        const alongY = f(wayY - f(into * ny));
        const wantInto = f(f(wx * nx) + f(wy * ny));
        const wantAlongX = f(wx - f(wantInto * nx));
        const wantAlongY = f(wy - f(wantInto * ny));
        wayX = f(wayX - f(f(into * share) * nx));
        wayY = f(wayY - f(f(into * share) * ny));
        if (f(f(alongX * wantAlongX) + f(alongY * wantAlongY)) < 0) continue;
        if (f(f(wantAlongX * wantAlongX) + f(wantAlongY * wantAlongY)) <= f(f(alongX * alongX) + f(alongY * alongY)))
          continue;
        wayX = f(wayX + f(share * f(wantAlongX - alongX)));
        wayY = f(wayY + f(share * f(wantAlongY - alongY)));
      }

      size = f(Math.sqrt(f(f(wayX * wayX) + f(wayY * wayY))));
      if (insists && sumLanes(elsewhere4) > f(0.2) && size < f(0.3)) {
        const offX = f(f(wayX + wayX) - ex);
        const offY = f(f(wayY + wayY) - ey);
        const offSize = f(Math.sqrt(Math.max(f(f(offX * offX) + f(offY * offY)), f(1e-12))));
        f32[at.headX + id] = f(offX / offSize);
        f32[at.headY + id] = f(offY / offSize);
      }
      if (!(size < f(1e-3))) {
        ex = f(wayX / size);
        ey = f(wayY / size);
      }
      const inverseFollow = f(1 / f(f32[at.timeGap + id] + n.followTime));
      const isTurned = f(f(ex * wx) + f(ey * wy)) < f(0.2);
      let least = f(1e9);
      forNeighbours((k, _lane, dx, dy, squared) => {
        const touch = f(radius + f32[at.traits + 4 * k]);
        if (f32[at.traits + 4 * k] <= 0 || !(f(f(ex * dx) + f(ey * dy)) > 0)) return;
        if (!(Math.abs(f(f(ex * dy) - f(ey * dx))) <= f(laneShare * touch))) return;
        if (!isTurned && goal >= 0 && isBehind(k)) return;
        const gap = f(f(Math.sqrt(Math.max(squared, f(1e-12)))) - touch);
        const [, , jvx, jvy] = f32.subarray(at.bodiesFrom + 4 * k);
        const away = f(f(ex * jvx) + f(ey * jvy));
        least = Math.min(least, Math.max(f(gap * inverseGap), f(f(gap + f(away * n.followTime)) * inverseFollow)));
      });
      least = Math.min(least, f(leafGap * inverseGap));
      const wish = Math.min(speedMax, Math.max(0, least));
      f32[at.wishX + id] = f(wayX * wish);
      f32[at.wishY + id] = f(wayY * wish);
    }
  }

  /** Marks everybody, so that nobody whom the kernel leaves out had anything to settle. */
  function watchPersons(from: number, to: number): void {
    readTables();
    const [keep, swayRate, relaxTime, grip, interval] = f64.subarray(at.laws / 2);
    const change = new Float64Array(2);
    u8.fill(0, 4 * at.unsensed + from, 4 * at.unsensed + 4 * Math.ceil(to / 4));
    for (let i = from; i < to; i++) {
      const state = u8[4 * at.state + i];
      u8[4 * at.watched + i] = state === 3 ? 0 : 1;
      if (state === 3) continue;
      const [vx, vy, wishX, wishY, leanX, leanY] = COLUMNS_OF_LEAN.map((name) => f32[at[name] + i]);
      const beforeX = f32[at.settledVx + i];
      const beforeY = f32[at.settledVy + i];
      f32[at.settledVx + i] = vx;
      f32[at.settledVy + i] = vy;
      if (state === 2 || u8[4 * at.posture + i] !== 0) continue;
      const dvx = vx - beforeX;
      const dvy = vy - beforeY;
      const isSteady = leanX === 0 && leanY === 0 && dvx * dvx + dvy * dvy < 0.05 * 0.05;
      if (isSteady && u8[4 * at.harm + i] < 2) continue;
      const push = f32[at.pushNow + i] / f32[at.mass + i];
      const legX = (wishX - beforeX) / relaxTime + push * f32[at.wantX + i];
      const legY = (wishY - beforeY) / relaxTime + push * f32[at.wantY + i];
      unsteadyChange(beforeX, beforeY, dvx, dvy, legX, legY, grip, interval, change);
      const x = leanX * keep + change[0] / swayRate;
      const y = leanY * keep + change[1] / swayRate;
      const isUpright = x * x + y * y < 0.001 * 0.001;
      f32[at.leanX + i] = isUpright ? 0 : x;
      f32[at.leanY + i] = isUpright ? 0 : y;
    }
  }

  return {
    choosePersons,
    sensePersons,
    watchPersons,
    findByte: (column, from, count, marked) => {
      const found = u8.subarray(column + from, column + count).findIndex((byte) => (byte !== 0) === marked);
      return found < 0 ? count : from + found;
    },
    anyAbove: (column, count, limit) => new Float32Array(memory.buffer, column, count).some((value) => value > limit),
    sameRows: (rows, bytes, count) => {
      const row = u8.subarray(rows, rows + bytes).join();
      let same = 1;
      while (same < count && u8.subarray(rows + same * bytes, rows + (same + 1) * bytes).join() === row) same++;
      return same;
    },
    hashBlocks: (from, to) => {
      readTables();
      for (let block = from; block < to; block++) {
        const [kind, start, words, persons] = i32.subarray(at.blocks + 4 * block);
        const numbers = new Int32Array(words);
        const narrow = [Int32Array, Uint8Array, Uint16Array, Int16Array][kind];
        if (narrow !== undefined) numbers.set(new narrow(memory.buffer, start, words));
        else if (BLOCK_KINDS[kind] === 'stairs') {
          const profiles = new Uint16Array(memory.buffer, 4 * at.profile + 2 * (start >> 1), persons);
          profiles.forEach((profile, k) => {
            numbers[k] = i32[at.stairFactors + 2 * profile + (start & 1)];
          });
        }
        i32.set(blockLanes(new Uint8Array(numbers.buffer)), at.blockLanes + 8 * block);
      }
    },
    sortPersons,
    gatherPersons,
    steerPersons,
    listContacts,
    movePersons,
    wakeAround,
    settleMotion,
    useScratch: () => undefined,
  };
}
