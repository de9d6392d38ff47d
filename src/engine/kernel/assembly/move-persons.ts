import * as t from './table';
import { firsts, fourths, leastsOf, pick, putBack, seconds, sumsOf, thirds } from './look';
import { appendPlaces, lookScratch, placesScratch } from './neighbours';
import { CONTACT_BYTES, INFO_COUNT, INFO_LOOKS, INFO_PERSONS, INFO_SCAN, INFO_STRAYED, INFO_WALLS_SHIFT, WALLS_ALL, writeWallRuns } from './table';
import { awayFrom, fourAt, portalsOf, solidOf, wallAt } from './walls';

/*
 * Four persons side by side, as in steering: the forces on each are summed one person at a time, everything else is worked out for four at
 * a time. Between these parts all lies in rows of four lanes (16 bytes), one lane a person, in this thread's scratch.
 */

/** Places and velocities, old and new; radius and mass. */
const M_X: usize = 0;
const M_Y: usize = 16;
const M_VX: usize = 32;
const M_VY: usize = 48;
const M_NEW_X: usize = 64;
const M_NEW_Y: usize = 80;
const M_NEW_VX: usize = 96;
const M_NEW_VY: usize = 112;
const M_RADIUS: usize = 128;
const M_MASS: usize = 144;
/** Sums of forces, and of normal force × n⊗n. */
const M_FX: usize = 160;
const M_FY: usize = 176;
const M_SXX: usize = 192;
const M_SXY: usize = 208;
const M_SYY: usize = 224;
/** Lower bounds of the way to the nearest wall or shut leaf, and to the nearest portal line. */
const M_SOLID: usize = 240;
const M_PORTAL: usize = 256;
/** Four rows, one a person: the same sums, in four lanes of contacts. */
const M_FX_4: usize = 272;
const M_FY_4: usize = 336;
const M_SXX_4: usize = 400;
const M_SXY_4: usize = 464;
const M_SYY_4: usize = 528;
/** All of these; they are left zero. */
const M_SUMS: usize = 272;
const M_SUMS_END: usize = 592;
/** Square of the distance within which they may touch somebody of the greatest radius. */
const M_REACH: usize = 592;
/** Walls that count: address of their run. */
const M_RUN: usize = 608;
/** Four rows, one a person: bounds as above, in four lanes of walls. */
const M_SOLID_4: usize = 624;
const M_PORTAL_4: usize = 688;
/** Chest loads. */
const M_LOAD: usize = 752;

/** Side of a portal or leaf line on which a place is: signed distance, left positive. */
@inline function sideOf(segment: usize, x: f32, y: f32): f32 {
  const ux = load<f32>(segment, 8), uy = load<f32>(segment, 12);
  return ux * (y - load<f32>(segment, 4)) - uy * (x - load<f32>(segment));
}
@inline function alongOf(segment: usize, x: f32, y: f32): f32 {
  const ux = load<f32>(segment, 8), uy = load<f32>(segment, 12);
  return (x - load<f32>(segment)) * ux + (y - load<f32>(segment, 4)) * uy;
}

/** The next wall from w on of those near, or the end. */
@inline function nextWall(w: i32, last: i32, near: i32): i32 {
  if (near == WALLS_ALL) return w;
  const rest = near >> w;
  return rest == 0 ? last : w + ctz(rest);
}

/** Adds what the first `left` of the four bodies at j0 … j3 bytes behind `bodies` do to one, in four lanes, to its rows at `sums` (`M_FX_4` …). Whether anybody touches. */
@inline function addFour(
  j0: usize, j1: usize, j2: usize, j3: usize, left: i32, one: usize, sums: usize, bodies: usize, traits: usize, capRate: f32,
): bool {
  const b0 = v128.load(bodies + j0), b1 = v128.load(bodies + j1), b2 = v128.load(bodies + j2), b3 = v128.load(bodies + j3);
  const dx = f32x4.sub(v128.load32_splat(one, M_X), firsts(b0, b1, b2, b3)), dy = f32x4.sub(v128.load32_splat(one, M_Y), seconds(b0, b1, b2, b3));
  const squared = f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy));
  // few touch: their radii are read only for who may
  if (!v128.any_true(f32x4.lt(squared, v128.load32_splat(one, M_REACH)))) return false;
  const t0 = v128.load(traits + j0), t1 = v128.load(traits + j1), t2 = v128.load(traits + j2), t3 = v128.load(traits + j3);
  const reach = f32x4.add(v128.load32_splat(one, M_RADIUS), firsts(t0, t1, t2, t3));
  const meet = f32x4.lt(squared, f32x4.mul(reach, reach));
  if (!v128.any_true(meet)) return false;
  const mask = v128.and(meet, i32x4.gt_s(i32x4.splat(left), i32x4(0, 1, 2, 3)));
  const zero4 = f32x4.splat(0), stiffness4 = f32x4.splat(t.number(t.N_stiffness)), mass4 = v128.load32_splat(one, M_MASS);
  const distance = f32x4.sqrt(f32x4.pmax(f32x4.splat(1e-12), squared));
  const nx = f32x4.div(dx, distance), ny = f32x4.div(dy, distance);
  const dvx = f32x4.sub(v128.load32_splat(one, M_VX), thirds(b0, b1, b2, b3)), dvy = f32x4.sub(v128.load32_splat(one, M_VY), fourths(b0, b1, b2, b3));
  const otherMass = seconds(t0, t1, t2, t3);
  const reduced = f32x4.div(f32x4.mul(mass4, otherMass), f32x4.add(mass4, otherMass));
  const cap = f32x4.mul(f32x4.splat(capRate), reduced);
  const damping = f32x4.pmin(f32x4.mul(f32x4.splat(t.number(t.N_dampingShare)), f32x4.sqrt(f32x4.mul(stiffness4, reduced))), cap);
  const normalSpeed = f32x4.add(f32x4.mul(dvx, nx), f32x4.mul(dvy, ny));
  const normal = f32x4.pmax(zero4, f32x4.sub(f32x4.mul(stiffness4, f32x4.sub(reach, distance)), f32x4.mul(damping, normalSpeed)));
  const slideSpeed = f32x4.sub(f32x4.mul(dvy, nx), f32x4.mul(dvx, ny));
  const limit = f32x4.mul(f32x4.splat(t.number(t.N_friction)), normal);
  const braking = f32x4.mul(f32x4.pmin(f32x4.splat(t.number(t.N_slideDamping)), cap), slideSpeed);
  const tangential = f32x4.pmin(limit, f32x4.pmax(f32x4.neg(limit), f32x4.neg(braking)));
  const px = f32x4.mul(nx, normal), py = f32x4.mul(ny, normal);
  addTo(sums, M_FX_4, v128.and(mask, f32x4.sub(px, f32x4.mul(ny, tangential))));
  addTo(sums, M_FY_4, v128.and(mask, f32x4.add(py, f32x4.mul(nx, tangential))));
  addTo(sums, M_SXX_4, v128.and(mask, f32x4.mul(px, nx)));
  addTo(sums, M_SXY_4, v128.and(mask, f32x4.mul(px, ny)));
  addTo(sums, M_SYY_4, v128.and(mask, f32x4.mul(py, ny)));
  return true;
}
@inline function addTo(row: usize, name: usize, value: v128): void {
  v128.store(row + name, f32x4.add(v128.load(row + name), value));
}

