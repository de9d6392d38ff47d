import * as t from './table';
import { firsts, fourths, pick, putBack, seconds, thirds } from './look';
import { CONTACT_BYTES, INFO_FOURS, INFO_PERSONS, INFO_SCAN, INFO_WALLS_SHIFT, SEGMENT_BYTES, sumLanes, wallRange, WALLS_ALL } from './table';

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
@inline function nextWall(w: i32, first: i32, last: i32, near: i32): i32 {
  if (near == WALLS_ALL) return w;
  const rest = near >> (w - first);
  return rest == 0 ? last : w + ctz(rest);
}

/** New acceleration of the legs, within the grip of the floor. */
let legX: f32 = 0;
let legY: f32 = 0;
@inline function useLegs(id: i32, vx: f32, vy: f32, mass: f32): void {
  const relaxRate: f32 = <f32>1 / t.number(t.N_relaxTime), grip = t.number(t.N_grip);
  const push = t.floatAt(t.pointer(t.P_pushNow), id);
  let lx: f32 = (t.floatAt(t.pointer(t.P_wishX), id) - vx) * relaxRate;
  let ly: f32 = (t.floatAt(t.pointer(t.P_wishY), id) - vy) * relaxRate;
  if (push != 0) {
    lx = lx + (push * t.floatAt(t.pointer(t.P_wantX), id)) / mass;
    ly = ly + (push * t.floatAt(t.pointer(t.P_wantY), id)) / mass;
  }
  const squared: f32 = lx * lx + ly * ly;
  if (squared > grip * grip) {
    const scale: f32 = grip / sqrt<f32>(squared);
    lx = lx * scale;
    ly = ly * scale;
  }
  legX = lx;
  legY = ly;
}

/**
 * One move step of those of the persons `from` … `to − 1` in cell order who can touch somebody or something: contact forces of
 * persons and walls, semi-implicit Euler, no passing through walls, portals crossed, chest load. Reads `bodiesFrom`, writes
 * `bodiesTo`; says in `strayed` whether somebody left the margin for which contacts were listed.
 */
