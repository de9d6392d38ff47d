import { Clipper, ClipType, FillRule, type Paths64, type PolyPath64, PolyTree64 } from 'clipper2-ts';

/**
 * The connected pieces of a region of whole numbers (rings that do not overlap, holes the other way round): each an outline followed by its
 * holes, in a fixed order.
 */
export function separatePieces(paths: Paths64): Paths64[] {
  if (paths.length === 0) return [];
  const tree = new PolyTree64();
  Clipper.booleanOpWithPolyTree(ClipType.Union, paths, null, tree, FillRule.NonZero);
  const pieces: Paths64[] = [];
  const visit = (outline: PolyPath64): void => {
    const piece: Paths64 = [outline.poly!];
    pieces.push(piece);
    for (let i = 0; i < outline.count; i++) {
      const hole = outline.child(i);
      piece.push(hole.poly!);
      for (let j = 0; j < hole.count; j++) visit(hole.child(j));
    }
  };
  for (let i = 0; i < tree.count; i++) visit(tree.child(i));
  return pieces;
}