/**
 * What everybody in the cells around does to the person at place i, whose contacts were too many to be listed or hold no more; by the order of
 * the last sort. Whether anybody touches.
 */
function scanContacts(i: i32, one: usize, sums: usize, bodies: usize, traits: usize, capRate: f32): bool {
  const contactInfo = t.pointer(t.P_contactInfo), cellStart = t.pointer(t.P_cellStart), empty = t.integer(t.N_empty);
  const x0 = t.number(t.N_gridX0), y0 = t.number(t.N_gridY0), inverse = t.number(t.N_gridInverseCell), inverseRow = t.number(t.N_gridInverseRow);
  const columns = t.integer(t.N_gridColumns), rows = t.integer(t.N_gridRows);
  const spread: f32 = t.number(t.N_strayMost) + t.number(t.N_elapsed) * t.number(t.N_speedMax);
  const reach: f32 = load<f32>(one, M_RADIUS) + (t.number(t.N_radiusMax) + spread), x = load<f32>(one, M_X), y = load<f32>(one, M_Y);
  const columnFrom = max(<i32>((x - reach - x0) * inverse), 0), columnTo = min(<i32>((x + reach - x0) * inverse), columns - 1);
  const rowFrom = max(<i32>((y - reach - y0) * inverseRow), 0), rowTo = min(<i32>((y + reach - y0) * inverseRow), rows - 1);
  let touches = false;
  for (let line = rowFrom; line <= rowTo; line++) {
    const end = t.integerAt(cellStart, line * columns + columnTo + 1);
    for (let k = t.integerAt(cellStart, line * columns + columnFrom); k < end; k += 4) {
      const j0 = meets(i, k, traits, contactInfo) ? k : empty;
      const j1 = k + 1 < end && meets(i, k + 1, traits, contactInfo) ? k + 1 : empty;
      const j2 = k + 2 < end && meets(i, k + 2, traits, contactInfo) ? k + 2 : empty;
      const j3 = k + 3 < end && meets(i, k + 3, traits, contactInfo) ? k + 3 : empty;
      if (addFour(<usize>j0 << 4, <usize>j1 << 4, <usize>j2 << 4, <usize>j3 << 4, 4, one, sums, bodies, traits, capRate)) touches = true;
    }
  }
  return touches;
}

/** Adds what walls and shut leaves do to the person `id` to the sums of its lane, and leaves how far they and portals are. */
function pushOffWalls(id: i32, near: i32, one: usize, sums: usize, h: f32, capRate: f32): void {
  const run = <usize>load<u32>(one, M_RUN), fours = load<i32>(run), isAll = near == WALLS_ALL;
  const x4 = v128.load32_splat(one, M_X), y4 = v128.load32_splat(one, M_Y), radius4 = v128.load32_splat(one, M_RADIUS), far4 = f32x4.splat(1e9);
  let solid4 = far4, portal4 = far4, rest = near;
  for (let four = 0; four < fours && rest != 0; four++) {
    const some = isAll ? 15 : rest & 15;
    if (!isAll) rest >>= 4;
    if (some == 0) continue;
    const at = fourAt(run, four), lanes = i32x4.ne(v128.and(i32x4.splat(some), i32x4(1, 2, 4, 8)), i32x4.splat(0));
    const away = awayFrom(at, x4, y4), solid = v128.and(lanes, solidOf(at));
    solid4 = f32x4.pmin(solid4, v128.bitselect(away, far4, solid));
    portal4 = f32x4.pmin(portal4, v128.bitselect(away, far4, v128.and(lanes, portalsOf(at))));
    for (let bits = i32x4.bitmask(v128.and(solid, f32x4.lt(away, radius4))); bits != 0; bits &= bits - 1) {
      pushOffWall(id, wallAt(run, 4 * four + ctz(bits)), one, h, capRate);
    }
  }
  v128.store(sums, solid4, M_SOLID_4);
  v128.store(sums, portal4, M_PORTAL_4);
}

