export { describeDoubt, formatSensitivity, type HarmCounts } from './describe-doubt.ts';
export { drawImport, type ImportPortal, type ImportSheet } from './draw-import.ts';
export * from './headline.ts';
export * from './narrate.ts';
export { renderCurveCsv, renderDoorsCsv, renderWaypointsCsv } from './render-csv.ts';
export { renderMarkdown } from './render-markdown.ts';
export { renderReport } from './render-report.ts';
export {
  headlineTracks,
  renderAreasCsv,
  renderPassedCsv,
  renderTracksMarkdown,
  renderTracksReport,
} from './render-tracks-report.ts';
export * from './timeline.ts';