export function movePersons(from: i32, to: i32, h: f32): void {
  const order = t.pointer(t.P_order), cellStart = t.pointer(t.P_cellStart);
  const bodies = t.pointer(t.P_bodiesFrom), bodiesTo = t.pointer(t.P_bodiesTo), traits = t.pointer(t.P_traits);
  const aims = t.pointer(t.P_aims), xs = t.pointer(t.P_x), ys = t.pointer(t.P_y), vxs = t.pointer(t.P_vx), vys = t.pointer(t.P_vy);
  const contacts = t.pointer(t.P_contacts), contactInfo = t.pointer(t.P_contactInfo);
  const chestLoad = t.pointer(t.P_chestLoad), chestLoadMax = t.pointer(t.P_chestLoadMax);
  const sheetOf = t.pointer(t.P_sheet), areaOf = t.pointer(t.P_area);
  const crossedA = t.pointer(t.P_crossedA), crossedB = t.pointer(t.P_crossedB);
  const touched = t.pointer(t.P_touched), leafImpulse = t.pointer(t.P_leafImpulse);
  const sheets = t.pointer(t.P_sheets), segments = t.pointer(t.P_segments);
  const wallStart = t.pointer(t.P_wallCellStart), wallItems = t.pointer(t.P_wallCellItems);
  const x0 = t.number(t.N_gridX0), y0 = t.number(t.N_gridY0), inverse = t.number(t.N_gridInverseCell), inverseRow = t.number(t.N_gridInverseRow);
  const columns = t.integer(t.N_gridColumns), rows = t.integer(t.N_gridRows), empty = t.integer(t.N_present);
  const stiffness = t.number(t.N_stiffness), dampingShare = t.number(t.N_dampingShare), capShare = t.number(t.N_capShare);
  const friction = t.number(t.N_friction), slide = t.number(t.N_slideDamping);
  const speedCap = t.number(t.N_speedCap), clearance = t.number(t.N_clearance), loadTime = t.number(t.N_loadTime);
  const elapsed = t.number(t.N_elapsed), margin = t.number(t.N_margin);
  const farthest: f32 = t.number(t.N_radiusMax) + <f32>2 * (t.number(t.N_margin) + elapsed * t.number(t.N_speedMax));
  const capRate: f32 = capShare / h;
  const loadShare: f32 = h / loadTime;

  const stiffness4 = f32x4.splat(stiffness), dampingShare4 = f32x4.splat(dampingShare), capRate4 = f32x4.splat(capRate);
  const friction4 = f32x4.splat(friction), slide4 = f32x4.splat(slide), zero4 = f32x4.splat(0), tiny4 = f32x4.splat(1e-12);

  for (let i = from; i < to; i++) {
    const info = t.integerAt(contactInfo, i);
    if (info == 0) continue;
    const id = t.integerAt(order, i);
    const body = v128.load(bodies + (<usize>i << 4));
    const x = f32x4.extract_lane(body, 0), y = f32x4.extract_lane(body, 1), vx = f32x4.extract_lane(body, 2), vy = f32x4.extract_lane(body, 3);
    const radius = abs<f32>(load<f32>(traits + (<usize>i << 4))), mass = load<f32>(traits + (<usize>i << 4), 4);
    let fx: f32 = 0, fy: f32 = 0, sxx: f32 = 0, sxy: f32 = 0, syy: f32 = 0;

    const isScan = (info & INFO_SCAN) != 0;
    let fours = info & INFO_FOURS;
    if (isScan || fours != 0) {
      const x4 = f32x4.splat(x), y4 = f32x4.splat(y), vx4 = f32x4.splat(vx), vy4 = f32x4.splat(vy);
      const radius4 = f32x4.splat(radius), mass4 = f32x4.splat(mass);
      let fx4 = zero4, fy4 = zero4, sxx4 = zero4, sxy4 = zero4, syy4 = zero4;
      const list = contacts + <usize>i * CONTACT_BYTES;
      // too many to be listed: everybody in the cells around, by the order of the last sort
      let line = 0, rowTo = 0, columnFrom = 0, columnTo = 0, k = 0, end = 0;
      if (isScan) {
        const reach: f32 = radius + farthest;
        columnFrom = max(<i32>((x - reach - x0) * inverse), 0);
        columnTo = min(<i32>((x + reach - x0) * inverse), columns - 1);
        line = max(<i32>((y - reach - y0) * inverseRow), 0) - 1;
        rowTo = min(<i32>((y + reach - y0) * inverseRow), rows - 1);
      }
      let four = 0;
      for (;;) {
        let j0 = empty, j1 = empty, j2 = empty, j3 = empty;
        if (isScan) {
          while (k >= end && line < rowTo) {
            line++;
            k = t.integerAt(cellStart, line * columns + columnFrom);
            end = t.integerAt(cellStart, line * columns + columnTo + 1);
          }
          if (k >= end) break;
          if (meets(i, k, traits, aims, contactInfo)) j0 = k;
          if (k + 1 < end && meets(i, k + 1, traits, aims, contactInfo)) j1 = k + 1;
          if (k + 2 < end && meets(i, k + 2, traits, aims, contactInfo)) j2 = k + 2;
          if (k + 3 < end && meets(i, k + 3, traits, aims, contactInfo)) j3 = k + 3;
          k += 4;
        } else {
          if (four == fours) break;
          const at = list + (<usize>four << 4);
          j0 = load<i32>(at);
          j1 = load<i32>(at, 4);
          j2 = load<i32>(at, 8);
          j3 = load<i32>(at, 12);
          four++;
        }
        const b0 = v128.load(bodies + (<usize>j0 << 4)), b1 = v128.load(bodies + (<usize>j1 << 4));
        const b2 = v128.load(bodies + (<usize>j2 << 4)), b3 = v128.load(bodies + (<usize>j3 << 4));
        const p01 = v128.shuffle<f32>(b0, b1, 0, 4, 1, 5), p23 = v128.shuffle<f32>(b2, b3, 0, 4, 1, 5);
        const dx = f32x4.sub(x4, v128.shuffle<f32>(p01, p23, 0, 1, 4, 5)), dy = f32x4.sub(y4, v128.shuffle<f32>(p01, p23, 2, 3, 6, 7));
        const squared = f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy));
        const t01 = v128.shuffle<f32>(v128.load(traits + (<usize>j0 << 4)), v128.load(traits + (<usize>j1 << 4)), 0, 4, 1, 5);
        const t23 = v128.shuffle<f32>(v128.load(traits + (<usize>j2 << 4)), v128.load(traits + (<usize>j3 << 4)), 0, 4, 1, 5);
        const reach = f32x4.add(radius4, v128.shuffle<f32>(t01, t23, 0, 1, 4, 5));
        const mask = f32x4.lt(squared, f32x4.mul(reach, reach));
        if (!v128.any_true(mask)) continue;
        const distance = f32x4.sqrt(f32x4.pmax(tiny4, squared));
        const nx = f32x4.div(dx, distance), ny = f32x4.div(dy, distance);
        const v01 = v128.shuffle<f32>(b0, b1, 2, 6, 3, 7), v23 = v128.shuffle<f32>(b2, b3, 2, 6, 3, 7);
        const dvx = f32x4.sub(vx4, v128.shuffle<f32>(v01, v23, 0, 1, 4, 5)), dvy = f32x4.sub(vy4, v128.shuffle<f32>(v01, v23, 2, 3, 6, 7));
        const otherMass = v128.shuffle<f32>(t01, t23, 2, 3, 6, 7);
        const reduced = f32x4.div(f32x4.mul(mass4, otherMass), f32x4.add(mass4, otherMass));
        const cap = f32x4.mul(capRate4, reduced);
        const damping = f32x4.pmin(f32x4.mul(dampingShare4, f32x4.sqrt(f32x4.mul(stiffness4, reduced))), cap);
        const normalSpeed = f32x4.add(f32x4.mul(dvx, nx), f32x4.mul(dvy, ny));
        const normal = f32x4.pmax(zero4, f32x4.sub(f32x4.mul(stiffness4, f32x4.sub(reach, distance)), f32x4.mul(damping, normalSpeed)));
        const slideSpeed = f32x4.sub(f32x4.mul(dvy, nx), f32x4.mul(dvx, ny));
        const limit = f32x4.mul(friction4, normal);
        const tangential = f32x4.pmin(limit, f32x4.pmax(f32x4.neg(limit), f32x4.neg(f32x4.mul(f32x4.pmin(slide4, cap), slideSpeed))));
        fx4 = f32x4.add(fx4, v128.and(mask, f32x4.sub(f32x4.mul(nx, normal), f32x4.mul(ny, tangential))));
        fy4 = f32x4.add(fy4, v128.and(mask, f32x4.add(f32x4.mul(ny, normal), f32x4.mul(nx, tangential))));
        const px = f32x4.mul(nx, normal);
        sxx4 = f32x4.add(sxx4, v128.and(mask, f32x4.mul(px, nx)));
        sxy4 = f32x4.add(sxy4, v128.and(mask, f32x4.mul(px, ny)));
        syy4 = f32x4.add(syy4, v128.and(mask, f32x4.mul(f32x4.mul(ny, normal), ny)));
      }
      fx = sumLanes(fx4);
      fy = sumLanes(fy4);
      sxx = sumLanes(sxx4);
      sxy = sumLanes(sxy4);
      syy = sumLanes(syy4);
    }

    // lower bounds of the way to the nearest wall or shut leaf, and to the nearest portal line
    let nearestSolid: f32 = 1e9, nearestPortal: f32 = 1e9;
    const near = info >> INFO_WALLS_SHIFT;
    let first = 0, last = 0;
    if (near != 0) {
      // of the cell where they were listed; where all of it counts, of the cell that one is in now
      const isAll = near == WALLS_ALL;
      const range = wallRange(sheets, wallStart, t.integerAt(sheetOf, id), isAll ? x : t.floatAt(xs, id), isAll ? y : t.floatAt(ys, id));
      first = <i32>(range >> 32);
      last = <i32>(range & 0xffffffff);
      const wallCap: f32 = capRate * mass;
      const wallDamping: f32 = min<f32>(dampingShare * sqrt<f32>(stiffness * mass), wallCap);
      const wallSlide: f32 = min<f32>(slide, wallCap);
      for (let w = nextWall(first, first, last, near); w < last; w = nextWall(w + 1, first, last, near)) {
        const segment = segments + <usize>t.integerAt(wallItems, w) * SEGMENT_BYTES;
        const kind = load<f32>(segment, 28);
        if (load<f32>(segment, 36) == 0 && kind != 2) continue;
        const ux = load<f32>(segment, 8), uy = load<f32>(segment, 12), length = load<f32>(segment, 16);
        const rx: f32 = x - load<f32>(segment), ry: f32 = y - load<f32>(segment, 4);
        const along: f32 = rx * ux + ry * uy;
        let distance: f32 = ux * ry - uy * rx;
        const beyond: f32 = along < 0 ? -along : along - length;
        const away: f32 = max<f32>(abs<f32>(distance), beyond);
        if (kind == 2) {
          nearestPortal = min<f32>(nearestPortal, away);
          continue;
        }
        nearestSolid = min<f32>(nearestSolid, away);
        if (away >= radius) continue;
        let nx: f32 = -uy, ny: f32 = ux;
        if (along >= 0) {
          if (along > length) continue;
          if (distance < 0) {
            if (kind != 1) continue;
            distance = -distance;
            nx = uy;
            ny = -ux;
          }
        } else {
          if (kind != 0) continue;
          const px = load<f32>(segment, 20), py = load<f32>(segment, 24);
          if (rx * px + ry * py < 0) continue;
          const squared: f32 = rx * rx + ry * ry;
          if (squared >= radius * radius) continue;
          distance = sqrt<f32>(max<f32>(squared, 1e-12));
          nx = rx / distance;
          ny = ry / distance;
        }
        const normalSpeed: f32 = vx * nx + vy * ny;
        const normal: f32 = max<f32>(0, stiffness * (radius - distance) - wallDamping * normalSpeed);
        const slideSpeed: f32 = vy * nx - vx * ny;
        const limit: f32 = friction * normal;
        const tangential: f32 = min<f32>(limit, max<f32>(-limit, -(wallSlide * slideSpeed)));
        fx = fx + (nx * normal - ny * tangential);
        fy = fy + (ny * normal + nx * tangential);
        const px: f32 = nx * normal;
        sxx = sxx + px * nx;
        sxy = sxy + px * ny;
        syy = syy + (ny * normal) * ny;
        if (kind == 1) {
          t.setInteger(touched, id, <i32>load<f32>(segment, 32) + 1);
          t.setFloat(leafImpulse, id, t.floatAt(leafImpulse, id) + normal * h);
        }
      }
    }

    // chest load: half the larger principal value of Σ fn·n⊗n, low-passed
    const half: f32 = 0.5;
    const mean: f32 = half * (sxx + syy), difference: f32 = half * (sxx - syy);
    // nobody touched: the same zero without the root
    const load4: f32 = mean == 0 ? <f32>0 : half * (mean + sqrt<f32>(difference * difference + sxy * sxy));
    const before = t.floatAt(chestLoad, id);
    const after: f32 = before + (load4 - before) * loadShare;
    t.setFloat(chestLoad, id, after);
    t.setFloat(chestLoadMax, id, max<f32>(t.floatAt(chestLoadMax, id), after));

    useLegs(id, vx, vy, mass);
    let ax = legX, ay = legY;
    if (fx != 0 || fy != 0) {
      ax = ax + fx / mass;
      ay = ay + fy / mass;
    }
    let newVx: f32 = vx + h * ax, newVy: f32 = vy + h * ay;
    const speedSquared: f32 = newVx * newVx + newVy * newVy;
    if (speedSquared > speedCap * speedCap) {
      const scale: f32 = speedCap / sqrt<f32>(speedSquared);
      newVx = newVx * scale;
      newVy = newVy * scale;
    }
    let newX: f32 = x + h * newVx, newY: f32 = y + h * newVy;

    // nobody passes a wall: two rounds of pushing back to `clearance`, then a last look
    if (nearestSolid < <f32>1.5 * max<f32>(abs<f32>(newX - x), abs<f32>(newY - y)) + <f32>1.5 * clearance) {
      let passed = false;
      for (let round = 0; round < 3; round++) {
        let hit = false;
        for (let w = nextWall(first, first, last, near); w < last; w = nextWall(w + 1, first, last, near)) {
          const segment = segments + <usize>t.integerAt(wallItems, w) * SEGMENT_BYTES;
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
      if (passed) {
        newX = x;
        newY = y;
        newVx = 0;
        newVy = 0;
      }
    }

    // portals: the area and sheet follow the person's centre
    if (nearestPortal < <f32>1.5 * max<f32>(abs<f32>(newX - x), abs<f32>(newY - y)) + <f32>0.1) {
      for (let w = nextWall(first, first, last, near); w < last; w = nextWall(w + 1, first, last, near)) {
        const segment = segments + <usize>t.integerAt(wallItems, w) * SEGMENT_BYTES;
        if (load<f32>(segment, 28) != 2) continue;
        const along = alongOf(segment, newX, newY);
        if (along < -0.05 || along > load<f32>(segment, 16) + <f32>0.05) continue;
        const oldSide = sideOf(segment, x, y), newSide = sideOf(segment, newX, newY);
        const left = <i32>load<f32>(segment, 44), right = <i32>load<f32>(segment, 48);
        const now = t.integerAt(areaOf, id);
        let mark = 0;
        if (oldSide >= 0 && newSide < 0 && now == left) {
          t.setInteger(areaOf, id, right);
          t.setInteger(sheetOf, id, <i32>load<f32>(segment, 56));
          mark = <i32>load<f32>(segment, 32) + 1;
        } else if (oldSide < 0 && newSide >= 0 && now == right) {
          t.setInteger(areaOf, id, left);
          t.setInteger(sheetOf, id, <i32>load<f32>(segment, 52));
          mark = -(<i32>load<f32>(segment, 32) + 1);
        }
        if (mark != 0) {
          // other walls count behind a portal
          t.setInteger(contactInfo, i, (info & INFO_PERSONS) | (WALLS_ALL << INFO_WALLS_SHIFT));
          if (t.integerAt(crossedA, id) == 0) t.setInteger(crossedA, id, mark);
          else t.setInteger(crossedB, id, mark);
        }
      }
    }

    v128.store(bodiesTo + (<usize>i << 4), f32x4(newX, newY, newVx, newVy));
    const strayX: f32 = newX - (t.floatAt(xs, id) + t.floatAt(vxs, id) * elapsed);
    const strayY: f32 = newY - (t.floatAt(ys, id) + t.floatAt(vys, id) * elapsed);
    if (strayX * strayX + strayY * strayY > margin * margin) t.setIntegerNumber(t.N_strayed, 1);
  }
}