/** The same of one wall or shut leaf that may be touched. */
function pushOffWall(id: i32, segment: usize, one: usize, h: f32, capRate: f32): void {
  const kind = load<f32>(segment, 28), ux = load<f32>(segment, 8), uy = load<f32>(segment, 12), radius = load<f32>(one, M_RADIUS);
  const rx: f32 = load<f32>(one, M_X) - load<f32>(segment), ry: f32 = load<f32>(one, M_Y) - load<f32>(segment, 4);
  const along: f32 = rx * ux + ry * uy;
  let distance: f32 = ux * ry - uy * rx;
  let nx: f32 = -uy, ny: f32 = ux;
  if (along >= 0) {
    if (along > load<f32>(segment, 16)) return;
    if (distance < 0) {
      if (kind != 1) return;
      distance = -distance;
      nx = uy;
      ny = -ux;
    }
  } else {
    if (kind != 0) return;
    const px = load<f32>(segment, 20), py = load<f32>(segment, 24);
    if (rx * px + ry * py < 0) return;
    const squared: f32 = rx * rx + ry * ry;
    if (squared >= radius * radius) return;
    distance = sqrt<f32>(max<f32>(squared, 1e-12));
    nx = rx / distance;
    ny = ry / distance;
  }
  const stiffness = t.number(t.N_stiffness), mass = load<f32>(one, M_MASS), wallCap: f32 = capRate * mass;
  const vx = load<f32>(one, M_VX), vy = load<f32>(one, M_VY);
  const normalSpeed: f32 = vx * nx + vy * ny;
  const damping: f32 = min<f32>(t.number(t.N_dampingShare) * sqrt<f32>(stiffness * mass), wallCap);
  const normal: f32 = max<f32>(0, stiffness * (radius - distance) - damping * normalSpeed);
  const slideSpeed: f32 = vy * nx - vx * ny;
  const limit: f32 = t.number(t.N_friction) * normal;
  const tangential: f32 = min<f32>(limit, max<f32>(-limit, -(min<f32>(t.number(t.N_slideDamping), wallCap) * slideSpeed)));
  store<f32>(one, load<f32>(one, M_FX) + (nx * normal - ny * tangential), M_FX);
  store<f32>(one, load<f32>(one, M_FY) + (ny * normal + nx * tangential), M_FY);
  const px: f32 = nx * normal;
  store<f32>(one, load<f32>(one, M_SXX) + px * nx, M_SXX);
  store<f32>(one, load<f32>(one, M_SXY) + px * ny, M_SXY);
  store<f32>(one, load<f32>(one, M_SYY) + (ny * normal) * ny, M_SYY);
  if (kind == 1) {
    const touched = t.pointer(t.P_touched), leafImpulse = t.pointer(t.P_leafImpulse);
    t.setShort(touched, id, <i32>load<f32>(segment, 32) + 1);
    t.setFloat(leafImpulse, id, t.floatAt(leafImpulse, id) + normal * h);
  }
}

/** Nobody passes a wall: two rounds of pushing back to `clearance`, then a last look. */
function stayOutside(near: i32, one: usize): void {
  const run = <usize>load<u32>(one, M_RUN), clearance = t.number(t.N_clearance), last = load<i32>(run) << 2;
  const x = load<f32>(one, M_X), y = load<f32>(one, M_Y);
  let newX = load<f32>(one, M_NEW_X), newY = load<f32>(one, M_NEW_Y), newVx = load<f32>(one, M_NEW_VX), newVy = load<f32>(one, M_NEW_VY);
  let passed = false;
  for (let round = 0; round < 3; round++) {
    let hit = false;
    for (let w = nextWall(0, last, near); w < last; w = nextWall(w + 1, last, near)) {
      const segment = wallAt(run, w);
      if (load<f32>(segment, 36) == 0) continue;
      const kind = load<f32>(segment, 28);
      if (kind == 2) continue;
      const along = alongOf(segment, newX, newY);
      if (along < 0 || along > load<f32>(segment, 16)) continue;
      const oldSide = sideOf(segment, x, y);
      const newSide = sideOf(segment, newX, newY);
      const sign: f32 = oldSide < 0 ? -1 : 1;
      if (sign < 0 && kind == 0) continue;
      const depth: f32 = clearance - sign * newSide;
      if (depth <= 0) continue;
      if (round == 2) {
        if (sign * newSide <= 0) passed = true;
        continue;
      }
      hit = true;
      const nx: f32 = -(sign * load<f32>(segment, 12)), ny: f32 = sign * load<f32>(segment, 8);
      newX = newX + depth * nx;
      newY = newY + depth * ny;
      const into: f32 = newVx * nx + newVy * ny;
      if (into < 0) {
        newVx = newVx - into * nx;
        newVy = newVy - into * ny;
      }
    }
    if (!hit && round < 2) break;
  }
  store<f32>(one, passed ? x : newX, M_NEW_X);
  store<f32>(one, passed ? y : newY, M_NEW_Y);
  store<f32>(one, passed ? 0 : newVx, M_NEW_VX);
  store<f32>(one, passed ? 0 : newVy, M_NEW_VY);
}

/** The area and sheet of the person at place i follow its centre through portals. */
function passPortals(i: i32, id: i32, near: i32, one: usize): void {
  const sheetOf = t.pointer(t.P_sheet), areaOf = t.pointer(t.P_area), contactInfo = t.pointer(t.P_contactInfo);
  const crossedA = t.pointer(t.P_crossedA), crossedB = t.pointer(t.P_crossedB);
  const x = load<f32>(one, M_X), y = load<f32>(one, M_Y), newX = load<f32>(one, M_NEW_X), newY = load<f32>(one, M_NEW_Y);
  const run = <usize>load<u32>(one, M_RUN), last = load<i32>(run) << 2;
  for (let w = nextWall(0, last, near); w < last; w = nextWall(w + 1, last, near)) {
    const segment = wallAt(run, w);
    if (load<f32>(segment, 28) != 2) continue;
    const along = alongOf(segment, newX, newY);
    if (along < -0.05 || along > load<f32>(segment, 16) + <f32>0.05) continue;
    const oldSide = sideOf(segment, x, y), newSide = sideOf(segment, newX, newY);
    const left = <i32>load<f32>(segment, 44), right = <i32>load<f32>(segment, 48);
    const now = t.shortAt(areaOf, id);
    let mark = 0;
    if (oldSide >= 0 && newSide < 0 && now == left) {
      t.setShort(areaOf, id, right);
      t.setShort(sheetOf, id, <i32>load<f32>(segment, 56));
      mark = <i32>load<f32>(segment, 32) + 1;
    } else if (oldSide < 0 && newSide >= 0 && now == right) {
      t.setShort(areaOf, id, left);
      t.setShort(sheetOf, id, <i32>load<f32>(segment, 52));
      mark = -(<i32>load<f32>(segment, 32) + 1);
    }
    if (mark != 0) {
      // other walls count behind a portal
      t.setInteger(contactInfo, i, (t.integerAt(contactInfo, i) & INFO_PERSONS) | (WALLS_ALL << INFO_WALLS_SHIFT));
      if (t.shortAt(crossedA, id) == 0) t.setShort(crossedA, id, mark);
      else t.setShort(crossedB, id, mark);
    }
  }
}

