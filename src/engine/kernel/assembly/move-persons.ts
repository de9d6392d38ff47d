import * as t from './table';
import { SEGMENT_BYTES, sumLanes } from './table';


/** First item and end of the wall list at a place of a sheet, as (start << 32 | end). */
@inline export function wallRange(sheets: usize, wallCellStart: usize, sheet: i32, x: f32, y: f32): u64 {
  const row = sheets + <usize>(sheet * 32);
  const inverse = load<f32>(row, 8);
  const columns = load<i32>(row, 12);
  const rows = load<i32>(row, 16);
  const base = load<i32>(row, 20);
  let column = <i32>((x - load<f32>(row)) * inverse);
  let line = <i32>((y - load<f32>(row, 4)) * inverse);
  column = min(max(column, 0), columns - 1);
  line = min(max(line, 0), rows - 1);
  const cell = base + line * columns + column;
  return ((<u64>t.integerAt(wallCellStart, cell)) << 32) | <u64>t.integerAt(wallCellStart, cell + 1);
}

/** Side of a portal or leaf line on which a place is: signed distance, left positive. */
@inline function sideOf(segment: usize, x: f32, y: f32): f32 {
  const ux = load<f32>(segment, 8), uy = load<f32>(segment, 12);
  return ux * (y - load<f32>(segment, 4)) - uy * (x - load<f32>(segment));
}
@inline function alongOf(segment: usize, x: f32, y: f32): f32 {
  const ux = load<f32>(segment, 8), uy = load<f32>(segment, 12);
  return (x - load<f32>(segment)) * ux + (y - load<f32>(segment, 4)) * uy;
}

/**
 * One move step of the persons `from` … `to − 1` in cell order: contact forces of persons and walls, semi-implicit Euler,
 * no passing through walls, portals crossed, chest load. Reads the sorted copies, writes the person table.
 */