/** Whether the bodies at two places can touch: standing, not the same, not out of everybody's reach, in one area or across an open portal. */
@inline function meets(i: i32, k: i32, traits: usize, aims: usize, contactInfo: usize): bool {
  if (k == i || t.integerAt(contactInfo, k) == 0 || load<f32>(traits + (<usize>k << 4)) <= 0) return false;
  const own = load<i32>(aims + (<usize>i << 4), 12), other = load<i32>(aims + (<usize>k << 4), 12);
  const area = own & 0xffff, otherArea = other & 0xffff;
  return otherArea == area || otherArea == own >> 16 || other >> 16 == area;
}

/** A load that has died away to less than this is none [N]. */
const LOAD_MIN: f32 = 0.001;

/**
 * Ends a run of `stepsDone` move steps of `h` seconds for the persons `from` … `to − 1` in cell order: writes places and speeds back
 * to the person table. Those who could touch nothing make all steps now, on their legs alone, four persons side by side.
 */
export function settleMotion(from: i32, to: i32, h: f32): void {
  const order = t.pointer(t.P_order), contactInfo = t.pointer(t.P_contactInfo), bodies = t.pointer(t.P_bodiesFrom);
  const xs = t.pointer(t.P_x), ys = t.pointer(t.P_y), vxs = t.pointer(t.P_vx), vys = t.pointer(t.P_vy);
  const chestLoad = t.pointer(t.P_chestLoad), wishX = t.pointer(t.P_wishX), wishY = t.pointer(t.P_wishY), push = t.pointer(t.P_pushNow);
  const wantX = t.pointer(t.P_wantX), wantY = t.pointer(t.P_wantY), masses = t.pointer(t.P_mass);
  const steps = t.integer(t.N_stepsDone), speedCap = t.number(t.N_speedCap), grip = t.number(t.N_grip);
  const h4 = f32x4.splat(h), rate4 = f32x4.splat(<f32>1 / t.number(t.N_relaxTime)), share4 = f32x4.splat(h / t.number(t.N_loadTime));
  const grip4 = f32x4.splat(grip), gripSquared4 = f32x4.splat(grip * grip), cap4 = f32x4.splat(speedCap), capSquared4 = f32x4.splat(speedCap * speedCap);
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
      let freeX = pick(xs, i0, i1, i2, i3), freeY = pick(ys, i0, i1, i2, i3), freeVx = pick(vxs, i0, i1, i2, i3), freeVy = pick(vys, i0, i1, i2, i3);
      const wish4x = pick(wishX, i0, i1, i2, i3), wish4y = pick(wishY, i0, i1, i2, i3), push4 = pick(push, i0, i1, i2, i3);
      const pushes = f32x4.ne(push4, zero4), mass4 = pick(masses, i0, i1, i2, i3);
      const pushX = f32x4.div(f32x4.mul(push4, pick(wantX, i0, i1, i2, i3)), mass4), pushY = f32x4.div(f32x4.mul(push4, pick(wantY, i0, i1, i2, i3)), mass4);
      let fading = load4;
      for (let k = 0; k < steps; k++) {
        let lx = f32x4.mul(f32x4.sub(wish4x, freeVx), rate4), ly = f32x4.mul(f32x4.sub(wish4y, freeVy), rate4);
        lx = v128.bitselect(f32x4.add(lx, pushX), lx, pushes);
        ly = v128.bitselect(f32x4.add(ly, pushY), ly, pushes);
        const strength = f32x4.add(f32x4.mul(lx, lx), f32x4.mul(ly, ly)), slips = f32x4.gt(strength, gripSquared4);
        if (v128.any_true(slips)) {
          const scale = f32x4.div(grip4, f32x4.sqrt(strength));
          lx = v128.bitselect(f32x4.mul(lx, scale), lx, slips);
          ly = v128.bitselect(f32x4.mul(ly, scale), ly, slips);
        }
        freeVx = f32x4.add(freeVx, f32x4.mul(h4, lx));
        freeVy = f32x4.add(freeVy, f32x4.mul(h4, ly));
        const squared = f32x4.add(f32x4.mul(freeVx, freeVx), f32x4.mul(freeVy, freeVy)), races = f32x4.gt(squared, capSquared4);
        if (v128.any_true(races)) {
          const scale = f32x4.div(cap4, f32x4.sqrt(squared));
          freeVx = v128.bitselect(f32x4.mul(freeVx, scale), freeVx, races);
          freeVy = v128.bitselect(f32x4.mul(freeVy, scale), freeVy, races);
        }
        freeX = f32x4.add(freeX, f32x4.mul(h4, freeVx));
        freeY = f32x4.add(freeY, f32x4.mul(h4, freeVy));
        fading = f32x4.sub(fading, f32x4.mul(fading, share4));
      }
      x = v128.bitselect(freeX, x, isFree);
      y = v128.bitselect(freeY, y, isFree);
      vx = v128.bitselect(freeVx, vx, isFree);
      vy = v128.bitselect(freeVy, vy, isFree);
      load4 = v128.bitselect(fading, load4, isFree);
    }
    putBack(xs, i0, i1, i2, i3, x);
    putBack(ys, i0, i1, i2, i3, y);
    putBack(vxs, i0, i1, i2, i3, vx);
    putBack(vys, i0, i1, i2, i3, vy);
    putBack(chestLoad, i0, i1, i2, i3, v128.andnot(load4, f32x4.lt(load4, f32x4.splat(LOAD_MIN))));
  }
}