/** Persons among whom those who move are looked for at once: their places, in two lists, fit into the scratch. */
const AT_ONCE: i32 = 1008;
const WALLED: usize = 4096;

/**
 * One move step of those of the persons `from` … `to − 1` in cell order who can touch somebody or something: contact forces of
 * persons and walls, semi-implicit Euler, no passing through walls, portals crossed, chest load. Reads `bodiesFrom`, writes
 * `bodiesTo`; marks who left the margin for which contacts were listed, and says in `strayed` whether somebody did (1) or went too far to be
 * found by where they were listed (2).
 */
export function movePersons(from: i32, to: i32, h: f32): void {
  const contactInfo = t.pointer(t.P_contactInfo), places = placesScratch(), rows = lookScratch(places);
  const lanes = i32x4(0, 1, 2, 3), zero4 = i32x4.splat(0);
  for (let at = M_SUMS; at < M_SUMS_END; at += 16) v128.store(rows + at, zero4);
  for (let first = from; first < to; first += AT_ONCE) {
    const last = min(first + AT_ONCE, to);
    // those beside walls by themselves, so that fours of others need not look at any
    let end = places, walled = places + WALLED;
    for (let i = first; i < last; i += 4) {
      const info = v128.load(contactInfo + (<usize>i << 2)), index = i32x4.add(i32x4.splat(i), lanes);
      const moves = v128.andnot(i32x4.lt_s(lanes, i32x4.splat(last - i)), i32x4.eq(info, zero4));
      const isWalled = i32x4.ge_s(info, i32x4.splat(1 << INFO_WALLS_SHIFT));
      walled = appendPlaces(walled, index, i32x4.bitmask(v128.and(moves, isWalled)));
      end = appendPlaces(end, index, i32x4.bitmask(v128.andnot(moves, isWalled)));
    }
    for (let at = places; at < end; at += 16) moveFour(at, min(<i32>((end - at) >> 2), 4), rows, h, false);
    for (let at = places + WALLED; at < walled; at += 16) moveFour(at, min(<i32>((walled - at) >> 2), 4), rows, h, true);
  }
}