export function movePersons(from: i32, to: i32, h: f32): void {
  const order = t.pointer(t.P_order), cellOf = t.pointer(t.P_cellOf), cellStart = t.pointer(t.P_cellStart);
  const sx = t.pointer(t.P_sortedX), sy = t.pointer(t.P_sortedY), svx = t.pointer(t.P_sortedVx), svy = t.pointer(t.P_sortedVy);
  const sr = t.pointer(t.P_sortedRadius), sm = t.pointer(t.P_sortedMass);
  const sarea = t.pointer(t.P_sortedArea), snear = t.pointer(t.P_sortedNear);
  const xs = t.pointer(t.P_x), ys = t.pointer(t.P_y), vxs = t.pointer(t.P_vx), vys = t.pointer(t.P_vy);
  const wantX = t.pointer(t.P_wantX), wantY = t.pointer(t.P_wantY), wishX = t.pointer(t.P_wishX), wishY = t.pointer(t.P_wishY);
  const pushNow = t.pointer(t.P_pushNow), chestLoad = t.pointer(t.P_chestLoad), chestLoadMax = t.pointer(t.P_chestLoadMax);
  const sheetOf = t.pointer(t.P_sheet), areaOf = t.pointer(t.P_area);
  const crossedA = t.pointer(t.P_crossedA), crossedB = t.pointer(t.P_crossedB);
  const touched = t.pointer(t.P_touched), leafImpulse = t.pointer(t.P_leafImpulse);
  const sheets = t.pointer(t.P_sheets), segments = t.pointer(t.P_segments);
  const wallStart = t.pointer(t.P_wallCellStart), wallItems = t.pointer(t.P_wallCellItems);
  const columns = t.integer(t.N_gridColumns);
  const stiffness = t.number(t.N_stiffness), dampingShare = t.number(t.N_dampingShare), capShare = t.number(t.N_capShare);
  const friction = t.number(t.N_friction), slide = t.number(t.N_slideDamping), relaxTime = t.number(t.N_relaxTime);
  const speedCap = t.number(t.N_speedCap), clearance = t.number(t.N_clearance), loadTime = t.number(t.N_loadTime), grip = t.number(t.N_grip);
  const capRate: f32 = capShare / h;
  const loadShare: f32 = h / loadTime;
  const relaxRate: f32 = <f32>1 / relaxTime;

  const stiffness4 = f32x4.splat(stiffness), dampingShare4 = f32x4.splat(dampingShare), capRate4 = f32x4.splat(capRate);
  const friction4 = f32x4.splat(friction), slide4 = f32x4.splat(slide), zero4 = f32x4.splat(0), tiny4 = f32x4.splat(1e-12);
  const lanes = i32x4(0, 1, 2, 3);

  for (let i = from; i < to; i++) {
    const id = t.integerAt(order, i);
    const x = t.floatAt(sx, i), y = t.floatAt(sy, i), vx = t.floatAt(svx, i), vy = t.floatAt(svy, i);
    const radius = t.floatAt(sr, i), mass = t.floatAt(sm, i);
    const area = t.integerAt(sarea, i), near = t.integerAt(snear, i);
    const x4 = f32x4.splat(x), y4 = f32x4.splat(y), vx4 = f32x4.splat(vx), vy4 = f32x4.splat(vy);
    const radius4 = f32x4.splat(radius), mass4 = f32x4.splat(mass);
    const area4 = i32x4.splat(area), near4 = i32x4.splat(near), self4 = i32x4.splat(i);
    let fx4 = zero4, fy4 = zero4, sxx4 = zero4, sxy4 = zero4, syy4 = zero4;

    const cell = t.integerAt(cellOf, id);
    for (let line = -1; line <= 1; line++) {
      const middle = cell + line * columns;
      const start = t.integerAt(cellStart, middle - 1), end = t.integerAt(cellStart, middle + 2);
      const end4 = i32x4.splat(end);
      for (let k = start; k < end; k += 4) {
        const at = <usize>k << 2;
        const dx = f32x4.sub(x4, v128.load(sx + at)), dy = f32x4.sub(y4, v128.load(sy + at));
        const squared = f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy));
        const reach = f32x4.add(radius4, v128.load(sr + at));
        const index = i32x4.add(i32x4.splat(k), lanes);
        const otherArea = v128.load(sarea + at);
        let mask = v128.and(f32x4.lt(squared, f32x4.mul(reach, reach)), v128.and(i32x4.lt_s(index, end4), i32x4.ne(index, self4)));
        mask = v128.and(mask, v128.or(i32x4.eq(otherArea, area4), v128.or(i32x4.eq(otherArea, near4), i32x4.eq(v128.load(snear + at), area4))));
        if (!v128.any_true(mask)) continue;
        const distance = f32x4.sqrt(f32x4.max(squared, tiny4));
        const nx = f32x4.div(dx, distance), ny = f32x4.div(dy, distance);
        const dvx = f32x4.sub(vx4, v128.load(svx + at)), dvy = f32x4.sub(vy4, v128.load(svy + at));
        const otherMass = v128.load(sm + at);
        const reduced = f32x4.div(f32x4.mul(mass4, otherMass), f32x4.add(mass4, otherMass));
        const cap = f32x4.mul(capRate4, reduced);
        const damping = f32x4.min(f32x4.mul(dampingShare4, f32x4.sqrt(f32x4.mul(stiffness4, reduced))), cap);
        const normalSpeed = f32x4.add(f32x4.mul(dvx, nx), f32x4.mul(dvy, ny));
        const normal = f32x4.max(zero4, f32x4.sub(f32x4.mul(stiffness4, f32x4.sub(reach, distance)), f32x4.mul(damping, normalSpeed)));
        const slideSpeed = f32x4.sub(f32x4.mul(dvy, nx), f32x4.mul(dvx, ny));
        const limit = f32x4.mul(friction4, normal);
        const tangential = f32x4.min(limit, f32x4.max(f32x4.neg(limit), f32x4.neg(f32x4.mul(f32x4.min(slide4, cap), slideSpeed))));
        fx4 = f32x4.add(fx4, v128.and(mask, f32x4.sub(f32x4.mul(nx, normal), f32x4.mul(ny, tangential))));
        fy4 = f32x4.add(fy4, v128.and(mask, f32x4.add(f32x4.mul(ny, normal), f32x4.mul(nx, tangential))));
        const px = f32x4.mul(nx, normal);
        sxx4 = f32x4.add(sxx4, v128.and(mask, f32x4.mul(px, nx)));
        sxy4 = f32x4.add(sxy4, v128.and(mask, f32x4.mul(px, ny)));
        syy4 = f32x4.add(syy4, v128.and(mask, f32x4.mul(f32x4.mul(ny, normal), ny)));
      }
    }
    let fx = sumLanes(fx4), fy = sumLanes(fy4), sxx = sumLanes(sxx4), sxy = sumLanes(sxy4), syy = sumLanes(syy4);

    const sheet = t.integerAt(sheetOf, id);
    const range = wallRange(sheets, wallStart, sheet, x, y);
    const first = <i32>(range >> 32), last = <i32>(range & 0xffffffff);
    for (let w = first; w < last; w++) {
      const segment = segments + <usize>t.integerAt(wallItems, w) * SEGMENT_BYTES;
      if (load<f32>(segment, 36) == 0) continue;
      const kind = load<f32>(segment, 28);
      const ux = load<f32>(segment, 8), uy = load<f32>(segment, 12), length = load<f32>(segment, 16);
      const rx: f32 = x - load<f32>(segment), ry: f32 = y - load<f32>(segment, 4);
      const along: f32 = rx * ux + ry * uy;
      let nx: f32 = 0, ny: f32 = 0, distance: f32 = 0;
      if (along >= 0) {
        if (along > length) continue;
        distance = ux * ry - uy * rx;
        nx = -uy;
        ny = ux;
        if (distance < 0) {
          if (kind != 1) continue;
          distance = -distance;
          nx = uy;
          ny = -ux;
        }
        if (distance >= radius) continue;
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
      const wallCap: f32 = capRate * mass;
      const wallDamping: f32 = min<f32>(dampingShare * sqrt<f32>(stiffness * mass), wallCap);
      const wallSlide: f32 = min<f32>(slide, wallCap);
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

    // chest load: half the larger principal value of Σ fn·n⊗n, low-passed
    const half: f32 = 0.5;
    const mean: f32 = half * (sxx + syy), difference: f32 = half * (sxx - syy);
    // nobody touched: the same zero without the root
    const load4: f32 = mean == 0 ? <f32>0 : half * (mean + sqrt<f32>(difference * difference + sxy * sxy));
    const before = t.floatAt(chestLoad, id);
    const after: f32 = before + (load4 - before) * loadShare;
    t.setFloat(chestLoad, id, after);
    t.setFloat(chestLoadMax, id, max<f32>(t.floatAt(chestLoadMax, id), after));

    const push = t.floatAt(pushNow, id);
    // what the legs do, within the grip of the floor
    let legX: f32 = (t.floatAt(wishX, id) - vx) * relaxRate, legY: f32 = (t.floatAt(wishY, id) - vy) * relaxRate;
    if (push != 0) {
      legX = legX + (push * t.floatAt(wantX, id)) / mass;
      legY = legY + (push * t.floatAt(wantY, id)) / mass;
    }
    const legSquared: f32 = legX * legX + legY * legY;
    if (legSquared > grip * grip) {
      const scale: f32 = grip / sqrt<f32>(legSquared);
      legX = legX * scale;
      legY = legY * scale;
    }
    let ax = legX, ay = legY;
    if (fx != 0 || fy != 0) {
      ax = legX + fx / mass;
      ay = legY + fy / mass;
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
    let passed = false;
    for (let round = 0; round < 3 && first < last; round++) {
      let hit = false;
      for (let w = first; w < last; w++) {
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

    // portals: the area and sheet follow the person's centre
    for (let w = first; w < last; w++) {
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
        if (t.integerAt(crossedA, id) == 0) t.setInteger(crossedA, id, mark);
        else t.setInteger(crossedB, id, mark);
      }
    }

    t.setFloat(xs, id, newX);
    t.setFloat(ys, id, newY);
    t.setFloat(vxs, id, newVx);
    t.setFloat(vys, id, newVy);
  }
}
