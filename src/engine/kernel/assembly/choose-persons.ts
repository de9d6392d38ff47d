import * as t from './table';
import * as plan from './plan';
import { CHOICE_ASKED, CHOICE_NONE, CHOOSE_EVERY, MARK_EXIT, MARK_NODE, WHY_LEARNT, WHY_START, WHYS } from './table';

/*
 * The next portal of each person; the kernel's copy of `findBestWay` in ../../choose-ways.ts, operation for operation, and of what `takeWay`
 * does for somebody who walks. Who leaves by the same exit as before is done with. Others are marked (in `unsensed`, which is free until they
 * sense): with `MARK_EXIT` who is on the way to another exit now, which the host tells, with the reason, from `choice`; with `MARK_NODE` whom
 * the host puts on a way, to the node in `choice`.
 */

const FIELD_SLACK: f64 = 1;
const INERTIA: f64 = 0.1;

const WALKING: i32 = 1;
const STRANDED: i32 = 4;
const UNCONSCIOUS: i32 = 2;

/** Rows of a route table: efforts from before the portal, walks, exits. */
@inline function behind(table: usize, node: i32): f64 { return load<f64>(<usize>load<u32>(table) + (<usize>node << 3)); }
@inline function walk(table: usize, node: i32): f64 { return load<f64>(<usize>load<u32>(table, 4) + (<usize>node << 3)); }
@inline function exitOf(table: usize, node: i32): i32 { return load<i32>(<usize>load<u32>(table, 8) + (<usize>node << 2)); }

/** Lower bound of what a travel field says to a portal, by its circle. */
@inline function leastWalk(portal: usize, x: f64, y: f64): f64 {
  const dx: f64 = x - plan.portalCircleX(portal), dy: f64 = y - plan.portalCircleY(portal);
  return max<f64>(0, sqrt<f64>(dx * dx + dy * dy) - plan.portalCircleRadius(portal) - FIELD_SLACK);
}

/** The node of the best way, `CHOICE_NONE`, or `CHOICE_ASKED` where a field is missing. `kept` is the portal that is favoured, or −1. */
function bestNode(table: usize, area: usize, x: f64, y: f64, kept: i32): i32 {
  const nodes = plan.areaNodes(area), count = plan.areaNodeCount(area);
  const scale = plan.areaEffort(area);
  let first = -1;
  for (let k = 0; k < count; k++) if (t.integerAt(nodes, k) >> 1 == kept) first = k;
  const isFavoured = first >= 0;
  const favour: f64 = isFavoured ? 1 - INERTIA : 1;
  if (!isFavoured) {
    let nearest: f64 = Infinity;
    for (let k = 0; k < count; k++) {
      const node = t.integerAt(nodes, k);
      const bound: f64 = scale * leastWalk(plan.portalRow(node >> 1), x, y) + behind(table, node);
      if (bound >= nearest) continue;
      nearest = bound;
      first = k;
    }
  }
  let least: f64 = Infinity, best = CHOICE_NONE;
  for (let k = first < 0 ? 0 : -1; k < count; k++) {
    if (k >= 0 && k == first) continue;
    const node = t.integerAt(nodes, k < 0 ? first : k);
    const rest = behind(table, node);
    if (rest == Infinity) continue;
    const portal = plan.portalRow(node >> 1);
    if (scale * leastWalk(portal, x, y) + rest > least) continue;
    const side = 1 - (node & 1), field = plan.portalField(portal, side);
    if (field == 0) return CHOICE_ASKED;
    const distance = plan.estimateField(portal, side, field, x, y);
    if (distance == plan.UNTOLD) return CHOICE_ASKED;
    const total: f64 = scale * distance + rest;
    const effort: f64 = k < 0 ? total * favour : total;
    if (effort > least || (effort == least && node > best)) continue;
    least = effort;
    best = node;
  }
  return best;
}

/**
 * Persons `from` … `to − 1` by id; whose turn it is follows from `turn`, the number of the decision.
 */
export function choosePersons(from: i32, to: i32, turn: f32): void {
  const rethinks = t.pointer(t.P_rethink), states = t.pointer(t.P_state), harms = t.pointer(t.P_harm);
  const areas = t.pointer(t.P_area), portals = t.pointer(t.P_portal), exits = t.pointer(t.P_exit);
  const choices = t.pointer(t.P_choice), slots = t.pointer(t.P_route), routes = t.pointer(t.P_routes);
  const marks = t.pointer(t.P_unsensed);
  const past = (from + <i32>turn) % CHOOSE_EVERY;
  // the next whose turn it is
  let due = past == 0 ? from : from + CHOOSE_EVERY - past;
  for (let i = from; i < to; i++) {
    // most have no reason: sixteen and four at once
    while (i + 16 <= min(due, to) && !v128.any_true(v128.load(rethinks + <usize>i))) i += 16;
    while (i + 4 <= min(due, to) && load<u32>(rethinks + <usize>i) == 0) i += 4;
    if (i == to) break;
    const isDue = i == due;
    if (isDue) due += CHOOSE_EVERY;
    const reason = t.byteAt(rethinks, i);
    if (reason == 0 && !isDue) continue;
    const state = t.byteAt(states, i);
    if ((state != WALKING && state != STRANDED) || t.byteAt(harms, i) >= UNCONSCIOUS) continue;
    const area = plan.areaRow(t.shortAt(areas, i));
    if (plan.areaIsOutside(area)) continue;
    const slot = <usize>load<u8>(slots + <usize>i);
    if (slot == 0) {
      t.setInteger(choices, i, CHOICE_ASKED);
      store<u8>(marks + <usize>i, MARK_NODE);
      continue;
    }
    const table = routes + slot * 12, portal = t.shortAt(portals, i);
    const x = <f64>t.floatAt(t.pointer(t.P_x), i), y = <f64>t.floatAt(t.pointer(t.P_y), i);
    const node = bestNode(table, area, x, y, reason == 0 ? portal : -1);
    if (node < 0 || state != WALKING) {
      t.setInteger(choices, i, node);
      store<u8>(marks + <usize>i, MARK_NODE);
      continue;
    }
    const rest = walk(table, node), exit = exitOf(table, node);
    t.setFloat(t.pointer(t.P_restWay), i, rest < Infinity ? <f32>rest : 0);
    if (node >> 1 != portal) {
      t.setShort(portals, i, node >> 1);
      t.setFloat(t.pointer(t.P_bestPotential), i, Infinity);
      t.setFloat(t.pointer(t.P_waitedTime), i, 0);
      t.setFloat(t.pointer(t.P_tryTime), i, 0);
    }
    t.setByte(rethinks, i, 0);
    const before = t.shortAt(exits, i);
    if (exit == before) continue;
    t.setShort(exits, i, exit);
    const why = before == -1 ? WHY_START : before < 0 ? WHY_LEARNT : reason;
    t.setInteger(choices, i, WHYS * exit + why);
    store<u8>(marks + <usize>i, MARK_EXIT);
  }
}