/** `movePersons` of the `count` persons whose places are listed at `at`, beside walls or none of them. */
function moveFour(at: usize, count: i32, rows: usize, h: f32, isWalled: bool): void {
  const order = t.pointer(t.P_order), contacts = t.pointer(t.P_contacts), contactInfo = t.pointer(t.P_contactInfo);
  const bodies = t.pointer(t.P_bodiesFrom), traits = t.pointer(t.P_traits), bodiesTo = t.pointer(t.P_bodiesTo);
  const capRate: f32 = t.number(t.N_capShare) / h, zero4 = f32x4.splat(0), half4 = f32x4.splat(0.5);
  // where four are not left, the first stands in more than one lane
  const k0 = load<i32>(at), k1 = count > 1 ? load<i32>(at, 4) : k0, k2 = count > 2 ? load<i32>(at, 8) : k0, k3 = count > 3 ? load<i32>(at, 12) : k0;
  const i0 = t.integerAt(order, k0), i1 = t.integerAt(order, k1), i2 = t.integerAt(order, k2), i3 = t.integerAt(order, k3);
  const b0 = v128.load(bodies + (<usize>k0 << 4)), b1 = v128.load(bodies + (<usize>k1 << 4));
  const b2 = v128.load(bodies + (<usize>k2 << 4)), b3 = v128.load(bodies + (<usize>k3 << 4));
  const t0 = v128.load(traits + (<usize>k0 << 4)), t1 = v128.load(traits + (<usize>k1 << 4));
  const t2 = v128.load(traits + (<usize>k2 << 4)), t3 = v128.load(traits + (<usize>k3 << 4));
  v128.store(rows, firsts(b0, b1, b2, b3), M_X);
  v128.store(rows, seconds(b0, b1, b2, b3), M_Y);
  v128.store(rows, thirds(b0, b1, b2, b3), M_VX);
  v128.store(rows, fourths(b0, b1, b2, b3), M_VY);
  const radius4 = f32x4.abs(firsts(t0, t1, t2, t3)), reach4 = f32x4.add(radius4, f32x4.splat(t.number(t.N_radiusMax)));
  v128.store(rows, radius4, M_RADIUS);
  v128.store(rows, f32x4.mul(reach4, reach4), M_REACH);
  v128.store(rows, seconds(t0, t1, t2, t3), M_MASS);
  v128.store(rows, zero4, M_FX);
  v128.store(rows, zero4, M_FY);
  v128.store(rows, zero4, M_SXX);
  v128.store(rows, zero4, M_SXY);
  v128.store(rows, zero4, M_SYY);

  const walled = isWalled ? (1 << count) - 1 : 0;
  let touches = false;
  for (let lane = 0; lane < count; lane++) {
    const k = load<i32>(at + (<usize>lane << 2)), one = rows + (<usize>lane << 2), sums = rows + (<usize>lane << 4);
    const info = t.integerAt(contactInfo, k);
    if ((info & INFO_SCAN) != 0) {
      if (scanContacts(k, one, sums, bodies, traits, capRate)) touches = true;
      continue;
    }
    const ownBody = bodies + (<usize>k << 4), ownTraits = traits + (<usize>k << 4);
    let four = contacts + <usize>k * CONTACT_BYTES;
    for (let left = info & INFO_COUNT; left > 0; left -= 4) {
      const j0 = <usize><i32>load<i16>(four) << 4, j1 = <usize><i32>load<i16>(four, 2) << 4;
      const j2 = <usize><i32>load<i16>(four, 4) << 4, j3 = <usize><i32>load<i16>(four, 6) << 4;
      if (addFour(j0, j1, j2, j3, left, one, sums, ownBody, ownTraits, capRate)) touches = true;
      four += 8;
    }
  }
  if (touches) {
    v128.store(rows, sumsOf(rows + M_FX_4), M_FX);
    v128.store(rows, sumsOf(rows + M_FY_4), M_FY);
    v128.store(rows, sumsOf(rows + M_SXX_4), M_SXX);
    v128.store(rows, sumsOf(rows + M_SXY_4), M_SXY);
    v128.store(rows, sumsOf(rows + M_SYY_4), M_SYY);
    for (let sum = M_SUMS; sum < M_SUMS_END; sum += 16) v128.store(rows + sum, zero4);
  }
  if (walled != 0) {
    // the walls of the cell where they were listed, where the person table still says that one is; where all of it counts, of the cell that one is in now
    const isAll = i32x4.eq(i32x4.shr_s(pick(contactInfo, k0, k1, k2, k3), INFO_WALLS_SHIFT), i32x4.splat(WALLS_ALL));
    const listedX = pick(t.pointer(t.P_x), i0, i1, i2, i3), listedY = pick(t.pointer(t.P_y), i0, i1, i2, i3);
    v128.store(rows, v128.bitselect(v128.load(rows, M_X), listedX, isAll), M_NEW_X);
    v128.store(rows, v128.bitselect(v128.load(rows, M_Y), listedY, isAll), M_NEW_Y);
    writeWallRuns(rows + M_RUN, i0, i1, i2, i3, rows + M_NEW_X, rows + M_NEW_Y);
    for (let bits = walled; bits != 0; bits &= bits - 1) {
      const lane = <usize>ctz(bits) << 2, k = load<i32>(at + lane);
      pushOffWalls(t.integerAt(order, k), t.integerAt(contactInfo, k) >> INFO_WALLS_SHIFT, rows + lane, rows + (lane << 2), h, capRate);
    }
    v128.store(rows, leastsOf(rows + M_SOLID_4), M_SOLID);
    v128.store(rows, leastsOf(rows + M_PORTAL_4), M_PORTAL);
  }

  // chest load: half the larger principal value of Σ fn·n⊗n, low-passed
  const sxx = v128.load(rows, M_SXX), sxy = v128.load(rows, M_SXY), syy = v128.load(rows, M_SYY);
  const mean = f32x4.mul(half4, f32x4.add(sxx, syy)), difference = f32x4.mul(half4, f32x4.sub(sxx, syy));
  const chestLoad = t.pointer(t.P_chestLoad), chestLoadMax = t.pointer(t.P_chestLoadMax), before = pick(chestLoad, i0, i1, i2, i3);
  if (v128.any_true(f32x4.ne(v128.or(mean, before), zero4))) {
    const load4 = f32x4.mul(half4, f32x4.add(mean, f32x4.sqrt(f32x4.add(f32x4.mul(difference, difference), f32x4.mul(sxy, sxy)))));
    const after = f32x4.add(before, f32x4.mul(f32x4.sub(load4, before), f32x4.splat(h / t.number(t.N_loadTime))));
    putBack(chestLoad, i0, i1, i2, i3, after);
    putBack(chestLoadMax, i0, i1, i2, i3, f32x4.pmax(pick(chestLoadMax, i0, i1, i2, i3), after));
  }

  // legs, within the grip of the floor
  const x = v128.load(rows, M_X), y = v128.load(rows, M_Y), vx = v128.load(rows, M_VX), vy = v128.load(rows, M_VY);
  const mass = v128.load(rows, M_MASS), rate4 = f32x4.splat(<f32>1 / t.number(t.N_relaxTime)), grip = t.number(t.N_grip);
  let ax = f32x4.mul(f32x4.sub(pick(t.pointer(t.P_wishX), i0, i1, i2, i3), vx), rate4);
  let ay = f32x4.mul(f32x4.sub(pick(t.pointer(t.P_wishY), i0, i1, i2, i3), vy), rate4);
  const push = pick(t.pointer(t.P_pushNow), i0, i1, i2, i3), pushes = f32x4.ne(push, zero4);
  if (v128.any_true(pushes)) {
    const wx = pick(t.pointer(t.P_wantX), i0, i1, i2, i3), wy = pick(t.pointer(t.P_wantY), i0, i1, i2, i3);
    ax = v128.bitselect(f32x4.add(ax, f32x4.div(f32x4.mul(push, wx), mass)), ax, pushes);
    ay = v128.bitselect(f32x4.add(ay, f32x4.div(f32x4.mul(push, wy), mass)), ay, pushes);
  }
  const strength = f32x4.add(f32x4.mul(ax, ax), f32x4.mul(ay, ay)), slips = f32x4.gt(strength, f32x4.splat(grip * grip));
  if (v128.any_true(slips)) {
    const scale = f32x4.div(f32x4.splat(grip), f32x4.sqrt(strength));
    ax = v128.bitselect(f32x4.mul(ax, scale), ax, slips);
    ay = v128.bitselect(f32x4.mul(ay, scale), ay, slips);
  }
  const fx = v128.load(rows, M_FX), fy = v128.load(rows, M_FY), isPushed = v128.or(f32x4.ne(fx, zero4), f32x4.ne(fy, zero4));
  if (v128.any_true(isPushed)) {
    ax = v128.bitselect(f32x4.add(ax, f32x4.div(fx, mass)), ax, isPushed);
    ay = v128.bitselect(f32x4.add(ay, f32x4.div(fy, mass)), ay, isPushed);
  }
  let newVx = f32x4.add(vx, f32x4.mul(f32x4.splat(h), ax)), newVy = f32x4.add(vy, f32x4.mul(f32x4.splat(h), ay));
  const speedCap = t.number(t.N_speedCap), squared = f32x4.add(f32x4.mul(newVx, newVx), f32x4.mul(newVy, newVy));
  const races = f32x4.gt(squared, f32x4.splat(speedCap * speedCap));
  if (v128.any_true(races)) {
    const scale = f32x4.div(f32x4.splat(speedCap), f32x4.sqrt(squared));
    newVx = v128.bitselect(f32x4.mul(newVx, scale), newVx, races);
    newVy = v128.bitselect(f32x4.mul(newVy, scale), newVy, races);
  }
  let newX = f32x4.add(x, f32x4.mul(f32x4.splat(h), newVx)), newY = f32x4.add(y, f32x4.mul(f32x4.splat(h), newVy));

  if (walled != 0) {
    v128.store(rows, newX, M_NEW_X);
    v128.store(rows, newY, M_NEW_Y);
    v128.store(rows, newVx, M_NEW_VX);
    v128.store(rows, newVy, M_NEW_VY);
    const clearance4 = f32x4.splat(<f32>1.5 * t.number(t.N_clearance));
    for (let bits = walled & reachOf(rows, M_SOLID, clearance4, x, y, newX, newY); bits != 0; bits &= bits - 1) {
      const lane = <usize>ctz(bits) << 2;
      stayOutside(t.integerAt(contactInfo, load<i32>(at + lane)) >> INFO_WALLS_SHIFT, rows + lane);
    }
    newX = v128.load(rows, M_NEW_X);
    newY = v128.load(rows, M_NEW_Y);
    newVx = v128.load(rows, M_NEW_VX);
    newVy = v128.load(rows, M_NEW_VY);
    for (let bits = walled & reachOf(rows, M_PORTAL, f32x4.splat(0.1), x, y, newX, newY); bits != 0; bits &= bits - 1) {
      const lane = <usize>ctz(bits) << 2, k = load<i32>(at + lane);
      passPortals(k, t.integerAt(order, k), t.integerAt(contactInfo, k) >> INFO_WALLS_SHIFT, rows + lane);
    }
  }

  const p01 = v128.shuffle<f32>(newX, newY, 0, 4, 1, 5), p23 = v128.shuffle<f32>(newX, newY, 2, 6, 3, 7);
  const v01 = v128.shuffle<f32>(newVx, newVy, 0, 4, 1, 5), v23 = v128.shuffle<f32>(newVx, newVy, 2, 6, 3, 7);
  v128.store(bodiesTo + (<usize>k3 << 4), v128.shuffle<f32>(p23, v23, 2, 3, 6, 7));
  v128.store(bodiesTo + (<usize>k2 << 4), v128.shuffle<f32>(p23, v23, 0, 1, 4, 5));
  v128.store(bodiesTo + (<usize>k1 << 4), v128.shuffle<f32>(p01, v01, 2, 3, 6, 7));
  v128.store(bodiesTo + (<usize>k0 << 4), v128.shuffle<f32>(p01, v01, 0, 1, 4, 5));
  const elapsed4 = f32x4.splat(t.number(t.N_elapsed)), margin = t.number(t.N_margin);
  const strayX = f32x4.sub(newX, f32x4.add(pick(t.pointer(t.P_x), i0, i1, i2, i3), f32x4.mul(pick(t.pointer(t.P_vx), i0, i1, i2, i3), elapsed4)));
  const strayY = f32x4.sub(newY, f32x4.add(pick(t.pointer(t.P_y), i0, i1, i2, i3), f32x4.mul(pick(t.pointer(t.P_vy), i0, i1, i2, i3), elapsed4)));
  const stray = f32x4.add(f32x4.mul(strayX, strayX), f32x4.mul(strayY, strayY));
  const bits = i32x4.bitmask(f32x4.gt(stray, f32x4.splat(margin * margin))) & ((1 << count) - 1);
  if (bits != 0) noteStrayed(at, bits, stray);
}

/** Those of four places whose bit is set have left the margin, by the squares `stray`. */
function noteStrayed(at: usize, bits: i32, stray: v128): void {
  const contactInfo = t.pointer(t.P_contactInfo), traits = t.pointer(t.P_traits), most = t.number(t.N_strayMost);
  const isFar = (i32x4.bitmask(f32x4.gt(stray, f32x4.splat(most * most))) & bits) != 0;
  if (isFar) t.setIntegerNumber(t.N_strayed, 2);
  else if (t.integer(t.N_strayed) == 0) t.setIntegerNumber(t.N_strayed, 1);
  for (; bits != 0; bits &= bits - 1) {
    const k = load<i32>(at + (<usize>ctz(bits) << 2));
    // nobody is pushed by the bodies of those who lie, nor they by others
    t.setInteger(contactInfo, k, load<f32>(traits + (<usize>k << 4)) > 0 ? INFO_STRAYED | INFO_LOOKS : WALLS_ALL << INFO_WALLS_SHIFT);
  }
}

/** Bits of those whose distance `name` is less than half as far again as they walk, and `more`. */
@inline function reachOf(rows: usize, name: usize, more: v128, x: v128, y: v128, newX: v128, newY: v128): i32 {
  const way = f32x4.pmax(f32x4.abs(f32x4.sub(newX, x)), f32x4.abs(f32x4.sub(newY, y)));
  return i32x4.bitmask(f32x4.lt(v128.load(rows + name), f32x4.add(f32x4.mul(f32x4.splat(1.5), way), more)));
}

/** Whether the bodies at two places can touch: standing, not the same, not out of everybody's reach, in one area or across an open portal. */
@inline function meets(i: i32, k: i32, traits: usize, contactInfo: usize): bool {
  return k != i && t.integerAt(contactInfo, k) != 0 && load<f32>(traits + (<usize>k << 4)) > 0 && isInSight(i, k, traits);
}
/** Whether two places are in one area or across an open portal. */
@inline function isInSight(i: i32, k: i32, traits: usize): bool {
  const own = load<i32>(traits + (<usize>i << 4), 8), other = load<i32>(traits + (<usize>k << 4), 8);
  const area = own & 0xffff, otherArea = other & 0xffff;
  return otherArea == area || otherArea == own >> 16 || other >> 16 == area;
}

/** Who is this near to somebody who strayed looks round too [m]. */
const WAKE_SLACK: f32 = 0.01;

/**
 * After `stepsDone` move steps of `h` seconds: for everybody who left the margin for which contacts were listed, whoever they touch now, or may
 * by legs alone, looks for contacts in the cells around from here on, instead of those listed. Returns whether that was done: not for more
 * than `most` persons who strayed.
 * @param present how many places there are
 */
export function wakeAround(present: i32, h: f32, most: i32): bool {
  const contactInfo = t.pointer(t.P_contactInfo), strayed4 = i32x4.splat(INFO_STRAYED);
  let count = 0;
  for (let i = 0; i < present; i += 4) {
    let bits = i32x4.bitmask(i32x4.eq(v128.and(v128.load(contactInfo + (<usize>i << 2)), strayed4), strayed4));
    for (; bits != 0; bits &= bits - 1) {
      const k = i + ctz(bits);
      if (k >= present) break;
      if (++count > most) return false;
      wakeAroundOne(k, h);
    }
  }
  return true;
}

function wakeAroundOne(i: i32, h: f32): void {
  const contactInfo = t.pointer(t.P_contactInfo), cellStart = t.pointer(t.P_cellStart), order = t.pointer(t.P_order);
  const bodies = t.pointer(t.P_bodiesFrom), traits = t.pointer(t.P_traits), own = <usize>i << 4;
  const x0 = t.number(t.N_gridX0), y0 = t.number(t.N_gridY0), inverse = t.number(t.N_gridInverseCell), inverseRow = t.number(t.N_gridInverseRow);
  const columns = t.integer(t.N_gridColumns), rows = t.integer(t.N_gridRows);
  const margin = t.number(t.N_margin), elapsed = t.number(t.N_elapsed);
  const x = load<f32>(bodies + own), y = load<f32>(bodies + own, 4), radius = load<f32>(traits + own);
  // whoever else left the margin looks round already
  const reach: f32 = radius + (t.number(t.N_radiusMax) + (<f32>2 * margin + elapsed * t.number(t.N_speedMax)));
  const columnFrom = max(<i32>((x - reach - x0) * inverse), 0), columnTo = min(<i32>((x + reach - x0) * inverse), columns - 1);
  const rowFrom = max(<i32>((y - reach - y0) * inverseRow), 0), rowTo = min(<i32>((y + reach - y0) * inverseRow), rows - 1);
  for (let line = rowFrom; line <= rowTo; line++) {
    const end = t.integerAt(cellStart, line * columns + columnTo + 1);
    for (let k = t.integerAt(cellStart, line * columns + columnFrom); k < end; k++) {
      const info = t.integerAt(contactInfo, k), other = load<f32>(traits + (<usize>k << 4));
      if (k == i || (info & INFO_SCAN) != 0 || other <= 0 || !isInSight(i, k, traits)) continue;
      const row = bodies + (<usize>k << 4), id = t.integerAt(order, k), isFree = info == 0;
      const otherX: f32 = isFree ? t.floatAt(t.pointer(t.P_x), id) + t.floatAt(t.pointer(t.P_vx), id) * elapsed : load<f32>(row);
      const otherY: f32 = isFree ? t.floatAt(t.pointer(t.P_y), id) + t.floatAt(t.pointer(t.P_vy), id) * elapsed : load<f32>(row, 4);
      const dx: f32 = otherX - x, dy: f32 = otherY - y, touch: f32 = radius + other + (isFree ? margin : WAKE_SLACK);
      if (dx * dx + dy * dy >= touch * touch) continue;
      if (isFree) wakeOne(id, row, h);
      t.setInteger(contactInfo, k, INFO_LOOKS);
    }
  }
}

/** The steps done so far of somebody who could touch nothing, to their body at `row` and their chest load. */
function wakeOne(id: i32, row: usize, h: f32): void {
  const rows = lookScratch(placesScratch());
  walkFreely(id, id, id, id, h, rows);
  store<f32>(row, load<f32>(rows, M_X));
  store<f32>(row, load<f32>(rows, M_Y), 4);
  store<f32>(row, load<f32>(rows, M_VX), 8);
  store<f32>(row, load<f32>(rows, M_VY), 12);
  t.setFloat(t.pointer(t.P_chestLoad), id, load<f32>(rows, M_LOAD));
}

/**
 * The `stepsDone` steps of `h` seconds of four persons who could touch nothing, on their legs alone, from where the person table says they are: to `M_X` …
 * `M_VY` and `M_LOAD` of `rows`.
 */
@inline function walkFreely(i0: i32, i1: i32, i2: i32, i3: i32, h: f32, rows: usize): void {
  const speedCap = t.number(t.N_speedCap), grip = t.number(t.N_grip), zero4 = f32x4.splat(0);
  const h4 = f32x4.splat(h), rate4 = f32x4.splat(<f32>1 / t.number(t.N_relaxTime)), share4 = f32x4.splat(h / t.number(t.N_loadTime));
  const grip4 = f32x4.splat(grip), gripSquared4 = f32x4.splat(grip * grip), cap4 = f32x4.splat(speedCap), capSquared4 = f32x4.splat(speedCap * speedCap);
  let x = pick(t.pointer(t.P_x), i0, i1, i2, i3), y = pick(t.pointer(t.P_y), i0, i1, i2, i3);
  let vx = pick(t.pointer(t.P_vx), i0, i1, i2, i3), vy = pick(t.pointer(t.P_vy), i0, i1, i2, i3);
  const wishX = pick(t.pointer(t.P_wishX), i0, i1, i2, i3), wishY = pick(t.pointer(t.P_wishY), i0, i1, i2, i3);
  const push = pick(t.pointer(t.P_pushNow), i0, i1, i2, i3), pushes = f32x4.ne(push, zero4), mass = pick(t.pointer(t.P_mass), i0, i1, i2, i3);
  const pushX = f32x4.div(f32x4.mul(push, pick(t.pointer(t.P_wantX), i0, i1, i2, i3)), mass);
  const pushY = f32x4.div(f32x4.mul(push, pick(t.pointer(t.P_wantY), i0, i1, i2, i3)), mass);
  let fading = pick(t.pointer(t.P_chestLoad), i0, i1, i2, i3);
  for (let k = t.integer(t.N_stepsDone); k > 0; k--) {
    let lx = f32x4.mul(f32x4.sub(wishX, vx), rate4), ly = f32x4.mul(f32x4.sub(wishY, vy), rate4);
    lx = v128.bitselect(f32x4.add(lx, pushX), lx, pushes);
    ly = v128.bitselect(f32x4.add(ly, pushY), ly, pushes);
    const strength = f32x4.add(f32x4.mul(lx, lx), f32x4.mul(ly, ly)), slips = f32x4.gt(strength, gripSquared4);
    if (v128.any_true(slips)) {
      const scale = f32x4.div(grip4, f32x4.sqrt(strength));
      lx = v128.bitselect(f32x4.mul(lx, scale), lx, slips);
      ly = v128.bitselect(f32x4.mul(ly, scale), ly, slips);
    }
    vx = f32x4.add(vx, f32x4.mul(h4, lx));
    vy = f32x4.add(vy, f32x4.mul(h4, ly));
    const squared = f32x4.add(f32x4.mul(vx, vx), f32x4.mul(vy, vy)), races = f32x4.gt(squared, capSquared4);
    if (v128.any_true(races)) {
      const scale = f32x4.div(cap4, f32x4.sqrt(squared));
      vx = v128.bitselect(f32x4.mul(vx, scale), vx, races);
      vy = v128.bitselect(f32x4.mul(vy, scale), vy, races);
    }
    x = f32x4.add(x, f32x4.mul(h4, vx));
    y = f32x4.add(y, f32x4.mul(h4, vy));
    fading = f32x4.sub(fading, f32x4.mul(fading, share4));
  }
  v128.store(rows, x, M_X);
  v128.store(rows, y, M_Y);
  v128.store(rows, vx, M_VX);
  v128.store(rows, vy, M_VY);
  v128.store(rows, fading, M_LOAD);
}

/** A load that has died away to less than this is none [N]. */
const LOAD_MIN: f32 = 0.001;

/**
 * Ends a run of `stepsDone` move steps of `h` seconds for the persons `from` … `to − 1` in cell order: writes places and speeds back
 * to the person table. Those who could touch nothing make all steps now, on their legs alone, four persons side by side.
 */
export function settleMotion(from: i32, to: i32, h: f32): void {
  const order = t.pointer(t.P_order), contactInfo = t.pointer(t.P_contactInfo), bodies = t.pointer(t.P_bodiesFrom), rows = lookScratch(placesScratch());
  const xs = t.pointer(t.P_x), ys = t.pointer(t.P_y), vxs = t.pointer(t.P_vx), vys = t.pointer(t.P_vy), chestLoad = t.pointer(t.P_chestLoad);
  const zero4 = f32x4.splat(0);
  for (let i = from; i < to; i += 4) {
    // where four are not left, the last stands in more than one lane
    const k1 = min(i + 1, to - 1), k2 = min(i + 2, to - 1), k3 = min(i + 3, to - 1);
    const i0 = t.integerAt(order, i), i1 = t.integerAt(order, k1), i2 = t.integerAt(order, k2), i3 = t.integerAt(order, k3);
    const b0 = v128.load(bodies + (<usize>i << 4)), b1 = v128.load(bodies + (<usize>k1 << 4));
    const b2 = v128.load(bodies + (<usize>k2 << 4)), b3 = v128.load(bodies + (<usize>k3 << 4));
    const isFree = i32x4.eq(pick(contactInfo, i, k1, k2, k3), zero4);
    let x = firsts(b0, b1, b2, b3), y = seconds(b0, b1, b2, b3), vx = thirds(b0, b1, b2, b3), vy = fourths(b0, b1, b2, b3);
    let load4 = pick(chestLoad, i0, i1, i2, i3);
    if (v128.any_true(isFree)) {
      walkFreely(i0, i1, i2, i3, h, rows);
      x = v128.bitselect(v128.load(rows, M_X), x, isFree);
      y = v128.bitselect(v128.load(rows, M_Y), y, isFree);
      vx = v128.bitselect(v128.load(rows, M_VX), vx, isFree);
      vy = v128.bitselect(v128.load(rows, M_VY), vy, isFree);
      load4 = v128.bitselect(v128.load(rows, M_LOAD), load4, isFree);
    }
    putBack(xs, i0, i1, i2, i3, x);
    putBack(ys, i0, i1, i2, i3, y);
    putBack(vxs, i0, i1, i2, i3, vx);
    putBack(vys, i0, i1, i2, i3, vy);
    putBack(chestLoad, i0, i1, i2, i3, v128.andnot(load4, f32x4.lt(load4, f32x4.splat(LOAD_MIN))));
  }
}
